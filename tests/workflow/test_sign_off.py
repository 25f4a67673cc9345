"""Departments on the real engine: asked by the last level, one silent, told to the lead government, then signed."""

from datetime import datetime
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from schemas.actor import Actor, Role
from schemas.options.sign_off import SignOff
from schemas.plan import FrozenPlan
from storage.ledger import verify
from storage.status import site_status
from tests.support.document_plans import deployed, kind, now, plan, seen
from tests.support.plans import CITY_BUREAU, COUNTY, clock_from, report, site, verdict
from tests.workflow.conftest import Engine, ask

BUILDER = Actor(id="builder", role=Role.ENTERPRISE, unit="Builders")
LAND = Actor(id="of land", role=Role.DEPARTMENT, unit="Land office")
WATER = Actor(id="of water", role=Role.DEPARTMENT, unit="Water office")
SIGNED = {
    "due": {"amount": 1, "unit": "working_days"},
    "lead_governments": [{"name": "County government", "email": "office@county.invalid"}],
}


def signed(command_id: str, by: Actor, at: datetime, **said: Any) -> SignOff:
    return SignOff(command_id=command_id, actor=by, effective_at=at, passed=True, **said)


async def test_site_closed_after_overdue_department_signs(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = plan(frozen.plan.id, sign_off=SIGNED)
    clock = clock_from(frozen, day_seconds=1)
    parties = {"lead_government": "County government", "enterprise": "Builders", "departments": (LAND.unit, WATER.unit)}
    await engine.start_campaign(frozen, [site(1).model_copy(update=parties)], clock)
    await deployed(engine, frozen, clock)
    stream = f"site/{frozen.plan.id}/east-001"
    await engine.ledger_of(stream, 1)
    handle = engine.client.get_workflow_handle(stream)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, report("signs", "r0", now(clock)))
    assert "rule complete_task/city" in str(refused.value.cause)
    await ask(handle, report("signs", "r1", now(clock), actor=BUILDER))
    await ask(handle, report("seal", "r2", now(clock), actor=BUILDER))
    await ask(handle, verdict("county", "v1", now(clock), COUNTY))
    asked = await ask(handle, verdict("city", "v2", now(clock), CITY_BUREAU))
    assert asked.state["level"] == "sign_off"
    assert asked.state["signatures"] == {LAND.unit: None, WATER.unit: None}
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, signed("s0", BUILDER, now(clock)))
    assert "rule sign_off/*" in str(refused.value.cause)
    await ask(handle, signed("s1", LAND, now(clock)))

    told = await seen(engine, frozen, kind("sign_off_overdue"))
    assert [one.name for one in told.recipients] == ["County government"]
    assert told.recipients[0].email == "office@county.invalid"
    assert "Water office (lead government: County government)" in told.text
    assert "Land office" not in told.text
    higher = await seen(engine, frozen, lambda d: d.kind == "sign_off_overdue" and d.rung == 1)
    assert [one.name for one in higher.recipients] == ["Mayor's office"]

    await handle.signal("sign_off", signed("s2", WATER, now(clock)))
    assert await handle.result() == "closed"
    status = await site_status(engine.pool, frozen.plan.id, "east-001", now(clock))
    assert set(status.facts["signatures"]) == {LAND.unit, WATER.unit}
    assert None not in status.facts["signatures"].values()
    await verify(engine.pool, frozen.plan.id)
