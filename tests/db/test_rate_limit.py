"""The rate limit of a channel over all processes, with a real Postgres."""

import asyncio
import functools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.documents.delivery import PATIENCE, next_turn, unused
from schemas.documents.delivery import Turn
from storage.connections import Pool
from storage.deliveries import hold, take_turn
from storage.pool import open_pool
from tests.support.budget import examples

START = datetime(2030, 1, 1, tzinfo=UTC)
NAMES = (f"robot-{number}" for number in count())


@pytest.fixture
async def another_process(database_url: str) -> AsyncIterator[Pool]:
    """A pool like that of another worker."""
    opened = await open_pool(database_url)
    yield opened
    await opened.close()


async def ask(pool: Pool, channel: str, interval: timedelta, now: datetime) -> Turn:
    """Reserves a turn as a delivery does."""
    return await take_turn(pool, channel, unused(now), functools.partial(next_turn, interval=interval, now=now))


async def gone_out(pools: tuple[Pool, ...], channel: str, interval: timedelta, asks: list[list[float]]) -> list[float]:
    """The send times of documents in seconds: each list of requests is made at once, alternating between the pools."""
    turns = []
    for moments in asks:
        nows = [START + timedelta(seconds=moment) for moment in moments]
        given_now = await asyncio.gather(
            *(ask(pools[place % len(pools)], channel, interval, now) for place, now in enumerate(nows))
        )
        turns += [
            (now - START + turn.wait).total_seconds() for now, turn in zip(nows, given_now, strict=True) if turn.granted
        ]
    return sorted(turns)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    times=st.integers(1, 30),
    period=st.sampled_from([1, 7, 60]),
    asks=st.lists(st.lists(st.floats(0, 200), min_size=1, max_size=8), min_size=1, max_size=10),
)
async def test_rate_limit_never_exceeded_in_any_window(
    pool: Pool, another_process: Pool, times: int, period: int, asks: list[list[float]]
) -> None:
    interval = timedelta(microseconds=-(-period * 1_000_000 // times))

    turns = await gone_out((pool, another_process), next(NAMES), interval, asks)

    for place, first in enumerate(turns):
        in_window = [turn for turn in turns[place:] if turn < first + period - 1e-5]
        assert len(in_window) <= times


async def test_concurrent_callers_given_successive_turns(pool: Pool) -> None:
    minute = timedelta(seconds=3)  # twenty a minute
    waiting, asked, sent = [START] * 40, 0, []

    while waiting:
        now, *waiting = sorted(waiting)
        turn = await ask(pool, "robot", minute, now)
        asked += 1
        if turn.granted:
            sent.append(now + turn.wait)
        else:
            waiting.append(now + turn.wait)

    assert sent == [START + place * minute for place in range(40)]
    assert asked <= 3 * 40


async def test_near_turn_granted_and_later_turn_not_reserved(pool: Pool) -> None:
    first = await ask(pool, "robot", PATIENCE / 2, START)
    second = await ask(pool, "robot", timedelta(minutes=1), START)
    third = await ask(pool, "robot", timedelta(minutes=1), START)
    late = await ask(pool, "robot", timedelta(minutes=1), START + timedelta(hours=1))

    assert (first.granted, first.wait) == (True, timedelta())
    assert (second.granted, second.wait) == (True, PATIENCE / 2)
    assert not third.granted and third.wait == PATIENCE / 2 + timedelta(minutes=1)
    assert (late.granted, late.wait) == (True, timedelta())


async def test_channels_do_not_wait_for_each_other(pool: Pool) -> None:
    await ask(pool, "one", timedelta(hours=1), START)

    assert (await ask(pool, "another", timedelta(hours=1), START)).granted


async def test_a_channel_that_asks_for_rest_gets_it_from_everybody(pool: Pool, another_process: Pool) -> None:
    await hold(pool, "robot", START + timedelta(minutes=10))
    await hold(pool, "robot", START + timedelta(minutes=5))

    turn = await ask(another_process, "robot", timedelta(seconds=3), START)

    assert not turn.granted and timedelta(minutes=10) <= turn.wait < timedelta(minutes=11)
