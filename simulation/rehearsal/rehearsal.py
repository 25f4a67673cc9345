"""A rehearsal: the simulated people of a forecast, against the real engine, in compressed time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from temporalio.client import Client

from rules.calendar import start_of
from rules.terms.plan import ends_at
from runtime.campaign_start import start_campaign
from runtime.real_time import real_now
from schemas.clock import Clock
from schemas.errors import Refused
from schemas.options.surveys import PlannedSurvey
from schemas.plan import FrozenPlan
from schemas.register import RejectedRow, Site
from schemas.streams import campaign_stream
from simulation.behaviour.temperament import Temperament
from simulation.people.everybody import People
from simulation.rehearsal.driver import Driver
from simulation.rehearsal.notice_board import LOOK_SECONDS, NoticeBoard
from simulation.rehearsal.pulse import Pulse, Tally
from simulation.rehearsal.sender import Sender
from simulation.rehearsal.survey_entry import Entry
from storage.connections import Pool
from storage.documents import undelivered
from storage.status import campaign_status

_HEAD_START = timedelta(milliseconds=500)
"""Real time before the first midnight, in which plan and register are written."""
_TICK_SECONDS = 0.25
_DELIVERED_WITHIN = 30.0
"""Seconds for the last documents to leave."""

OnProgress = Callable[[Pulse], None]


@dataclass(frozen=True, slots=True)
class RehearsalResult:
    """How it went. `closed_as` is `closed`; `as_of` is campaign time when the last document had left."""

    campaign_id: str
    closed_as: str
    as_of: datetime
    tally: Tally


def compressed_clock(frozen: FrozenPlan, day_seconds: float, now: datetime) -> Clock:
    """A clock on which a campaign day lasts so many real seconds; the plan's first day begins in a moment."""
    return Clock(
        real_origin=now + _HEAD_START,
        campaign_origin=start_of(frozen.calendar, frozen.plan.starts_on),
        rate=timedelta(days=1).total_seconds() / day_seconds,
    )


async def rehearse(
    client: Client,
    pool: Pool,
    frozen: FrozenPlan,
    sites: Sequence[Site],
    clock: Clock,
    temperament: Temperament,
    seed: int,
    *,
    on_progress: OnProgress,
    rejected: Sequence[RejectedRow] = (),
    task_queue: str = "hundred-days",
    surveys: Sequence[PlannedSurvey] = (),
) -> RehearsalResult:
    """Start the campaign, let the people act, and wait for its closing report.

    A worker must serve `task_queue` on the same servers, made for compressed clocks. `on_progress` is called about
    four times a second; it must be quick.

    Raises:
        Refused: the campaign was started before: a rehearsal needs servers of its own.
    """
    launch = await start_campaign(client, pool, frozen, sites, clock, rejected, task_queue)
    if not launch.started:
        raise Refused(f"campaign {launch.campaign_id} runs here already; a rehearsal needs servers of its own")
    people = People(frozen, sites, temperament, seed, surveys)
    entry = Entry(pool, launch.campaign_id, surveys)
    driver = Driver(people, Sender(client, clock, ends_at(frozen), entry.before), clock)
    campaign = client.get_workflow_handle(campaign_stream(launch.campaign_id), result_type=str)
    async with _ticking(pool, launch.campaign_id, clock, driver.tally, on_progress):
        async with _acting(driver, NoticeBoard(pool, launch.campaign_id, launch.issues_at), launch.issues_at):
            closed_as = await campaign.result()
        await _all_delivered(pool, launch.campaign_id)
    as_of = clock.campaign_time(real_now())
    tally = replace(driver.tally)
    on_progress(Pulse(as_of, tally, await campaign_status(pool, launch.campaign_id, as_of), ended=True))
    return RehearsalResult(launch.campaign_id, closed_as, as_of, tally)


@contextlib.asynccontextmanager
async def _acting(driver: Driver, board: NoticeBoard, issued_at: datetime) -> AsyncIterator[None]:
    """The people act, and read of documents as they come, until the block ends; a fault of theirs ends it."""

    async def read() -> None:
        while True:
            driver.hear(await board.look())
            await asyncio.sleep(LOOK_SECONDS)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(driver.run(issued_at))
        reader = tasks.create_task(read())
        yield
        reader.cancel()
        driver.close()


@contextlib.asynccontextmanager
async def _ticking(
    pool: Pool, campaign_id: str, clock: Clock, tally: Tally, on_progress: OnProgress
) -> AsyncIterator[None]:
    """Reads the status and says it, once a tick; a fault of the reader ends the rehearsal."""

    async def tick() -> None:
        while True:
            now = clock.campaign_time(real_now())
            on_progress(Pulse(now, replace(tally), await campaign_status(pool, campaign_id, now)))
            await asyncio.sleep(_TICK_SECONDS)

    async with asyncio.TaskGroup() as tasks:
        ticker = tasks.create_task(tick())
        yield
        ticker.cancel()


async def _all_delivered(pool: Pool, campaign_id: str) -> None:
    """Deliveries are workflows of their own, and the last ones may still be under way."""
    for _ in range(int(_DELIVERED_WITHIN / _TICK_SECONDS)):
        if not await undelivered(pool, campaign_id):
            return
        await asyncio.sleep(_TICK_SECONDS)
