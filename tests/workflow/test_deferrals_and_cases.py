"""Extensions on request and the police track on a real server: who waits, who decides, and what Postgres then says."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import WorkflowUpdateFailedError

from schemas.actor import Actor, Role
from schemas.options.extensions import DecideExtension, RequestExtension
from schemas.options.police import AcceptCase, DecideCase, Decision, TransferCase
from schemas.plan import FrozenPlan
from schemas.site.commands import Suspend
from storage.status import campaign_status, site_status
from tests.support.plans import (
    CITY_BUREAU,
    COUNTY,
    CREW,
    PROVINCE,
    clock_from,
    frozen_plan,
    report,
    site,
    verdict,
)
from tests.workflow.conftest import Engine, ask

LAND, POLICE = "Department of Natural Resources", "Department of Public Security"
OFFICE = Actor(id="zhou", role=Role.PROVINCE, unit="Campaign office")
OFFICER = Actor(id="he", role=Role.POLICE, unit="East police bureau")


def plan_of(closure: str) -> FrozenPlan:
    return frozen_plan(
        f"c-{uuid4().hex[:10]}",
        issuing_agencies=[{"name": LAND}, {"name": POLICE}],
        extension={
            "before": {"amount": 3, "unit": "working_days"},
            "decision": {"amount": 2, "unit": "working_days"},
            "at_most": 1,
            "decider": {"name": "Campaign office", "superior": {"name": "Leading group"}},
        },
        police_track={
            "agency": POLICE,
            "problems": ["adit"],
            "transfer": {"amount": 5, "unit": "working_days"},
            "decision": {"amount": 3, "unit": "calendar_days"},
            "closure": closure,
            "bureaus": {"east": "East police bureau"},
        },
    )


@pytest.mark.parametrize("closure", ["both", "works"])
async def test_a_site_is_extended_accepted_and_closed_by_both_tracks(engine: Engine, closure: str) -> None:
    frozen = plan_of(closure)
    clock = clock_from(frozen, day_seconds=600)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)

    def said(name: str, by: Actor) -> dict[str, Any]:
        return {"command_id": name, "actor": by, "effective_at": clock.campaign_time(datetime.now(UTC))}

    until = frozen.plan.starts_on + timedelta(days=60)
    asked = await ask(handle, RequestExtension(**said("ask", CREW), until=until, reason="rain"))
    assert asked.state["deferrals"]["extension_pending"] is True
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, DecideExtension(**said("not mine", PROVINCE), granted=True))
    assert "decided by Campaign office" in str(refused.value.cause)
    granted = await ask(handle, DecideExtension(**said("grant", OFFICE), granted=True))
    assert granted.state["deferrals"]["extensions"] == 1 and granted.state["deferrals"]["extensions_left"] == 0

    await ask(handle, TransferCase(**said("transfer", CREW), reference="2021/3"))
    for number, requirement in enumerate(("signs", "seal")):
        await ask(handle, report(requirement, f"r{number}", clock.campaign_time(datetime.now(UTC))))
    now = clock.campaign_time(datetime.now(UTC))
    await ask(handle, verdict("county", "v1", now, COUNTY))
    last = await ask(handle, verdict("city", "v2", now, CITY_BUREAU))
    assert (last.state["stage"], last.state["level"]) == (
        ("verifying", "police_track") if closure == "both" else ("closed", None)
    )
    assert last.state["case"]["waits_for"] == "East police bureau"
    assert (last.state["case"]["works_agency"], last.state["case"]["agency"]) == (LAND, POLICE)

    await ask(handle, AcceptCase(**said("accept", OFFICER)))
    decided = await ask(handle, DecideCase(**said("file", OFFICER), decision=Decision.FILED))
    assert decided.state["stage"] == "closed" and decided.state["case"]["state"] == "filed"
    assert await handle.result() == "closed"
    kinds = [entry.kind for entry in await engine.ledger(handle.id)]
    assert (
        kinds[-4:]
        == {
            "both": ["works_accepted", "case_accepted", "case_decided", "closed"],
            "works": ["level_passed", "closed", "case_accepted", "case_decided"],
        }[closure]
    )

    one = await site_status(engine.pool, frozen.plan.id, site(1).id, now)
    assert one.stage == "closed" and one.facts["case"]["reference"] == "2021/3"
    whole = await campaign_status(engine.pool, frozen.plan.id, now)
    assert whole.cases == {"filed": 1} and whole.deferrals["extensions"] == 1


async def test_a_suspension_with_a_last_day_is_resumed_by_its_timer(engine: Engine) -> None:
    frozen = plan_of("works")
    clock = clock_from(frozen, day_seconds=1.5)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    now = clock.campaign_time(datetime.now(UTC))
    until = (now + timedelta(days=2)).astimezone(frozen.plan.zone).date()
    said = {"command_id": "suspend", "actor": PROVINCE, "effective_at": now, "reason": "order"}
    await ask(handle, Suspend(**said, basis="stop_work_order", until=until))
    entries = await engine.ledger_of(handle.id, 3)
    assert [entry.kind for entry in entries[:3]] == ["opened", "suspended", "resumed"]
    assert entries[2].at.astimezone(frozen.plan.zone).date() == until + timedelta(days=1)
