"""Campaigns from issue to closing report on the real engine, at a compressed clock."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError

from schemas.answers import CampaignView, CityView
from schemas.campaign import Stop
from schemas.city import ApproveDeployment, ReturnDeployment, SubmitDeployment
from schemas.clock import Clock
from schemas.documents.commands import SignReceipt
from schemas.plan import FrozenPlan
from storage.document_file import read_document_file
from storage.ledger import verify
from storage.status import campaign_status
from tests.support.plans import (
    CITY_BUREAU,
    COUNTY,
    CREW,
    PLAN,
    PROVINCE,
    clock_from,
    frozen_plan,
    report,
    site,
    verdict,
)
from tests.workflow.conftest import Engine, ask, polled, strike_off

WEST = {"code": "west", "name": "West", "lead": "Mayor's office", "recipients": [{"name": "Duty desk"}]}


def now(clock: Clock) -> datetime:
    return clock.campaign_time(datetime.now(UTC))


async def started(engine: Engine, stream: str) -> WorkflowHandle[Any, Any]:
    """A workflow's handle, once its stream has begun."""
    await engine.ledger_of(stream, 1)
    return engine.client.get_workflow_handle(stream)


async def deploy(engine: Engine, frozen: FrozenPlan, code: str, clock: Clock) -> None:
    """Receipt, an opinion that is returned once, approval; then the sites are open."""
    city = await started(engine, f"city/{frozen.plan.id}/{code}")
    await ask(city, SignReceipt(command_id="receipt", actor=CREW, effective_at=now(clock)))
    opinion = {"actor": CREW, "opinion": "seal all adits"}
    await ask(city, SubmitDeployment(command_id="d1", effective_at=now(clock), **opinion))
    await ask(city, ReturnDeployment(command_id="d2", actor=PROVINCE, effective_at=now(clock), reason="no dates"))
    await ask(city, SubmitDeployment(command_id="d3", effective_at=now(clock), **opinion))
    answer = await ask(city, ApproveDeployment(command_id="d4", actor=PROVINCE, effective_at=now(clock)))
    assert answer.state["deployment"] == "approved"


async def close(engine: Engine, frozen: FrozenPlan, site_id: str, clock: Clock) -> None:
    handle = await started(engine, f"site/{frozen.plan.id}/{site_id}")
    await ask(handle, report("signs", f"{site_id}-1", now(clock)))
    await ask(handle, report("seal", f"{site_id}-2", now(clock)))
    await ask(handle, verdict("county", f"{site_id}-3", now(clock), COUNTY))
    await strike_off(engine, handle, verdict("city", f"{site_id}-4", now(clock), CITY_BUREAU))


@pytest.mark.timeout(180)  # 112 days, however busy the machine is
async def test_a_campaign_runs_from_issue_to_closing_report(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = frozen_plan(frozen.plan.id, cities=[PLAN["cities"][0], WEST])
    clock = clock_from(frozen, day_seconds=0.12)
    sites = [site(n) for n in range(6)] + [site(n, "west") for n in range(3)]
    handle = await engine.start_campaign(frozen, sites, clock)
    await deploy(engine, frozen, "east", clock)  # the west never deploys
    await asyncio.gather(*(close(engine, frozen, f"east-{n:03}", clock) for n in range(3)))
    assert await handle.result() == "closed"

    status = await campaign_status(engine.pool, frozen.plan.id, now(clock))
    assert status.phase == "closed"
    assert status.sites.by_stage == {
        "registered": 0, "rectifying": 0, "verifying": 0, "closed": 3, "carried_over": 6,
    }  # fmt: skip
    east, west = status.cities
    assert (east.sites.by_stage["closed"], east.sites.by_stage["carried_over"]) == (3, 3)
    assert west.deployment.state == "awaited" and west.sites.by_stage["carried_over"] == 3
    documents = await read_document_file(engine.pool, frozen.plan.id)
    kinds = {(d.city, d.kind) for d in documents}
    assert {("east", "plan_issue"), ("west", "plan_issue"), ("east", "closure"), ("east", "supervision_order"),
            ("west", "deployment_overdue"), ("west", "carry_over"), ("", "closing_report")} <= kinds  # fmt: skip
    # One document lists a day's sites, which at this pace may come to the desk on two days; none comes twice or not.
    climbed = [site_id for d in documents if d.kind == "supervision_order" for site_id in d.sites]
    assert sorted(climbed) == ["east-003", "east-004", "east-005"]
    proof = await verify(engine.pool, frozen.plan.id)
    assert proof.streams == 1 + 2 + 9
    async for seen in polled(lambda: read_document_file(engine.pool, frozen.plan.id)):
        if all(d.sent_at is not None for d in seen):
            break


async def test_stopping_carries_over_what_is_open_and_closes(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = frozen_plan(frozen.plan.id, cities=[PLAN["cities"][0], WEST])
    clock = clock_from(frozen, day_seconds=1)
    sites = [site(n) for n in range(4)] + [site(n, "west") for n in range(2)]
    handle = await engine.start_campaign(frozen, sites, clock)
    await deploy(engine, frozen, "east", clock)
    await close(engine, frozen, "east-000", clock)
    await started(engine, f"city/{frozen.plan.id}/west")
    await ask(handle, Stop(command_id="stop", actor=PROVINCE, effective_at=now(clock), reason="new law"))
    assert (await handle.query("status", result_type=CampaignView)).state == "closing"
    assert await handle.result() == "stopped"
    status = await campaign_status(engine.pool, frozen.plan.id, now(clock))
    assert status.phase == "stopped"
    assert (status.sites.by_stage["closed"], status.sites.by_stage["carried_over"]) == (1, 5)
    last = (await engine.ledger(f"site/{frozen.plan.id}/east-001"))[-1]
    assert last.kind == "carried_over" and "new law" in last.data
    await verify(engine.pool, frozen.plan.id)


async def test_campaign_stopped_before_issue_settles_register(engine: Engine, frozen: FrozenPlan) -> None:
    # Issued at nine in the morning of the next day, a second from now.
    clock = clock_from(frozen, day_seconds=0.8, begins=-timedelta(days=1))
    handle = await engine.start_campaign(frozen, [site(1), site(2)], clock)
    await ask(handle, Stop(command_id="stop", actor=PROVINCE, effective_at=now(clock), reason="withdrawn"))
    assert await handle.result() == "stopped"
    status = await campaign_status(engine.pool, frozen.plan.id, now(clock))
    assert status.sites.by_stage["carried_over"] == 2
    assert "plan_issue" not in {d.kind for d in await read_document_file(engine.pool, frozen.plan.id)}


async def test_a_city_does_not_decide_on_its_own_deployment(engine: Engine, frozen: FrozenPlan) -> None:
    clock = clock_from(frozen, day_seconds=1)
    await engine.start_campaign(frozen, [site(1)], clock)
    city = await started(engine, f"city/{frozen.plan.id}/east")
    await ask(city, SubmitDeployment(command_id="d1", actor=CREW, effective_at=now(clock), opinion="seal all adits"))
    try:
        await ask(city, ApproveDeployment(command_id="d2", actor=CREW, effective_at=now(clock)))
    except WorkflowUpdateFailedError as refused:
        assert "approve_deployment is for the roles province" in str(refused.cause)
    else:
        raise AssertionError("a city approved its own deployment")
    assert (await city.query("status", result_type=CityView)).deployment == "submitted"
