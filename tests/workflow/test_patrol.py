"""Struck-off sites are opened again on the real engine, and a patrol runs on after its campaign has ended."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.testing import ActivityEnvironment

from activities.sites.reopening import Reopener
from rules.campaign.aggregate import CampaignAggregate
from rules.command_results import Received
from rules.terms.plan import campaign_terms
from schemas.actor import Actor, Role
from schemas.amendments import Amend, Amendment
from schemas.answers import CityView, SiteView
from schemas.city import ApproveDeployment, SubmitDeployment
from schemas.clock import Clock
from schemas.ledger import RecordBatch
from schemas.options.patrol import PerformDuty, ReportFinding
from schemas.plan import FrozenPlan
from schemas.reopening import Cause, Reopening, ReopenOrder
from storage.amendments import write_amendment
from storage.document_file import read_document_file
from storage.ledger import verify
from storage.recorder import Recorder
from storage.status import campaign_status
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
from tests.workflow.conftest import Engine, ask, polled, strike_off

TEAM = Actor(id="patrol-1", role=Role.COUNTY, unit="first county")
PATROL = {
    "duties": [{"duty": "patrol", "title": "Patrol", "every": {"amount": 3, "unit": "working_days"}}],
    "relapse": {"amount": 2, "unit": "working_days"},
    "lasts": {"amount": 8, "unit": "working_days"},
}


def now(clock: Clock) -> datetime:
    return clock.campaign_time(datetime.now(UTC))


async def close(engine: Engine, frozen: FrozenPlan, site_id: str, clock: Clock) -> WorkflowHandle[Any, Any]:
    await engine.ledger_of(f"site/{frozen.plan.id}/{site_id}", 1)
    handle = engine.client.get_workflow_handle(f"site/{frozen.plan.id}/{site_id}")
    await ask(handle, report("signs", f"{site_id}-1", now(clock)))
    await ask(handle, report("seal", f"{site_id}-2", now(clock)))
    await ask(handle, verdict("county", f"{site_id}-3", now(clock), COUNTY))
    await strike_off(engine, handle, verdict("city", f"{site_id}-4", now(clock), CITY_BUREAU))
    return handle


async def gone(handle: WorkflowHandle[Any, Any]) -> None:
    async for described in polled(handle.describe):
        if described.status is WorkflowExecutionStatus.COMPLETED:
            return


async def test_a_struck_off_site_is_started_again_from_its_ledger_once(engine: Engine, frozen: FrozenPlan) -> None:
    clock = clock_from(frozen, day_seconds=600)
    await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    handle = await close(engine, frozen, "east-001", clock)
    await gone(handle)
    order = ReopenOrder(
        campaign_id=frozen.plan.id,
        at=now(clock),
        cause=Cause.SPOT_CHECK,
        origin="spot-check-1",
        sites=(
            Reopening(site_id="east-001", reason="the seal is thin", failed_requirements=("seal",)),
            Reopening(site_id="east-777", reason="nobody knows it"),
        ),
        clock=clock,
        task_queue=engine.settings.task_queue,
    )
    reopener = Reopener(engine.pool, engine.client)
    over = order.model_copy(update={"origin": "spot-check-0", "at": clock.campaign_origin, "again": True})
    assert (await ActivityEnvironment().run(reopener.reopen_sites, over)).reopened == (), (
        "it was open then, and has been struck off since: an order that is given again is not for it"
    )
    order = order.model_copy(update={"again": True})
    first = await ActivityEnvironment().run(reopener.reopen_sites, order)
    again = await ActivityEnvironment().run(reopener.reopen_sites, order)
    assert first == again and first.reopened == ("east-001",) and first.counties == {"east-001": "first county"}
    view = await engine.client.get_workflow_handle(handle.id).query("status", result_type=SiteView)
    assert (view.stage, view.round, view.outstanding) == ("rectifying", 2, {"seal": 1.0})
    assert [entry.kind for entry in await engine.ledger(handle.id)].count("reopened") == 1
    status = await campaign_status(engine.pool, frozen.plan.id, now(clock))
    assert status.sites.by_stage["closed"] == 0
    other = order.model_copy(update={"origin": "spot-check-2"})
    assert (await ActivityEnvironment().run(reopener.reopen_sites, other)).reopened == (), "it is open already"
    strange = order.model_copy(update={"city": "west"})
    assert (await ActivityEnvironment().run(reopener.reopen_sites, strange)).reopened == (), (
        "no desk opens others' sites"
    )
    proof = await verify(engine.pool, frozen.plan.id)
    assert proof.streams == 1


async def test_reopened_site_keeps_clauses_of_its_closure(engine: Engine, frozen: FrozenPlan) -> None:
    """The plan was amended after the strike-off, and nobody told the closed site."""
    clock = clock_from(frozen, day_seconds=600)
    await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    handle = await close(engine, frozen, "east-001", clock)
    await gone(handle)
    await amended_by_a_fence(engine, frozen, clock)
    order = ReopenOrder(
        campaign_id=frozen.plan.id,
        at=now(clock),
        cause=Cause.RELAPSE,
        origin="finding-1",
        sites=(Reopening(site_id="east-001", reason="the seal is broken", failed_requirements=("seal",)),),
        clock=clock,
        task_queue=engine.settings.task_queue,
    )
    await ActivityEnvironment().run(Reopener(engine.pool, engine.client).reopen_sites, order)
    view = await engine.client.get_workflow_handle(handle.id).query("status", result_type=SiteView)
    assert view.outstanding == {"seal": 1.0}, "the fence is asked for when the site is told of the amendment"


async def amended_by_a_fence(engine: Engine, frozen: FrozenPlan, clock: Clock) -> None:
    plan = frozen.plan
    fence = plan.catalogue[0].model_copy(update={"id": "fence"})
    more = frozen.model_copy(
        update={"plan": plan.model_copy(update={"catalogue": (*plan.catalogue, fence)}), "amendment": 1}
    )
    said = Amendment.model_validate({"document_number": "amendment/1", "title": "A fence", "ends_on": plan.ends_on})
    await write_amendment(engine.pool, said, "digest", more, now(clock))
    board = CampaignAggregate(campaign_terms(frozen, now(clock), clock))
    amend = Amend(
        command_id="amend-1",
        actor=PROVINCE,
        effective_at=now(clock),
        amendment=1,
        document="amendment/1",
        title="A fence",
        digest="digest",
    )
    outcome = board.advance([Received(amend, now(clock))], now(clock))
    burst = RecordBatch(
        campaign_id=plan.id,
        subject="campaign",
        city=None,
        entries=tuple(outcome.entries),
        campaign_row=board.row(),
    )
    recorder = Recorder(engine.pool)
    await recorder.record(burst, ())
    await recorder.close()


@pytest.mark.timeout(120)
async def test_patrol_continues_after_campaign_and_reopens_relapse(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = frozen_plan(frozen.plan.id, starts_on="2021-07-19", ends_on="2021-07-27", patrol=PATROL)
    clock = clock_from(frozen, day_seconds=0.4)
    campaign = await engine.start_campaign(frozen, [site(1), site(2)], clock)
    stream = f"city/{frozen.plan.id}/east"
    await engine.ledger_of(stream, 1)
    city = engine.client.get_workflow_handle(stream)
    await ask(city, SubmitDeployment(command_id="d1", actor=CREW, effective_at=now(clock), opinion="seal all adits"))
    await ask(city, ApproveDeployment(command_id="d2", actor=PROVINCE, effective_at=now(clock)))
    await asyncio.gather(*(close(engine, frozen, f"east-00{n}", clock) for n in (1, 2)))
    await kind_of(engine, stream, "patrol_began")
    duty = PerformDuty(command_id="p1", actor=TEAM, effective_at=now(clock), duty="patrol", note="all seen")
    answer = await ask(city, duty)
    assert answer.state["patrol"]["duties"][0]["performed"] == 1

    await kind_of(engine, f"campaign/{frozen.plan.id}", "campaign_closed")
    assert (await campaign.describe()).status is WorkflowExecutionStatus.RUNNING, "it anchors while cities patrol"
    finding = ReportFinding(
        command_id="f1", actor=TEAM, effective_at=now(clock), site="east-001", what="broken open", relapse=True
    )
    await ask(city, finding)
    await kind_of(engine, f"site/{frozen.plan.id}/east-001", "reopened")

    await city.terminate("lost in an accident")
    again = engine.client.get_workflow_handle(stream)
    async for described in polled(again.describe):
        if described.status is WorkflowExecutionStatus.RUNNING:  # the campaign's next anchor found it
            break
    view = await again.query("status", result_type=CityView)
    assert view.patrol is not None and view.patrol.state == "running" and view.patrol.findings == 1

    assert await campaign.result() == "closed"
    kinds = [entry.kind for entry in await engine.ledger(stream)]
    assert kinds[-1] == "patrol_closed" and kinds.count("sites_reopened") == 1
    life = [entry.kind for entry in await engine.ledger(f"site/{frozen.plan.id}/east-001")]
    assert life[-1] == "carried_over", "what is still open at the end of the patrol"
    documents = {d.kind for d in await read_document_file(engine.pool, frozen.plan.id)}
    assert {"reopening", "patrol_overdue", "carry_over", "closing_report"} <= documents
    status = await campaign_status(engine.pool, frozen.plan.id, now(clock))
    assert status.reopened == {"relapse": 1}
    patrol = status.cities[0].patrol
    assert patrol is not None and (patrol.state, patrol.relapses) == ("closed", {"first county": 1})
    await verify(engine.pool, frozen.plan.id)


async def kind_of(engine: Engine, stream: str, kind: str) -> None:
    """Once the stream tells an entry of this kind."""
    async for entries in polled(lambda: engine.ledger(stream), seconds=40):
        if any(entry.kind == kind for entry in entries):
            return
