"""A site whose plan asks for everything of acceptance, on a real server: parts, a self-check, experts, and the row."""

from datetime import UTC, datetime

import pytest
from temporalio.client import WorkflowUpdateFailedError

from schemas.actor import Actor, Role
from schemas.options.acceptance import CloseProblem, GiveOpinion, SelfCheck
from tests.support.plans import CITY_BUREAU, COUNTY, CREW, clock_from, frozen_plan, report, site, verdict
from tests.workflow.conftest import Engine, ask

VERIFICATION = {
    "closure": {"by": "problem"},
    "levels": [
        {"id": "self", "title": "Self-check", "by": "city", "self_check": True},
        {"id": "county", "title": "County", "by": "county"},
        {"id": "city", "title": "City", "by": "city", "experts": 1},
    ],
    "pool": [{"id": "expert-1", "unit": "Institute one"}, {"id": "expert-2", "unit": "Institute two"}],
}


async def test_site_closed_through_self_check_problems_and_experts(engine: Engine) -> None:
    frozen = frozen_plan("everything-of-acceptance", verification=VERIFICATION)
    clock = clock_from(frozen, day_seconds=600)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    now = clock.campaign_time(datetime.now(UTC))
    await ask(handle, report("signs", "r1", now))
    done = await ask(handle, report("seal", "r2", now))
    assert done.state["problems"] == {"adit": "done"}
    colleague = Actor(id="crew-2", role=Role.CITY, unit=CREW.unit)
    checked = SelfCheck(command_id="s1", actor=colleague, effective_at=now, level="self", passed=True)
    await ask(handle, checked)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, verdict("county", "v0", now, COUNTY))
    assert "not accepted: adit" in str(refused.value.cause)
    part = CloseProblem(command_id="p1", actor=COUNTY, effective_at=now, level="county", problem="adit", passed=True)
    await ask(handle, part)
    passed = await ask(handle, verdict("county", "v1", now, COUNTY))
    [(drawn, said)] = passed.state["panel"].items()
    assert said == "silent"
    unit = {one["id"]: one["unit"] for one in VERIFICATION["pool"]}[drawn]  # type: ignore[index]
    expert = Actor(id=drawn, role=Role.EXPERT, unit=unit)
    opinion = GiveOpinion(
        command_id="o1", actor=expert, effective_at=now, level="city", passed=True, opinion="it holds"
    )
    await ask(handle, opinion)
    last = await ask(handle, verdict("city", "v2", now, CITY_BUREAU))
    assert last.state["stage"] == "closed"
    assert await handle.result() == "closed"
    assert [entry.kind for entry in await engine.ledger(handle.id)][-7:] == [
        "verification_requested", "level_passed", "problem_closed", "level_passed", "panel_drawn", "opinion_given",
        "closed",
    ]  # fmt: skip
