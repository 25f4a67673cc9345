"""Opening: the real `open_sites` activity beside raw starts of the same workflows with the same inputs.

Both start on a queue that nobody polls, so that only the starting is measured, and take turns.
"""

import time
from datetime import UTC, datetime

from temporalio.testing import ActivityEnvironment

from activities.sites.register import SiteRegister
from activities.sites.starts import SiteStarter
from bench.life import CITY, plan_of, sites_of, starts_of
from bench.load import at_once, start
from bench.machine import Machine
from schemas.clock import Clock
from schemas.errors import HundredDaysError
from schemas.work import OpenSitesOrder, ReconcileOrder
from storage.campaigns import create_campaign

_NOBODY = "bench-nobody"
_WARM_UP = 50


async def opening_rates(machine: Machine, count: int, rounds: int) -> tuple[float, float]:
    """Sites opened per second by the activity, and raw starts per second."""
    by_activity = raw = 0.0
    await _raw(machine, "opening-warm-up", _WARM_UP)
    for turn in range(rounds):
        # Halves in mirrored order, so that a drift in the speed of the server affects both equally.
        raw += await _raw(machine, f"opening-raw-{turn}-a", count)
        by_activity += await _by_activity(machine, f"opening-{turn}-a", count)
        by_activity += await _by_activity(machine, f"opening-{turn}-b", count)
        raw += await _raw(machine, f"opening-raw-{turn}-b", count)
    return 2 * rounds * count / by_activity, 2 * rounds * count / raw


async def _raw(machine: Machine, campaign_id: str, count: int) -> float:
    now = datetime.now(UTC)
    starts = starts_of(plan_of(campaign_id, now), sites_of(count), now)
    begun = time.perf_counter()
    await at_once(lambda site: start(machine.client, "SiteWorkflow", site, _NOBODY), starts)
    return time.perf_counter() - begun


async def _nothing_is_lost(order: ReconcileOrder) -> None:
    """`open_sites` restarts nothing."""


async def _by_activity(machine: Machine, campaign_id: str, count: int) -> float:
    now = datetime.now(UTC)
    await create_campaign(machine.pool, plan_of(campaign_id, now), sites_of(count), Clock())
    register = SiteRegister(machine.pool, SiteStarter(machine.client), _nothing_is_lost)
    order = OpenSitesOrder(campaign_id=campaign_id, city=CITY, at=now, clock=Clock(), task_queue=_NOBODY)
    begun = time.perf_counter()
    report = await ActivityEnvironment().run(register.open_sites, order)
    spent = time.perf_counter() - begun
    if report.sites != count:
        raise HundredDaysError(f"open_sites of {campaign_id} opened {report.sites} sites, expected {count}")
    return spent
