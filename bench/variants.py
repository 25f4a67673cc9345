"""What is compared: the variants, and one measured life of each on the machine."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bench import usage
from bench.costs import Cost, cost_of
from bench.life import plan_of, sites_of, starts_of, workflow_id
from bench.load import Spent, live
from bench.machine import Machine
from bench.options import PLAIN, Option
from schemas.clock import Clock
from schemas.starts import SiteStart
from storage.campaigns import create_campaign

WARM_UP_SITES = 20
"""Sites of the warm-up, before the time is taken: imports, connections, pollers."""

_HISTORIES = 20
"""Histories read after a run, evenly over its sites."""


@dataclass(frozen=True)
class Variant:
    """`name` in the figures, the worker `process`, the workflow type (None: DBOS), and how messages are sent."""

    name: str
    process: Literal["skeleton", "naive", "dbos", "engine"]
    workflow: str | None
    updates: bool = False


VARIANTS = (
    Variant("skeleton_signals", "skeleton", "Skeleton"),
    Variant("engine_signals", "engine", "SiteWorkflow"),
    Variant("skeleton_updates", "skeleton", "Skeleton", updates=True),
    Variant("engine_updates", "engine", "SiteWorkflow", updates=True),
    Variant("naive", "naive", "Naive"),
    Variant("dbos", "dbos", None),
)


@dataclass(frozen=True)
class Run:
    """One measured run. `cpu` is CPU seconds by process; `cost` the mean of events, actions and tasks a site.

    `input_bytes` is the JSON of a site's input.
    """

    sites: int
    spent: Spent
    cpu: dict[str, float]
    cost: tuple[float, ...] | None
    input_bytes: int

    @property
    def sites_per_second(self) -> float:
        return self.sites / self.spent.ended


async def prepare(
    machine: Machine, variant: Variant, campaign_id: str, count: int, option: Option = PLAIN
) -> list[SiteStart]:
    """The inputs of `count` sites; the engine's campaign and register are written as its starter does."""
    now = datetime.now(UTC)
    frozen, sites = plan_of(campaign_id, now, option.plan), sites_of(count, option.site)
    if variant.process == "engine":
        await create_campaign(machine.pool, frozen, sites, Clock())
    return starts_of(frozen, sites, now)


async def measure(
    machine: Machine, variant: Variant, name: str, count: int, profile: Path | None = None, option: Option = PLAIN
) -> Run:
    """A fresh worker process, a warm-up, then `count` sites by the clock; other options than none for the engine."""
    async with machine.worker(variant.process, profile):
        warm_up = await prepare(machine, variant, f"{name}-warm-up", WARM_UP_SITES, option)
        await _live(machine, variant, warm_up, option)
        sites = await prepare(machine, variant, name, count, option)
        before = usage.cpu_seconds()
        spent = await _live(machine, variant, sites, option)
        cpu = usage.since(before)
    cost = None if variant.workflow is None else await _mean_cost(machine, sites)
    return Run(count, spent, cpu, cost, len(sites[0].model_dump_json()))


async def _live(machine: Machine, variant: Variant, sites: list[SiteStart], option: Option) -> Spent:
    if variant.workflow is None:
        from bench.dbos_load import live_on_dbos  # DBOS is an extra of its own

        return await live_on_dbos(machine.urls["dbos"], sites)
    return await live(
        machine.client, variant.workflow, sites, machine.progress, updates=variant.updates, life=option.life
    )


async def _mean_cost(machine: Machine, sites: list[SiteStart]) -> tuple[float, ...]:
    chosen = sites[:: max(1, len(sites) // _HISTORIES)]
    costs: list[Cost] = []
    for site in chosen:
        history = await machine.client.get_workflow_handle(workflow_id(site)).fetch_history()
        costs.append(cost_of(history.events))
    return tuple(sum(column) / len(costs) for column in zip(*costs, strict=True))
