"""What people send to a site, on a real server: answers, refusals, and signals of which none is lost."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from rules.terms.plan import site_terms
from schemas.answers import Answer, SiteView, Verdict
from schemas.clock import Clock
from schemas.plan import FrozenPlan
from schemas.site.commands import Resume, Suspend
from schemas.starts import SiteStart
from storage.status import site_status
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


@pytest.fixture
async def opened(engine: Engine, frozen: FrozenPlan) -> tuple[WorkflowHandle[Any, Any], datetime, Clock]:
    """A site opened at the campaign's first midnight, its campaign time now, and the clock."""
    clock = clock_from(frozen, day_seconds=600)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    return handle, clock.campaign_time(datetime.now(UTC)), clock


async def kinds(engine: Engine, handle: WorkflowHandle[Any, Any], wanted: int) -> list[str]:
    """The kinds of the site's ledger entries, once there are as many as wanted."""
    return [entry.kind for entry in await engine.ledger_of(handle.id, wanted)]


async def test_a_site_is_reported_verified_and_struck_off(engine: Engine, opened: Any) -> None:
    handle, now, _ = opened
    first = await ask(handle, report("signs", "r1", now))
    assert first.verdict is Verdict.ACCEPTED
    assert first.state["outstanding"] == {"seal": 1}
    second = await ask(handle, report("seal", "r2", now))
    assert (second.state["stage"], second.state["level"]) == ("verifying", "county")
    await ask(handle, verdict("county", "v1", now, COUNTY))
    last = await ask(handle, verdict("city", "v2", now, CITY_BUREAU))
    assert last.state["stage"] == "closed"
    assert await handle.result() == "closed"
    assert [e.kind for e in await engine.ledger(handle.id)] == [
        "opened", "task_reported", "task_reported", "verification_requested", "level_passed", "closed",
    ]  # fmt: skip


async def test_the_same_command_twice_is_one_event(engine: Engine, opened: Any) -> None:
    handle, now, _ = opened
    command = report("signs", "once", now)
    await ask(handle, command)
    again = await handle.execute_update("complete_task", command, id="another-update-id", result_type=Answer)
    assert again.verdict is Verdict.DUPLICATE
    for _ in range(3):
        await handle.signal("complete_task", command)
    await ask(handle, report("seal", "after", now))
    assert await kinds(engine, handle, 4) == ["opened", "task_reported", "task_reported", "verification_requested"]


async def test_a_refused_update_says_why_and_leaves_no_history(opened: Any) -> None:
    handle, now, _ = opened
    before = (await handle.describe()).history_length
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, verdict("county", "too-early", now, COUNTY))
    assert isinstance(refused.value.cause, ApplicationError)
    assert "verify is not allowed while the site is rectifying" in str(refused.value.cause)
    assert "allowed: complete_task" in str(refused.value.cause)
    assert (await handle.describe()).history_length - before <= 4  # the opening's own task, no update event
    with pytest.raises(WorkflowUpdateFailedError) as unreadable:
        await handle.execute_update("complete_task", {"command_id": "x", "quantity": -1})
    said = str(unreadable.value.cause)
    assert "actor: field required" in said and "quantity" in said and "-1" in said


async def test_nobody_verifies_their_own_work(opened: Any) -> None:
    handle, now, _ = opened
    await ask(handle, report("signs", "r1", now))
    await ask(handle, report("seal", "r2", now))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, verdict("county", "v1", now, CREW))
    assert "crew-1 reported work at this site" in str(refused.value.cause)


async def test_no_signal_is_lost_whatever_it_is(engine: Engine, opened: Any) -> None:
    handle, now, _ = opened
    await handle.signal("complete_task", {"command_id": "half", "requirement": "signs"})
    await handle.signal("complete_tusk", {"command_id": "misspelt"})
    await handle.signal("complete_task", "not even an object")
    await handle.signal("complete_task")
    await handle.signal("verify", args=[1, 2])
    await handle.signal("complete_task", b"\x00\xff")
    await handle.signal("verify", verdict("county", "too-early", now, COUNTY))
    await handle.signal("complete_task", report("signs", "good", now))
    assert sorted(await kinds(engine, handle, 9)) == ["opened"] + ["refused"] * 7 + ["task_reported"]
    view = await handle.query("status", result_type=SiteView)
    reasons = {refusal["command_id"]: refusal["reason"] for refusal in view.refused}
    assert "actor: field required" in reasons["half"]
    assert "there is no command 'complete_tusk'" in reasons["misspelt"]
    assert "not allowed while the site is rectifying" in reasons["too-early"]
    status = await site_status(engine.pool, view.campaign_id, view.site_id, now)
    assert status.stage == "rectifying"


async def test_a_report_from_the_field_counts_when_it_happened(engine: Engine, opened: Any) -> None:
    handle, now, clock = opened
    happened = clock.campaign_origin + timedelta(seconds=2)
    await handle.signal("complete_task", report("signs", "late", happened))
    await kinds(engine, handle, 2)
    entry = (await engine.ledger(handle.id))[1]
    assert entry.at == happened
    assert entry.received_at >= now


async def test_commands_are_kept_while_no_worker_runs(engine: Engine, opened: Any) -> None:
    handle, now, _ = opened
    await kinds(engine, handle, 1)
    await engine.stop()
    for command in (report("signs", "r1", now), report("seal", "r2", now)):
        await handle.signal("complete_task", command)
    await engine.serve()
    assert await kinds(engine, handle, 4) == ["opened", "task_reported", "task_reported", "verification_requested"]


async def test_a_suspended_site_stands_still(opened: Any) -> None:
    handle, now, _ = opened
    suspended = await ask(handle, Suspend(command_id="s1", actor=PROVINCE, effective_at=now, reason="flood"))
    assert suspended.state["suspended"] and not suspended.state["overdue"]
    resumed = await ask(handle, Resume(command_id="s2", actor=PROVINCE, effective_at=now + timedelta(days=2)))
    assert not resumed.state["suspended"]


def test_inputs_of_a_site_stay_small() -> None:
    frozen = frozen_plan(
        "c",
        catalogue=[
            {"id": f"requirement-{n}", "title": "T", "unit": "square metre", "evidence": ["before", "during", "after"]}
            for n in range(12)
        ],
    )
    terms = site_terms(frozen, site(1), datetime(2021, 7, 20, tzinfo=UTC), Clock())
    assert len(SiteStart(terms=terms).model_dump_json()) < 8192


async def test_update_allowed_by_a_waiting_signal_is_accepted(engine: Engine, frozen: FrozenPlan) -> None:
    await engine.stop()  # both messages reach the site in its first workflow task
    clock = clock_from(frozen, day_seconds=600)
    handle = await engine.start_site(frozen, site(1), clock.campaign_origin, clock)
    at = clock.campaign_time(datetime.now(UTC))
    await handle.signal("suspend", Suspend(command_id="s", actor=PROVINCE, effective_at=at, reason="flood"))
    resumed = asyncio.create_task(ask(handle, Resume(command_id="r", actor=PROVINCE, effective_at=at)))
    await asyncio.sleep(0.3)
    await engine.serve()
    assert (await resumed).verdict is Verdict.ACCEPTED
    assert [e.kind for e in await engine.ledger(handle.id)] == ["opened", "suspended", "resumed"]
