"""An amendment on the real engine: from the province's word to the last open site, and what closed sites keep."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.recovery.cities import LostCities
from activities.recovery.recovery import Recovery
from activities.recovery.sites import SiteReconciler
from activities.sites.amendments import SiteAmender
from activities.sites.notifications import SiteNotifier
from rules.amendments.plan import campaign_changes
from rules.calendar import end_of
from rules.campaign.aggregate import CampaignAggregate
from rules.command_results import Received
from rules.terms.plan import campaign_terms, city_terms, site_terms
from schemas.amendments import Amend, AmendSitesOrder
from schemas.answers import CampaignView, SiteView, Verdict
from schemas.clock import Clock
from schemas.ledger import RecordBatch
from schemas.plan import FrozenPlan
from schemas.starts import CityStart, SiteStart
from schemas.work import AnchorOrder, ReconcileOrder
from services.amendments.files import Proposed, proposed
from services.amendments.preview import previewed
from storage.amendments import amendment_progress, write_amendment
from storage.campaigns import create_campaign, read_plan
from storage.document_file import read_document_file
from storage.ledger import verify
from storage.notices import gather
from storage.recorder import Recorder
from storage.status import city_counts
from tests.support.plans import PROVINCE, clock_from, site
from tests.workflow.conftest import Engine, ask, polled
from tests.workflow.test_whole_campaign import close, deploy, started

AMENDMENT = """\
document_number: amendment/1
title: More signs, more time, and the north
ends_on: 2021-11-30
clauses: {rectification: {amount: 60, unit: calendar_days}}
catalogue:
  add: [{id: fence, title: Fence, unit: m, quantity: 40}]
cities:
  add: [{code: north, name: North, lead: "Mayor's office", recipients: [{name: Duty desk}]}]
