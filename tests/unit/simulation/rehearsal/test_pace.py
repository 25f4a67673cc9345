"""How fast a stepped clock goes: days last at least so long, and an engine that is not ready is waited for."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from simulation.rehearsal.pace import StepPace

ORIGIN = datetime(2021, 7, 17, tzinfo=UTC)
DAY = timedelta(days=1)


async def test_without_a_length_of_day_nothing_is_waited_for() -> None:
    pace, began = StepPace(ORIGIN, 0.0), time.monotonic()
    for day in range(100):
        await pace.until(ORIGIN + day * DAY)
    assert time.monotonic() - began < 1
    assert pace.now() == ORIGIN + 99 * DAY
    assert pace.waited_seconds == 0


async def test_a_day_lasts_at_least_so_long() -> None:
    pace, began = StepPace(ORIGIN, 0.05), time.monotonic()
    for day in range(5):
        await pace.until(ORIGIN + day * DAY)
    assert time.monotonic() - began >= 0.19
    assert pace.waited_seconds < 0.1


async def test_the_clock_waits_for_a_slow_engine_and_does_not_catch_up() -> None:
    pace = StepPace(ORIGIN, 0.05)
    await pace.until(ORIGIN)
    await asyncio.sleep(0.25)  # the engine has not answered
    await pace.until(ORIGIN + DAY)
    assert pace.waited_seconds >= 0.15
    began = time.monotonic()
    await pace.until(ORIGIN + 2 * DAY)
    assert time.monotonic() - began >= 0.03, "the next day has its whole length"


async def test_what_a_board_shows_never_passes_what_is_awaited() -> None:
    pace = StepPace(ORIGIN, 0.2)
    assert pace.now() == ORIGIN
    await pace.until(ORIGIN)
    waiting = asyncio.create_task(pace.until(ORIGIN + DAY))
    await asyncio.sleep(0.1)
    assert ORIGIN < pace.now() < ORIGIN + DAY
    await waiting
    await asyncio.sleep(0.1)
    assert pace.now() == ORIGIN + DAY
    await pace.until(ORIGIN + DAY / 2)
    assert pace.now() == ORIGIN + DAY, "time never goes back"
