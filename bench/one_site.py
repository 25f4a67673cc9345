"""How many commands one site handles a second, and how much memory of the worker an open site needs."""

import asyncio
import time
from datetime import UTC, datetime

from temporalio.client import WorkflowHandle

from bench import usage
from bench.life import CITY, REPORTER, plan_of, sites_of, starts_of, workflow_id
from bench.load import AT_ONCE, at_once, start
from bench.machine import Machine
from schemas.clock import Clock
from schemas.register import Problem, Site
from schemas.site.commands import CompleteTask
from storage.campaigns import create_campaign

SIGNALS = 500
UPDATES = 200
UPDATES_AT_ONCE = 10
"""Temporal's limit of updates in flight for one workflow."""

OPEN_SITES = 1000

_COUNT = "select count(*) from ledger where stream = $1"


async def commands_per_second(machine: Machine) -> dict[str, float]:
    """Reports through one site until Postgres has all: as signals (`AT_ONCE` in flight), and as updates."""
    async with machine.worker("engine"):
        return {
            "signals": await _storm(machine, "storm-signals", SIGNALS, AT_ONCE, updates=False),
            "updates": await _storm(machine, "storm-updates", UPDATES, UPDATES_AT_ONCE, updates=True),
        }


async def _storm(machine: Machine, campaign_id: str, count: int, limit: int, *, updates: bool) -> float:
    now = datetime.now(UTC)
    frozen = plan_of(campaign_id, now)
    adits = (Problem(kind="adit_open", count=1_000_000),)
    site = Site(
        id="storm", name="A mine with very many adits", city=CITY, county="county-3", type="adit", problems=adits
    )
    await create_campaign(machine.pool, frozen, [site], Clock())
    (opening,) = starts_of(frozen, [site], now)
    await start(machine.client, "SiteWorkflow", opening)
    stream = workflow_id(opening)
    handle: WorkflowHandle[object, object] = machine.client.get_workflow_handle(stream)
    await _recorded(machine, stream, 1)

    async def report(number: int) -> None:
        command = CompleteTask(
            command_id=f"storm-{number}",
            actor=REPORTER,
            effective_at=datetime.now(UTC),
            requirement="seal_adit",
            quantity=1,
        )
        if updates:
            await handle.execute_update("complete_task", command, id=command.command_id)
        else:
            await handle.signal("complete_task", command)

    begun = time.perf_counter()
    await at_once(report, range(count), limit)
    await _recorded(machine, stream, 1 + count)
    return count / (time.perf_counter() - begun)


async def _recorded(machine: Machine, stream: str, entries: int) -> None:
    while True:
        if await machine.pool.fetchval(_COUNT, stream) >= entries:
            return
        await asyncio.sleep(0.02)


async def megabytes_per_thousand_sites(machine: Machine) -> float:
    """MiB that the worker process grows by while it opens and keeps `OPEN_SITES` idle sites (the peak)."""
    now = datetime.now(UTC)
    frozen, sites = plan_of("memory", now), sites_of(OPEN_SITES)
    await create_campaign(machine.pool, frozen, sites, Clock())
    async with machine.worker("engine"):
        before = usage.worker_megabytes()
        await at_once(lambda site: start(machine.client, "SiteWorkflow", site), starts_of(frozen, sites, now))
        peak = before
        while True:
            peak = max(peak, usage.worker_megabytes())
            opened = await machine.pool.fetchval("select count(*) from ledger where campaign_id = 'memory'")
            if opened == OPEN_SITES:
                return max(peak, usage.worker_megabytes()) - before
            await asyncio.sleep(0.1)
