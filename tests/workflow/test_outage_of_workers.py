"""Messages that wait in Temporal while no worker runs: an outage costs nobody their event time or their deadline."""

import asyncio
from datetime import UTC, datetime, timedelta

from rules.calendar import start_of
from rules.terms.plan import ends_at
from schemas.plan import FrozenPlan
from schemas.site.commands import Suspend
from tests.support.plans import CREW, clock_from, frozen_plan, report, site
from tests.workflow.conftest import Engine

MORE_THAN_A_BATCH = 110
DAY = 0.25
"""Seconds of a campaign's day."""


def short(frozen: FrozenPlan, late_report: int = 2, **changes: str) -> FrozenPlan:
    """Reports are taken up to so many days late, and the work is due after eight."""
    clauses = {"rectification": 8, "late_report": late_report, "re_rectification": 10, "deployment": 5}
    said = {name: {"amount": amount, "unit": "calendar_days"} for name, amount in clauses.items()}
    return frozen_plan(frozen.plan.id, clauses=said, reminder_days=[], **changes)


async def test_reports_in_time_count_although_the_worker_comes_back_late(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = short(frozen)
    clock = clock_from(frozen, day_seconds=DAY)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    await engine.ledger_of(handle.id, 1)
    await engine.stop()
    happened = clock.campaign_time(datetime.now(UTC))
    for number in range(MORE_THAN_A_BATCH):  # refused each, and before the reports by event time
        strange = report("roof", f"strange-{number}", happened - timedelta(minutes=1))
        await handle.signal("complete_task", strange)
    for number, requirement in enumerate(("signs", "seal")):
        await handle.signal("complete_task", report(requirement, f"r{number}", happened))
    sent = clock.campaign_time(datetime.now(UTC))
    due = start_of(frozen.calendar, frozen.plan.starts_on) + timedelta(days=9)
    assert sent < due, "the machine was too slow for this test"
    await asyncio.sleep(15 * DAY)
    await engine.serve()
    entries = await engine.ledger_of(handle.id, MORE_THAN_A_BATCH + 4)
    told = [entry for entry in entries if entry.kind != "refused"]
    assert [entry.kind for entry in told][:4] == ["opened", "task_reported", "task_reported", "verification_requested"]
    assert {entry.at for entry in told[1:3]} == {happened}
    assert all(entry.received_at > due for entry in told[1:3])
    history = [event async for event in handle.fetch_history_events()]
    asked = [event for event in history if event.HasField("activity_task_scheduled_event_attributes")]
    names = [event.activity_task_scheduled_event_attributes.activity_type.name for event in asked]
    assert names.count("read_arrivals") == 1, "once for all that wait"


async def test_what_counts_as_of_its_arrival_is_judged_after_what_came_before(
    engine: Engine, frozen: FrozenPlan
) -> None:
    """More than a batch claim a time of before the opening, and arrive after the campaign's end."""
    frozen = short(frozen, late_report=90, ends_on="2021-07-27")
    clock = clock_from(frozen, day_seconds=DAY)
    opened_at = clock.campaign_origin
    assert opened_at is not None
    handle = await engine.start_site(frozen, site(1), opened_at, clock)
    await engine.ledger_of(handle.id, 1)
    await engine.stop()
    happened = clock.campaign_time(datetime.now(UTC))
    assert happened < ends_at(frozen), "the machine was too slow for this test"
    await asyncio.sleep(14 * DAY)
    for number in range(MORE_THAN_A_BATCH):
        await handle.signal("complete_task", report("roof", f"old-{number}", opened_at - timedelta(days=1)))
    for requirement in ("signs", "seal"):
        await handle.signal("complete_task", report(requirement, requirement, happened))
    await engine.serve()
    entries = await engine.ledger_of(handle.id, MORE_THAN_A_BATCH + 4)
    told = [entry.kind for entry in entries if entry.kind != "refused"]
    assert told[:4] == ["opened", "task_reported", "task_reported", "verification_requested"]


async def test_a_claim_too_old_at_its_arrival_counts_as_of_that(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = short(frozen)
    clock = clock_from(frozen, day_seconds=DAY)
    opened_at = clock.campaign_origin
    assert opened_at is not None
    handle = await engine.start_site(frozen, site(1), opened_at - timedelta(days=20), clock)
    await engine.ledger_of(handle.id, 1)
    await engine.stop()
    claimed = opened_at - timedelta(days=10)
    said = Suspend(command_id="s", actor=CREW, effective_at=claimed, reason="flood")
    before = clock.campaign_time(datetime.now(UTC))
    await handle.signal("complete_task", report("signs", "old", claimed))
    await handle.signal("suspend", said)
    after = clock.campaign_time(datetime.now(UTC))
    await asyncio.sleep(8 * DAY)
    await engine.serve()
    entries = [e for e in await engine.ledger_of(handle.id, 3) if e.kind == "task_reported"]
    assert before - timedelta(hours=1) <= entries[0].at <= after
    assert entries[0].received_at - entries[0].at > timedelta(days=6)
