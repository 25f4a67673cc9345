"""Spot checks: one that fails, is enlarged and returns its batch, and one that goes on from its ledger."""

import asyncio
from typing import Any

from temporalio.client import WorkflowHandle

from schemas.options.spot_checks import DrawSpotCheck
from schemas.spot_check import TakeSample
from tests.support.plans import PROVINCE, clock_from, frozen_plan, site
from tests.workflow.conftest import Engine, ask, polled
from tests.workflow.test_spot_check import EXPERT, close, inspection, now
from tests.workflow.test_whole_campaign import deploy

SITES = 6


async def a_spot_check(engine: Engine) -> dict[str, WorkflowHandle[Any, Any]]:
    """From the draw to the close."""
    return {"spot-check": await _lived(engine, "replay-spot-check", lost=False)}


async def a_lost_spot_check(engine: Engine) -> dict[str, WorkflowHandle[Any, Any]]:
    """Terminated after a failure; its second run is kept."""
    return {"spot-check-resumed": await _lived(engine, "replay-lost-check", lost=True)}


async def _lived(engine: Engine, name: str, *, lost: bool) -> WorkflowHandle[Any, Any]:
    plan = {"share": 0.2, "enlarge": 2.0, "inspect": {"amount": 5, "unit": "working_days"}, "seed": 7}
    frozen = frozen_plan(name, spot_check=plan)
    clock = clock_from(frozen, day_seconds=20)
    campaign = await engine.start_campaign(frozen, [site(n) for n in range(SITES)], clock)
    await engine.ledger_of(f"campaign/{name}", 1)
    await deploy(engine, frozen, "east", clock)
    await asyncio.gather(*(close(engine, frozen, f"east-{n:03}", clock) for n in range(SITES)))
    await ask(
        campaign, DrawSpotCheck(command_id="d", actor=PROVINCE, effective_at=now(clock), check="autumn", city="east")
    )
    stream = f"spot-check/{name}/autumn"
    await engine.ledger_of(stream, 1)
    check: WorkflowHandle[Any, Any] = engine.client.get_workflow_handle(stream)
    first, second = (await ask(check, TakeSample(command_id="t", actor=EXPERT, effective_at=now(clock)))).state[
        "pending"
    ]
    await check.signal("inspect", {"half": "a command"})
    await ask(check, inspection(first, now(clock)))
    await engine.ledger_of(stream, 5)  # drawn, taken, refused, inspected, enlarged
    if lost:
        await check.terminate("lost in an accident")
        async for described in polled(check.describe, seconds=60):
            if described.status is not None and described.status.name == "RUNNING":
                break
    await ask(check, inspection(second, now(clock), passed=True))
    again = TakeSample(command_id="again", actor=EXPERT, effective_at=now(clock))
    added = next(iter((await ask(check, again)).state["pending"]))
    await check.signal("inspect", inspection(added, now(clock)))
    await check.result()
    return engine.client.get_workflow_handle(stream)
