"""A stepped clock on a real server: a workflow knows the time that it was told, and says when it is due next."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError

from rules.calendar import start_of
from schemas.answers import Answer, SiteView
from schemas.base import iso_utc
from schemas.plan import FrozenPlan
from schemas.stepping import STEP, STEP_SIGNAL, Stepped
from simulation.rehearsal.campaign import stepped_clock
from storage.ledger import last_seqs
from tests.support.plans import COUNTY, clock_from, report, site, verdict
from tests.workflow.conftest import Engine, ask

Opened = tuple[WorkflowHandle[Any, Any], datetime]


@pytest.fixture
async def opened(engine: Engine, frozen: FrozenPlan) -> Opened:
    """A site that opened when its stepped clock stood at the first midnight, and that midnight."""
    at = start_of(frozen.calendar, frozen.plan.starts_on)
    return await engine.start_site(frozen, site(1), at, stepped_clock(frozen)), at


async def stepped(handle: WorkflowHandle[Any, Any], *arguments: Any) -> Stepped:
    answer = await handle.execute_update(STEP, args=list(arguments), result_type=Answer)
    return Stepped.model_validate(answer.state[STEP])


async def test_stepping_to_each_due_instant_loses_no_time(engine: Engine, opened: Opened) -> None:
    handle, at = opened
    answer = await stepped(handle, iso_utc(at))
    while answer.next_due is not None:
        assert answer.next_due > at
        at = answer.next_due
        answer = await stepped(handle, iso_utc(at))
    entries = await engine.ledger(handle.id)
    assert [entry.kind for entry in entries][-1] == "carried_over"
    assert {"reminded", "climbed"} <= {entry.kind for entry in entries}
    assert all(entry.received_at == entry.at for entry in entries)
    assert answer.seq == len(entries) == (await last_seqs(engine.pool, handle.id.split("/")[1]))[handle.id]
    assert await handle.result() == "carried_over"


async def test_a_command_in_a_step_is_received_at_its_instant(engine: Engine, opened: Opened) -> None:
    handle, at = opened
    done, sent = at + timedelta(hours=10), at + timedelta(days=2)
    await stepped(handle, iso_utc(sent), "complete_task", report("signs", "r1", done))
    entry = (await engine.ledger(handle.id))[-1]
    assert (entry.kind, entry.at, entry.received_at) == ("task_reported", done, sent)


async def test_step_signal_records_a_refusal_and_answers_as_a_step(engine: Engine, opened: Opened) -> None:
    handle, at = opened
    later = at + timedelta(days=1)
    arguments = [iso_utc(later), "verify", verdict("county", "v1", later, COUNTY)]
    answer = await handle.execute_update(STEP_SIGNAL, args=arguments, result_type=Answer)
    step = Stepped.model_validate(answer.state[STEP])
    entry = (await engine.ledger(handle.id))[-1]
    assert (entry.kind, entry.received_at, entry.seq) == ("refused", later, step.seq)
    assert step.next_due is not None


async def test_a_refused_step_moves_no_clock(opened: Opened) -> None:
    handle, at = opened
    later = at + timedelta(days=1)
    for refused in ([iso_utc(later), "verify", verdict("county", "v1", later, COUNTY)], ["no instant"], []):
        with pytest.raises(WorkflowUpdateFailedError):
            await handle.execute_update(STEP, args=refused, result_type=Answer)
    assert (await handle.query("status", result_type=SiteView)).as_of == at


async def test_message_that_is_no_step_moves_clock_to_event_time(opened: Opened) -> None:
    handle, at = opened
    done = at + timedelta(days=3, hours=10)
    answer = await ask(handle, report("signs", "r1", done))
    assert STEP not in answer.state
    assert (await handle.query("status", result_type=SiteView)).as_of == done


async def test_signals_never_fail_a_stepped_workflow(engine: Engine, opened: Opened) -> None:
    handle, at = opened
    for arguments in ([], ["no instant"], [iso_utc(at), "no_command", {}], [iso_utc(at), "verify"]):
        await handle.signal(STEP, args=arguments)
    await handle.signal("no_command", "\x00")
    assert (await stepped(handle, iso_utc(at))).next_due is not None
    kinds = [entry.kind for entry in await engine.ledger(handle.id)]
    assert kinds == ["opened", "refused", "refused", "refused"]


async def test_without_a_stepped_clock_a_step_is_no_command(engine: Engine, frozen: FrozenPlan) -> None:
    at = start_of(frozen.calendar, frozen.plan.starts_on)
    handle = await engine.start_site(frozen, site(1), at, clock_from(frozen, day_seconds=600))
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await handle.execute_update(STEP, args=[iso_utc(at)], result_type=Answer)
    assert "there is no command 'step'" in str(failed.value.cause)
