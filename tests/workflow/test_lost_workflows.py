"""What lost its workflow is found and started again from its ledger or its table; nothing of it is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.documents.delivery_starts import DeliveryStarter
from activities.recovery.campaign import CampaignRecovery
from activities.recovery.recovery import Recovery
from activities.recovery.sites import SiteReconciler
from activities.sites.amendments import SiteAmender
from activities.sites.notifications import SiteNotifier
from rendering.composing import compose
from schemas.answers import CityView, SiteView
from schemas.city import ApproveDeployment, SubmitDeployment
from schemas.documents.document import PlannedDelivery
from schemas.ledger import DocumentDraft, RecordBatch
from schemas.plan import FrozenPlan
from schemas.work import ReconcileOrder, ReconcileReport
from storage.campaigns import create_campaign
from storage.documents import load
from storage.recorder import Recorder
from tests.support.plans import COUNTY, CREW, PROVINCE, clock_from, report, site, verdict
from tests.workflow.conftest import Engine, ask, polled


async def test_a_lost_site_goes_on_where_its_ledger_ends(engine: Engine, frozen: FrozenPlan) -> None:
    clock = clock_from(frozen, day_seconds=600)
    first = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    now = clock.campaign_time(datetime.now(UTC))
    await ask(first, report("signs", "r1", now))
    await ask(first, report("seal", "r2", now))
    before = await first.query("status", result_type=SiteView)
    await first.terminate("lost in an accident")

    order = ReconcileOrder(
        campaign_id=frozen.plan.id,
        city="east",
        at=now,
        opened_at=clock.campaign_origin,
        clock=clock,
        task_queue=engine.settings.task_queue,
    )
    report_of = await reconcile(engine, order)
    assert report_of.restarted == ("east-001",)
    again = engine.client.get_workflow_handle(first.id)
    after = await again.query("status", result_type=SiteView)
    assert after.model_copy(update={"as_of": before.as_of}) == before
    answer = await ask(again, verdict("county", "v1", now, COUNTY))
    assert answer.state["level"] == "city"
    entries = await engine.ledger(first.id)
    assert [e.seq for e in entries] == list(range(1, len(entries) + 1))
    assert (await reconcile(engine, order)).restarted == (), "what runs is left alone"


async def test_a_registered_site_that_never_ran_is_opened(engine: Engine, frozen: FrozenPlan) -> None:
    clock = clock_from(frozen, day_seconds=600)
    await create_campaign(engine.pool, frozen, [site(1)], clock)
    order = ReconcileOrder(
        campaign_id=frozen.plan.id,
        city="east",
        at=clock.campaign_time(datetime.now(UTC)),
        opened_at=clock.campaign_origin,
        clock=clock,
        task_queue=engine.settings.task_queue,
    )
    assert (await reconcile(engine, order)).restarted == ("east-001",)
    entries = await engine.ledger_of(f"site/{frozen.plan.id}/east-001", 1)
    assert entries[0].kind == "opened"


async def reconcile(engine: Engine, order: ReconcileOrder) -> ReconcileReport:
    """The activity as the city calls it, in the SDK's own activity environment."""
    notifier, amender = SiteNotifier(engine.pool, engine.client), SiteAmender(engine.pool, engine.client)
    reconciler = SiteReconciler(engine.pool, engine.client, Recovery(engine.client), notifier, amender)
    return await ActivityEnvironment().run(reconciler.reconcile_sites, order)


async def test_lost_city_logged_restarted_and_opens_its_sites(
    engine: Engine, frozen: FrozenPlan, caplog: pytest.LogCaptureFixture
) -> None:
    clock = clock_from(frozen, day_seconds=2)
    await engine.start_campaign(frozen, [site(1), site(2)], clock)
    stream = f"city/{frozen.plan.id}/east"
    await engine.ledger_of(stream, 1)
    city = engine.client.get_workflow_handle(stream)
    now = clock.campaign_time(datetime.now(UTC))
    await ask(city, SubmitDeployment(command_id="d1", actor=CREW, effective_at=now, opinion="seal them"))
    campaign = f"campaign/{frozen.plan.id}"
    before = [e.kind for e in await engine.ledger(campaign)].count("anchored")
    await city.terminate("lost in an accident")
    async for entries in polled(lambda: engine.ledger(campaign)):
        if [e.kind for e in entries].count("anchored") >= before + 2:
            break
    assert f"{stream} ended before its time: Terminated" in caplog.text
    view = await engine.client.get_workflow_handle(stream).query("status", result_type=CityView)
    assert view.deployment == "submitted"
    now = clock.campaign_time(datetime.now(UTC))
    again = engine.client.get_workflow_handle(stream)
    await ask(again, ApproveDeployment(command_id="d2", actor=PROVINCE, effective_at=now))
    assert (await engine.ledger_of(f"site/{frozen.plan.id}/east-001", 1))[0].kind == "opened"


async def test_recorded_but_undelivered_document_is_sent(engine: Engine, frozen: FrozenPlan) -> None:
    clock = clock_from(frozen, day_seconds=600)
    await create_campaign(engine.pool, frozen, [site(1)], clock)
    draft = DocumentDraft(
        key=f"{frozen.plan.id}/east:deployment_approved:0:2021-07-19",
        city="east",
        kind="deployment_approved",
        rung=0,
        issued_at=clock.campaign_time(datetime.now(UTC)),
        number="EAST [2021] No. 1",
    )
    text = compose(frozen, draft).model_copy(update={"deliveries": (PlannedDelivery(channel="outbox"),)})
    recorder = Recorder(engine.pool)  # as an attempt does that is cut off right afterwards
    burst = RecordBatch(campaign_id=frozen.plan.id, subject="city", city="east", entries=(), documents=(draft,))
    await recorder.record(burst, [text])
    await recorder.close()

    starter = DeliveryStarter(engine.pool, engine.client, engine.settings.delivery_queue, engine.settings.task_queue)
    campaign = CampaignRecovery(engine.pool, Recovery(engine.client), starter)
    found = await campaign.restart_deliveries(frozen.plan.id, draft.issued_at)
    assert found.restarted == (), "its activity may still start it"
    later = draft.issued_at + timedelta(days=1)
    assert (await campaign.restart_deliveries(frozen.plan.id, later)).restarted == (draft.key,)
    async for document in polled(lambda: load(engine.pool, draft.key)):
        if document.sent_at is not None:
            break
    found = await campaign.restart_deliveries(frozen.plan.id, later)
    assert found.restarted == (), "what was sent is left alone"
