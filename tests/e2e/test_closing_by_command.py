"""The verdict that closes a site, given while other things arrive, and given again when nobody is there any more."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from tests.e2e.command_line import CITY, COUNTY, EXPERT, CommandLine
from tests.workflow.conftest import polled

pytestmark = [pytest.mark.timeout(240), pytest.mark.xdist_group("provinces by command")]

SITE = "closing/closing-3"
CLOSES = ("verify", SITE, "city", "--pass", "--as", EXPERT, "--wait", "50s", "--command-id", "last")
WAITING = "select count(*) from pg_locks where not granted and locktype = 'relation'"


@pytest.fixture
async def owner(shell: CommandLine) -> AsyncIterator[asyncpg.Connection]:
    """Who may lock the ledger, which the engine's own role may only append to."""
    connection = await asyncpg.connect(shell.environment["HUNDRED_DAYS_POSTGRES_URL"])
    yield connection
    await connection.close()


async def a_record_waits(owner: asyncpg.Connection) -> None:
    """Until somebody waits for the lock that the test holds."""
    async for waiting in polled(lambda: owner.fetchval(WAITING)):
        if waiting:
            return


async def test_the_verdict_that_closes_a_site_is_answered_whatever_arrives_meanwhile_and_again_afterwards(
    shell: CommandLine, owner: asyncpg.Connection
) -> None:
    with shell.worker(), ThreadPoolExecutor(1) as other_terminal:
        await asyncio.to_thread(shell.open_north, "closing")
        await asyncio.to_thread(shell.run, "complete", SITE, "signs", "--quantity", "2", "--as", CITY)
        await asyncio.to_thread(shell.run, "verify", SITE, "county", "--pass", "--as", COUNTY)
        async with owner.transaction():
            await owner.execute("lock table ledger in exclusive mode")
            asked = other_terminal.submit(shell.data, *CLOSES)
            await a_record_waits(owner)
            # It arrives inside the workflow task that would end the workflow, which the server then does not take.
            late = await asyncio.to_thread(
                shell.run, "complete", SITE, "signs", "--quantity", "2", "--signal", "--as", CITY
            )
            assert "kept" in late
        answer = await asyncio.wrap_future(asked)
        assert answer["verdict"] in ("accepted", "duplicate") and answer["state"]["stage"] == "closed"
        await asyncio.to_thread(shell.until, lambda: shell.stages("closing").get("closed") == 1)
        again = await asyncio.to_thread(shell.data, *CLOSES)
        assert (again["verdict"], again["state"]["stage"]) == ("duplicate", "closed")
        other = await asyncio.to_thread(
            shell.run, "verify", SITE, "city", "--fail", "no", "--as", EXPERT, "--command-id", "last", code=1
        )  # fmt: skip
        assert "was used before for another content" in other
    kinds = [entry["kind"] for entry in shell.data("ledger", SITE)]
    assert kinds.count("closed") == 1 and kinds.count("verified") <= 2
