"""The rehearsal of a campaign on running servers: simulated people, the real engine, a compressed or stepped clock."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle

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
from simulation.people.signers import begins_at, starter
from simulation.rehearsal.database import READ_SECONDS, NewDocuments, SurveyRegistration
from simulation.rehearsal.driver import Driver
from simulation.rehearsal.pace import StepPace
from simulation.rehearsal.pulse import Pulse, Tally
from simulation.rehearsal.sender import Sender
from simulation.rehearsal.step_sender import StepSender
from simulation.rehearsal.stepper import Stepper
from storage.campaigns import set_clock
from storage.connections import Pool
from storage.documents import undelivered
from storage.status import campaign_status

_HEAD_START = timedelta(milliseconds=500)
"""Real time before the first midnight, for writing plan and register."""
_TICK_SECONDS = 0.25
_FASTEST = 86400.0
"""Highest rate of a stepped clock, in campaign seconds per real second: a day a second."""
_DELIVERED_WITHIN = 30.0
"""Seconds to wait for the last deliveries."""

OnProgress = Callable[[Pulse], None]


@dataclass(frozen=True, slots=True)
class RehearsalResult:
    """The end of a rehearsal; `as_of` is campaign time after the last delivery."""

    campaign_id: str
    closed_as: str | None
    """`closed`; None if the rehearsal was stopped before."""
    as_of: datetime
    tally: Tally


def compressed_clock(frozen: FrozenPlan, day_seconds: float, now: datetime) -> Clock:
    """A clock on which a campaign day lasts `day_seconds`; the day of the start begins half a second after `now`."""
    return Clock(
        real_origin=now + _HEAD_START,
        campaign_origin=begins_at(frozen),
        rate=timedelta(days=1).total_seconds() / day_seconds,
    )


def stepped_clock(frozen: FrozenPlan) -> Clock:
    """A clock that the stepper moves from one due instant to the next; it begins with the day of the start.

    It waits for the engine, so that nothing is late on a slow machine.
    """
    return Clock(campaign_origin=begins_at(frozen), rate=_FASTEST, stepped=True)


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
    day_seconds: float = 0.0,
    stop: asyncio.Event | None = None,
) -> RehearsalResult:
    """Start the campaign, send what the simulated people do, and wait for the closing report, or for `stop`.

    A worker must serve `task_queue` on the same servers; where the clock is compressed, these must be made for it.
    `on_progress` is called about four times a second; it must be quick. A day of a stepped clock lasts `day_seconds`,
    or as much longer as the engine needs for it; a compressed clock has its own rate.

    Raises:
        Refused: the campaign was started before: a rehearsal needs servers of its own.
        Unreachable: the engine has not answered a stepped clock for five minutes.
    """
    launch = await start_campaign(client, pool, frozen, sites, clock, rejected, task_queue, starter(frozen.plan))
    if not launch.started:
        raise Refused(f"campaign {launch.campaign_id} runs here already; a rehearsal needs servers of its own")
    people = People(frozen, sites, temperament, seed, surveys)
    registration = SurveyRegistration(pool, launch.campaign_id, surveys)
    documents = NewDocuments(pool, launch.campaign_id, begins_at(frozen))
    campaign = client.get_workflow_handle(campaign_stream(launch.campaign_id), result_type=str)
    now: Callable[[], datetime]
    if clock.stepped:
        pace = StepPace(clock.campaign_time(real_now()), day_seconds)
        stepper = Stepper(
            pool, people, StepSender(client, registration.register), pace, documents, frozen, sites, surveys
        )
        now, tally, acting = pace.now, stepper.tally, _stepping(stepper, begins_at(frozen))
    else:
        driver = Driver(people, Sender(client, clock, ends_at(frozen), registration.register), clock)
        now, tally, acting = lambda: clock.campaign_time(real_now()), driver.tally, _acting(driver, documents)
    async with _ticking(pool, launch.campaign_id, clock, now, tally, on_progress):
        async with acting:
            closed_as = await _result_unless_stopped(campaign, stop or asyncio.Event())
        if closed_as is not None:
            await _all_delivered(pool, launch.campaign_id)
    as_of = now()
    status = await campaign_status(pool, launch.campaign_id, as_of)
    on_progress(Pulse(as_of, replace(tally), status, ended=True))
    return RehearsalResult(launch.campaign_id, closed_as, as_of, replace(tally))


async def _result_unless_stopped(campaign: WorkflowHandle[Any, str], stop: asyncio.Event) -> str | None:
    """The campaign's result; None if `stop` comes first."""
    result, told = asyncio.ensure_future(campaign.result()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((result, told), return_when=asyncio.FIRST_COMPLETED)
        return result.result() if result.done() else None
    finally:
        result.cancel()
        told.cancel()


@contextlib.asynccontextmanager
async def _stepping(stepper: Stepper, started_at: datetime) -> AsyncIterator[None]:
    """Step the clock until the block ends; an exception of the stepper ends the block."""
    async with asyncio.TaskGroup() as tasks:
        stepping = tasks.create_task(stepper.run(started_at))
        yield
        stepping.cancel()


@contextlib.asynccontextmanager
async def _acting(driver: Driver, documents: NewDocuments) -> AsyncIterator[None]:
    """Run the driver and read new documents until the block ends; an exception of theirs ends the block."""

    async def read() -> None:
        while True:
            driver.on_documents(await documents.read_new())
            await asyncio.sleep(READ_SECONDS)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(driver.run())
        reader = tasks.create_task(read())
        yield
        reader.cancel()
        driver.close()


@contextlib.asynccontextmanager
async def _ticking(
    pool: Pool,
    campaign_id: str,
    clock: Clock,
    now: Callable[[], datetime],
    tally: Tally,
    on_progress: OnProgress,
) -> AsyncIterator[None]:
    """Read the status and report it once a tick; an exception ends the rehearsal.

    The time of a stepped clock is written to Postgres, for other terminals.
    """

    async def tick() -> None:
        while True:
            at = now()
            if clock.stepped:
                await set_clock(pool, campaign_id, clock.moved_to(at))
            on_progress(Pulse(at, replace(tally), await campaign_status(pool, campaign_id, at)))
            await asyncio.sleep(_TICK_SECONDS)

    async with asyncio.TaskGroup() as tasks:
        ticker = tasks.create_task(tick())
        yield
        ticker.cancel()


async def _all_delivered(pool: Pool, campaign_id: str) -> None:
    """Wait for the deliveries, which are workflows of their own, at most `_DELIVERED_WITHIN`."""
    for _ in range(int(_DELIVERED_WITHIN / _TICK_SECONDS)):
        if not await undelivered(pool, campaign_id):
            return
        await asyncio.sleep(_TICK_SECONDS)