"""


def now(clock: Clock) -> datetime:
    return clock.campaign_time(datetime.now(UTC))


def amend(found: Proposed, amendment: int, clock: Clock, command_id: str) -> Amend:
    said = found.said.amendment
    return Amend(
        command_id=command_id,
        actor=PROVINCE,
        effective_at=now(clock),
        amendment=amendment,
        document=said.document_number,
        title=said.title,
        digest=found.frozen.digest,
        terms=campaign_changes(found.versions),
        added=found.added,
    )


async def view(engine: Engine, frozen: FrozenPlan, site_id: str) -> SiteView:
    handle: Any = await started(engine, f"site/{frozen.plan.id}/{site_id}")
    seen: SiteView = await handle.query("status", result_type=SiteView)
    return seen


async def amended_after(
    amender: SiteAmender, order: AmendSitesOrder, beat: tuple[Any, ...]
) -> tuple[int, tuple[Any, ...]]:
    """How many were told, by a retry after this heartbeat too; and the last heartbeat of that retry."""
    env, beats = ActivityEnvironment(), [beat]
    env.info = replace(env.info, heartbeat_details=beat)
    env.on_heartbeat = lambda *details: beats.append(details)
    return (await env.run(amender.amend_sites, order)).told, beats[-1]


async def test_an_amendment_reaches_every_open_site_and_no_closed_one(
    engine: Engine, frozen: FrozenPlan, tmp_path: Path
) -> None:
    clock = clock_from(frozen, day_seconds=2)
    campaign = await engine.start_campaign(frozen, [site(number) for number in range(4)], clock)
    await deploy(engine, frozen, "east", clock)
    await close(engine, frozen, "east-000", clock)
    async for told in polled(lambda: amendment_progress(engine.pool, frozen.plan.id, 1)):
        if told[0].open == 3:
            break
    file = tmp_path / "amendment.yaml"
    file.write_text(AMENDMENT, encoding="utf-8")
    found = await proposed(engine.pool, frozen.plan.id, file, None)
    foretold = {
        impact.site_id: impact async for city in previewed(engine.pool, found, now(clock)) for impact in city.sites
    }
    assert foretold.keys() == {"east-001", "east-002", "east-003"}

    written = await write_amendment(
        engine.pool, found.said.amendment, found.said.digest, found.frozen, now(clock), found.added
    )
    await ask(campaign, amend(found, written.amendment, clock, "amend-1"))
    async for told in polled(lambda: amendment_progress(engine.pool, frozen.plan.id, 1)):
        if told[0].told == 3:
            break
    for site_id, impact in foretold.items():
        seen = await view(engine, frozen, site_id)
        assert seen.due == impact.due.after
        assert "fence" in seen.outstanding
    closed = await engine.ledger(f"site/{frozen.plan.id}/east-000")
    assert closed[-1].kind == "closed"
    assert (await read_plan(engine.pool, frozen.plan.id)).plan.ends_on == date(2021, 11, 30)
    await engine.ledger_of(f"city/{frozen.plan.id}/north", 1)
    assert (await campaign.query("status", result_type=CampaignView)).cities == 2
    again = await ask(campaign, amend(found, written.amendment, clock, "amend-2"))
    assert again.verdict is Verdict.DUPLICATE

    async for documents in polled(lambda: read_document_file(engine.pool, frozen.plan.id)):
        if any(one.kind == "amendment" for one in documents):
            break
    letter = next(one for one in documents if one.kind == "amendment")
    assert (letter.city, letter.number) == ("east", "amendment/1")
    assert letter.progress.unsigned == ("Duty desk",)
    async for desk in polled(lambda: engine.ledger(f"city/{frozen.plan.id}/east")):
        if any(entry.kind == "sites_amended" for entry in desk):
            break
    await verify(engine.pool, frozen.plan.id)


async def record_amendment(engine: Engine, frozen: FrozenPlan, folder: Path, clock: Clock) -> None:
    """The amendment in Postgres and in the ledger of a campaign that runs nowhere: nobody gets a signal of it."""
    file = folder / "amendment.yaml"
    file.write_text(AMENDMENT, encoding="utf-8")
    found = await proposed(engine.pool, frozen.plan.id, file, None)
    said = found.said
    await write_amendment(engine.pool, said.amendment, said.digest, found.frozen, now(clock), found.added)
    board = CampaignAggregate(campaign_terms(frozen, now(clock), clock))
    outcome = board.advance([Received(amend(found, 1, clock, "amend-1"), now(clock))], now(clock))
    burst = RecordBatch(
        campaign_id=frozen.plan.id,
        subject="campaign",
        city=None,
        entries=tuple(outcome.entries),
        campaign_row=board.row(),
    )
    recorder = Recorder(engine.pool)
    await recorder.record(burst, ())
    await recorder.close()


async def test_lost_city_restarts_with_the_amendment_it_missed(
    engine: Engine, frozen: FrozenPlan, tmp_path: Path
) -> None:
    clock = clock_from(frozen, day_seconds=600)
    await create_campaign(engine.pool, frozen, [site(1)], clock)
    issued_at = now(clock)
    campaign = campaign_terms(frozen, issued_at, clock)
    city = await engine.client.start_workflow(
        "CityWorkflow",
        CityStart(terms=city_terms(campaign, campaign.cities[0], issued_at)),
        id=f"city/{frozen.plan.id}/east",
        task_queue=engine.settings.task_queue,
    )
    await engine.ledger_of(city.id, 1)
    await city.terminate("lost with its server")
    await record_amendment(engine, frozen, tmp_path, clock)

    order = AnchorOrder(campaign_id=frozen.plan.id, at=now(clock), clock=clock, task_queue=engine.settings.task_queue)
    recovery = Recovery(engine.client)
    report = await recovery.restart_lost(LostCities(engine.pool, order))
    assert (report.restarted, report.unreadable) == (("east",), ())
    async for entries in polled(lambda: engine.ledger(city.id)):
        if any(entry.kind == "amended" for entry in entries):
            break
    assert (await recovery.restart_lost(LostCities(engine.pool, order))).restarted == (), "what runs is left alone"


async def test_site_that_came_to_the_old_end_first_is_open_again(
    engine: Engine, frozen: FrozenPlan, tmp_path: Path
) -> None:
    """The amendment is in force an hour before the end; the sites come to the end before they hear of it."""
    end = end_of(frozen.calendar, frozen.plan.ends_on)
    real = datetime.now(UTC)
    clock = Clock(real_origin=real, campaign_origin=end - timedelta(hours=1), rate=3600 / 5)  # five seconds are left
    opened_at = end - timedelta(days=30)
    sites = [site(1), site(2)]
    await create_campaign(engine.pool, frozen, sites, clock)
    for one in sites:
        await engine.client.start_workflow(
            "SiteWorkflow",
            SiteStart(terms=site_terms(frozen, one, opened_at, clock)),
            id=f"site/{frozen.plan.id}/{one.id}",
            task_queue=engine.settings.task_queue,
        )
    await record_amendment(engine, frozen, tmp_path, clock)
    assert now(clock) < end, "the amendment came in time"
    streams = [f"site/{frozen.plan.id}/{one.id}" for one in sites]
    for stream in streams:
        async for entries in polled(lambda stream=stream: engine.ledger(stream)):  # type: ignore[misc]
            if entries and entries[-1].kind == "carried_over":
                break
    counts = await city_counts(engine.pool, frozen.plan.id, "east")
    assert (counts.open, counts.carried_over) == (0, 2)

    amender = SiteAmender(engine.pool, engine.client)
    order = AmendSitesOrder(
        campaign_id=frozen.plan.id, city="east", at=now(clock), amendment=1, clock=clock,
        task_queue=engine.settings.task_queue,
    )  # fmt: skip
    told, last = await amended_after(amender, order, ("tell", "east-999", 7))
    assert told == 9, "seven were told before the retry, two are open again"
    for stream in streams:
        entries = await engine.ledger(stream)
        assert [entry.kind for entry in entries][-3:] == ["carried_over", "reinstated", "amended"]
    counts = await city_counts(engine.pool, frozen.plan.id, "east")
    assert (counts.open, counts.carried_over) == (2, 0)
    assert "fence" in (await view(engine, frozen, "east-001")).outstanding, "its workflow runs again"
    lots = await gather(engine.pool, frozen.plan.id, "east", now(clock), lambda kind, rung: f"{kind}:{rung}")
    assert "carry_over" not in {lot.kind for lot in lots}, "nobody is told of a carry-over that does not stand"
    assert (await ActivityEnvironment().run(amender.amend_sites, order)).told == 0, "once"
    assert (await amended_after(amender, order, last))[0] == 9, "a retry after the last heartbeat loses nobody"
    await verify(engine.pool, frozen.plan.id)


async def test_daily_check_delivers_missed_amendment_to_lost_site(
    engine: Engine, frozen: FrozenPlan, tmp_path: Path
) -> None:
    clock = clock_from(frozen, day_seconds=5)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    stream = f"site/{frozen.plan.id}/east-001"
    await engine.ledger_of(stream, 1)
    await record_amendment(engine, frozen, tmp_path, clock)
    await handle.terminate("lost with its server")

    notifier, amender = SiteNotifier(engine.pool, engine.client), SiteAmender(engine.pool, engine.client)
    reconciler = SiteReconciler(engine.pool, engine.client, Recovery(engine.client), notifier, amender)
    order = ReconcileOrder(
        campaign_id=frozen.plan.id,
        city="east",
        at=now(clock),
        opened_at=clock.campaign_origin,
        clock=clock,
        task_queue=engine.settings.task_queue,
    )
    report = await ActivityEnvironment().run(reconciler.reconcile_sites, order)
    assert report.restarted == ("east-001",)
    entries = await engine.ledger_of(stream, 2)
    assert [entry.kind for entry in entries] == ["opened", "amended"]
    assert (await view(engine, frozen, "east-001")).outstanding["fence"] == 40
    before = end_of(frozen.calendar, date(2021, 8, 31))
    assert (await view(engine, frozen, "east-001")).due == before + timedelta(days=15)
    assert await ActivityEnvironment().run(amender.tell_again, frozen.plan.id, "east", clock, order.task_queue) == 0
