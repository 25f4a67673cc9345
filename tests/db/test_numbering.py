"""Numbers of documents: a sequence for each series and year, without gaps, with concurrent and failing callers."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import asyncpg
import pytest

from schemas.ledger import RecordBatch
from storage.connections import Connection, Pool
from storage.documents import number
from storage.pool import open_pool
from storage.recorder import Recorder
from tests.support.small_campaign import Diary, draft, rendered, start_campaign

SERIES = ("豫自然资督", "豫公督")


@pytest.fixture
async def other_pool(database_url: str) -> AsyncIterator[Pool]:
    """Another worker's pool."""
    opened = await open_pool(database_url)
    yield opened
    await opened.close()


async def given(pool: Pool) -> dict[tuple[str, int], list[int]]:
    """The numbers of each series and year, in order."""
    rows = await pool.fetch("select series, year, n from document_number order by series, year, n")
    found: dict[tuple[str, int], list[int]] = {}
    for row in rows:
        found.setdefault((row["series"], row["year"]), []).append(row["n"])
    return found


async def issue(pool: Pool, desk: Diary, *keys: str) -> None:
    """Numbers and records the documents of a dispatch, as their city does."""
    entries = tuple(desk.write("document_issued") for _ in keys)
    burst = RecordBatch(
        campaign_id="henan", subject="city", city="410400", entries=entries,
        documents=tuple(draft(key) for key in keys),
    )  # fmt: skip
    await Recorder(pool).record(burst, [rendered(key) for key in keys])


async def test_number_series_starts_at_one_per_year_and_agency(pool: Pool) -> None:
    first = await number(pool, "henan", 2021, [("a", "督"), ("b", "督"), ("c", "公")])
    assert first == {"a": 1, "b": 2, "c": 1}
    assert await number(pool, "henan", 2021, [("d", "督")]) == {"d": 3}
    assert await number(pool, "henan", 2022, [("e", "督")]) == {"e": 1}
    assert await number(pool, "henan", 2021, [("f", "督")]) == {"f": 4}


async def test_a_document_keeps_the_number_that_it_has(pool: Pool) -> None:
    assert await number(pool, "henan", 2021, [("a", "督"), ("b", "督")]) == {"a": 1, "b": 2}
    assert await number(pool, "henan", 2021, [("b", "督"), ("c", "督"), ("a", "督")]) == {"a": 1, "b": 2, "c": 3}


async def test_campaigns_of_one_series_share_its_sequence(pool: Pool) -> None:
    assert await number(pool, "henan", 2021, [("henan/1:a", "督")]) == {"henan/1:a": 1}
    assert await number(pool, "second", 2021, [("second/1:a", "督")]) == {"second/1:a": 2}


async def test_concurrent_numbering_by_two_workers_leaves_no_gap(pool: Pool, other_pool: Pool) -> None:
    wanted = [
        (campaign, [(f"{campaign}/{city}:{kind}", SERIES[kind % 2]) for kind in range(5)])
        for campaign in ("henan", "second")
        for city in range(12)
    ]
    answers = await asyncio.gather(
        # Each city numbers twice at the same time, as an activity does whose first attempt timed out.
        *(number(which, campaign, 2021, keys) for which in (pool, other_pool) for campaign, keys in wanted)
    )
    numbers = {(series, 2021): list(range(1, 1 + 24 * share)) for series, share in zip(SERIES, (3, 2), strict=True)}
    assert await given(pool) == numbers
    for one, again in zip(answers[:24], answers[24:], strict=True):
        assert one == again, "a key has one number"
    assert all(list(one.values())[::2] == sorted(list(one.values())[::2]) for one in answers), "in the order asked"


async def test_who_gives_up_in_the_middle_of_numbering_leaves_no_gap(pool: Pool, other_pool: Pool) -> None:
    asked: list[list[tuple[str, str]]] = []

    async def desk(which: Pool, seed: int) -> int:
        own, gave_up = Random(seed), 0
        for turn in range(6):
            keys = [(f"henan/{seed}-{turn}:{n}", own.choice(SERIES)) for n in range(own.randint(1, 4))]
            asked.append(keys)
            for _ in range(own.randint(0, 3)):
                attempt = asyncio.create_task(number(which, "henan", 2021, keys))
                await asyncio.sleep(own.random() * 0.02)
                gave_up += attempt.cancel()
                await asyncio.gather(attempt, return_exceptions=True)
            await number(which, "henan", 2021, keys)
        return gave_up

    gave_up = await asyncio.gather(*(desk(which, seed) for seed, which in enumerate((pool, other_pool) * 4)))
    assert sum(gave_up) > 10, "many were cut off"
    found = await given(pool)
    for series in SERIES:
        of_series = sum(one == series for keys in asked for _, one in keys)
        assert found[series, 2021] == list(range(1, of_series + 1))


async def test_connection_killed_during_numbering_leaves_no_gap(pool: Pool, superuser: Connection) -> None:
    wanted = [("a", "督"), ("b", "督"), ("c", "督")]
    # Another transaction locks the third key: the city has assigned two numbers and waits.
    await superuser.execute("begin; insert into document_number values ('c', '另', 2021, 1, 'henan')")
    call = asyncio.create_task(number(pool, "henan", 2021, wanted))
    for _ in range(500):
        if await superuser.fetchval("select exists (select from pg_locks where not granted)"):
            break
        await asyncio.sleep(0.01)
    await superuser.execute("select pg_terminate_backend(pid) from pg_locks where not granted")
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await call
    await superuser.execute("rollback")
    assert await given(pool) == {}
    assert await number(pool, "henan", 2021, wanted) == {"a": 1, "b": 2, "c": 3}


async def test_number_of_unissued_document_reused_by_same_city(pool: Pool) -> None:
    await start_campaign(pool)
    desk = Diary("city/henan/410400")
    wanted = [("henan/410400:reminder:1:2021-08-02", "督"), ("henan/410400:no_receipt:0:2021-08-02", "督")]
    assert list((await number(pool, "henan", 2021, wanted)).values()) == [1, 2]
    assert list((await number(pool, "henan", 2021, [("henan/410600:reminder:1:2021-08-02", "督")])).values()) == [3]
    # The city was lost before it issued them. A day later its own notice has another day; the reminder keeps its day.
    later = "henan/410400:no_receipt:0:2021-08-03"
    again = await number(pool, "henan", 2021, [(later, "督"), wanted[0]])
    assert again == {later: 2, wanted[0][0]: 1}
    await issue(pool, desk, later, wanted[0][0])
    assert await number(pool, "henan", 2021, [("henan/410400:circular:3:2021-08-04", "督")]) == {
        "henan/410400:circular:3:2021-08-04": 4
    }
    assert await given(pool) == {("督", 2021): [1, 2, 3, 4]}


async def test_reserved_number_not_used_by_other_city_series_or_year(pool: Pool) -> None:
    await number(pool, "henan", 2021, [("henan/410400:a", "督")])
    assert await number(pool, "henan", 2021, [("henan/410600:b", "督")]) == {"henan/410600:b": 2}
    assert await number(pool, "henan", 2021, [("henan/410400:b", "公")]) == {"henan/410400:b": 1}
    assert await number(pool, "henan", 2022, [("henan/410400:c", "督")]) == {"henan/410400:c": 1}
