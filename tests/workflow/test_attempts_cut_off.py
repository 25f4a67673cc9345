"""An attempt that recorded and was then cut off: the ledger stands, the workflow adopts it and goes on."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from activities.recording.ledger import record_or_rebase
from rules.command_results import Received, fingerprint
from rules.site.aggregate import SiteAggregate
from rules.terms.plan import site_terms
from schemas.answers import Verdict
from schemas.command import Command
from schemas.ledger import RecordBatch
from schemas.plan import FrozenPlan
from storage.campaigns import create_campaign
from storage.ledger import verify
from storage.recorder import Recorder
from tests.support.plans import COUNTY, clock_from, report, site, verdict
from tests.workflow.conftest import Engine, ask


async def recorded_by_another_attempt(
    engine: Engine, case: SiteAggregate, commands: list[Command], now: datetime
) -> None:
    """Record what an attempt of the same workflow would have made of these commands before it died."""
    outcome = case.advance([Received(command, now) for command in commands], now)
    recorder = Recorder(engine.pool)
    await recorder.record(
        RecordBatch(
            campaign_id=case.terms.campaign_id,
            subject="site",
            city=case.terms.city,
            entries=tuple(outcome.entries),
            site=case.row(),
            notices=tuple(outcome.notices),
        )
    )
    await recorder.close()


@pytest.fixture
async def cut_off(engine: Engine, frozen: FrozenPlan) -> Any:
    """A site whose opening and first report are in the ledger, recorded by an attempt that never completed."""
    clock = clock_from(frozen, day_seconds=600)
    opened_at = clock.campaign_origin
    assert opened_at is not None
    await create_campaign(engine.pool, frozen, [site(1)], clock)
    now = clock.campaign_time(datetime.now(UTC))
    first = report("signs", "r1", now)
    refused = verdict("county", "early", now, COUNTY)
    case = SiteAggregate(site_terms(frozen, site(1), opened_at, clock))
    await recorded_by_another_attempt(engine, case, [first, refused], now + timedelta(seconds=1))
    handle = await engine.start_site(frozen, site(1), opened_at, clock)
    return handle, first, refused, now


async def test_the_workflow_adopts_what_stands_in_the_ledger(engine: Engine, cut_off: Any) -> None:
    handle, first, _, now = cut_off
    answer = await ask(handle, first)
    assert answer.verdict in (Verdict.ACCEPTED, Verdict.DUPLICATE)
    assert answer.state["outstanding"] == {"seal": 1}
    second = await ask(handle, report("seal", "r2", now))
    assert second.state["stage"] == "verifying"
    entries = await engine.ledger(handle.id)
    assert [e.kind for e in entries] == [
        "opened", "task_reported", "refused", "task_reported", "verification_requested",
    ]  # fmt: skip
    assert (await verify(engine.pool, second.state["campaign_id"])).entries == 5


async def test_a_refusal_that_stands_is_not_recorded_again(engine: Engine, cut_off: Any) -> None:
    handle, first, refused, now = cut_off
    await handle.signal("complete_task", first)
    await handle.signal("verify", refused)
    with pytest.raises(WorkflowUpdateFailedError):
        await ask(handle, verdict("county", "still-too-early", now, COUNTY))
    await ask(handle, report("seal", "r2", now))
    entries = await engine.ledger(handle.id)
    refusals = [json.loads(e.data)["command_id"] for e in entries if e.kind == "refused"]
    assert refusals.count("early") <= 2, "by the attempt that was cut off, and by the signal that came after it"
    assert refusals.count("still-too-early") <= 1, "only where the messages before it waited with it"
    assert [e.kind for e in entries].count("task_reported") == 2


async def test_a_ledger_that_does_not_follow_is_never_written_over(engine: Engine, frozen: FrozenPlan) -> None:
    clock = clock_from(frozen, day_seconds=600)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    now = clock.campaign_time(datetime.now(UTC))
    await ask(handle, report("signs", "r1", now))
    before = await engine.ledger(handle.id)
    # A stranger's history of the same site: another first entry, and what follows from it.
    elsewhen = now - timedelta(seconds=1)
    stranger = SiteAggregate(site_terms(frozen, site(1), elsewhen, clock))
    outcome = stranger.advance([Received(report("seal", "x1", now), now)], now)
    burst = RecordBatch(
        campaign_id=frozen.plan.id, subject="site", city="east", entries=tuple(outcome.entries[1:]), site=stranger.row()
    )
    recorder = Recorder(engine.pool)
    told = await record_or_rebase(engine.pool, recorder, burst)
    await recorder.close()
    assert list(told.standing) == before, "who tells another past is given the recorded one"
    assert await engine.ledger(handle.id) == before


async def test_release_with_different_replay_continues_from_ledger(
    engine: Engine, frozen: FrozenPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    await engine.stop()
    engine.settings = engine.settings.model_copy(update={"cache_size": 0})  # every task replays, as after a release
    await engine.serve()
    clock = clock_from(frozen, day_seconds=600)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    now = clock.campaign_time(datetime.now(UTC))
    first = report("signs", "r1", now)
    await ask(handle, first)
    # The release: the same commands give entries with another content.
    monkeypatch.setattr("rules.command_results.fingerprint", lambda command: f"new-{command.command_id}"[:16])
    answer = await ask(handle, report("seal", "r2", now))
    assert answer.state["stage"] == "verifying"
    assert (await ask(handle, verdict("county", "v1", now, COUNTY))).state["level"] == "city"
    entries = await engine.ledger(handle.id)
    assert [e.kind for e in entries] == [
        "opened", "task_reported", "task_reported", "verification_requested", "level_passed",
    ]  # fmt: skip
    assert fingerprint(first) in entries[1].data, "what was recorded stands"
    assert (await verify(engine.pool, frozen.plan.id)).entries == 5
