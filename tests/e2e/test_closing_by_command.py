"""The verdict that closes a site, given while other things arrive, and given again when nobody is there any more."""

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from tests.support.command_line import CITY, CITY_JUDGE, COUNTY, CommandLine
from tests.workflow.conftest import polled

pytestmark = pytest.mark.timeout(240)

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


def nearly_closed(shell: CommandLine, campaign: str) -> tuple[str, tuple[str, ...]]:
    """A site that lacks the last level's verdict, and that verdict."""
    site = f"{campaign}/{campaign}-3"
    shell.open_north(campaign)
    shell.run("complete", site, "signs", "--quantity", "2", "--as", CITY)
    shell.run("verify", site, "county", "--pass", "--as", COUNTY)
    return site, ("verify", site, "city", "--pass", "--as", CITY_JUDGE, "--wait", "50s", "--command-id", "last")


async def test_closing_verdict_answered_despite_concurrent_signal(
    shell: CommandLine, owner: asyncpg.Connection
) -> None:
    with shell.worker(), ThreadPoolExecutor(1) as other_terminal:
        site, closes = await asyncio.to_thread(nearly_closed, shell, "closing")
        async with owner.transaction():
            await owner.execute("lock table ledger in exclusive mode")
            asked = other_terminal.submit(shell.process, *closes, "--json")
            await a_record_waits(owner)
            # It arrives inside the workflow task that would end the workflow, which the server then does not take.
            late = ("complete", site, "signs", "--quantity", "2", "--signal", "--as", CITY)
            assert "kept" in await asyncio.to_thread(shell.run, *late)
        said: str = await asyncio.wrap_future(asked)
        answer = json.loads(said)
        assert answer["verdict"] in ("accepted", "duplicate") and answer["state"]["stage"] == "closed"
    assert [entry["kind"] for entry in shell.data("ledger", site)].count("closed") == 1


def test_closing_verdict_repeated_counts_once(shell: CommandLine) -> None:
    with shell.worker():
        site, closes = nearly_closed(shell, "repeated")
        assert shell.data(*closes, "--signal")["verdict"] == "kept"
        shell.until(lambda: shell.stages("repeated").get("closed") == 1)
        again = shell.data(*closes)
        assert (again["verdict"], again["state"]["stage"]) == ("duplicate", "closed")
        other = ("verify", site, "city", "--fail", "no", "--as", CITY_JUDGE, "--command-id", "last")
        assert "was used before for another content" in shell.run(*other, code=1)
        assert "the site was closed" in shell.run("verify", site, "city", "--pass", "--as", CITY_JUDGE, code=1)
    assert [entry["kind"] for entry in shell.data("ledger", site)].count("closed") == 1
