"""Documents on the real engine: approved, signed for, answered and lifted by messages, and numbered without gaps."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

import worker
from rules.city.aggregate import CityAggregate
from rules.terms.plan import campaign_terms, city_terms
from schemas.documents.commands import Approve, Lift, Reject, SendReply, SignReceipt
from schemas.documents.document import DocumentState
from schemas.plan import FrozenPlan
from storage.document_file import read_document_file
from storage.documents import load
from storage.ledger import read_stream, verify
from storage.pool import connect
from tests.support.document_plans import DIRECTOR, VICE, deployed, kind, now, plan, said, seen, told
from tests.support.plans import CREW, PROVINCE, clock_from, site
from tests.workflow.conftest import Engine, ask


async def test_document_lifecycle_by_updates_and_signals(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = plan(frozen.plan.id)
    clock = clock_from(frozen, day_seconds=1)
    await engine.start_campaign(frozen, [site(n) for n in range(3)], clock)
    city = await deployed(engine, frozen, clock)

    draft = await seen(engine, frozen, kind("circular", DocumentState.DRAFTED))
    assert draft.number is None and draft.progress.approver == "Director"
    request = await seen(engine, frozen, kind("approval_request"))
    assert request.number is not None and request.recipients[0].name == "Director"
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(city, Approve(**said(draft.key, "a0", PROVINCE, clock)))
    assert "waits for Director or Vice governor" in str(refused.value.cause)
    await ask(city, Approve(**said(draft.key, "a1", DIRECTOR, clock)))

    circular = await seen(engine, frozen, lambda d: d.key == draft.key and d.number is not None)
    assert circular.progress.approved_by == "director" and circular.sites == draft.sites

    async def on_the_circular() -> bool:
        entries = [await read_stream(engine.pool, f"site/{frozen.plan.id}/{one}") for one in circular.sites]
        return all("rung_issued" in [e.kind for e in stream] for stream in entries)

    await told(on_the_circular)
    order = await seen(engine, frozen, kind("supervision_order"))
    assert order.number is not None
    await city.signal("sign_receipt", SignReceipt(**said(order.number, "s1", CREW, clock)))
    await seen(engine, frozen, lambda d: d.key == order.key and d.state is DocumentState.RECEIPTED)
    await ask(city, SendReply(**said(order.number, "r1", CREW, clock), text="it is being done"))
    await seen(engine, frozen, lambda d: d.key == order.key and d.state is DocumentState.REPLIED)
    with pytest.raises(WorkflowUpdateFailedError):
        await ask(city, Lift(**said(order.number, "l0", CREW, clock), reason="we think so"))
    await city.signal("lift", Lift(**said(order.number, "l1", VICE, clock), reason="seen on site"))
    lifted = await seen(engine, frozen, lambda d: d.key == order.key and d.state is DocumentState.LIFTED)
    assert lifted.progress.lifted_reason == "seen on site"
    assert lifted.progress.replies[0].text == "it is being done"
    await verify(engine.pool, frozen.plan.id)


async def test_rejected_document_reproposed_and_bad_command_recorded(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = plan(frozen.plan.id)
    clock = clock_from(frozen, day_seconds=1)
    await engine.start_campaign(frozen, [site(1)], clock)
    city = await deployed(engine, frozen, clock)
    first = await seen(engine, frozen, kind("circular", DocumentState.DRAFTED))
    await city.signal("approve", {"document": first.key})
    await city.signal("approve", Approve(**said("NR [2021] No. 999", "a0", DIRECTOR, clock)))
    await city.signal("reject", Reject(**said(first.key, "r1", VICE, clock), reason="no figures"))
    again = await seen(engine, frozen, lambda d: kind("circular", DocumentState.DRAFTED)(d) and d.key != first.key)
    assert again.sites == first.sites
    rejected = await load(engine.pool, first.key)
    assert (rejected.state, rejected.progress.decision_reason) == (DocumentState.REJECTED, "no figures")
    reasons = [e.data for e in await engine.ledger(city.id) if e.kind == "refused"]
    assert len(reasons) == 2
    assert sum("no open document 'NR [2021] No. 999'" in reason for reason in reasons) == 1
    assert sum("command_id: field required" in reason for reason in reasons) == 1


@pytest.fixture
def little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that stops cuts off after a second what runs."""
    monkeypatch.setattr(worker, "GRACE", timedelta(seconds=1))


@pytest.mark.usefixtures("little_grace")
async def test_worker_death_before_numbering_leaves_no_gap(engine: Engine, frozen: FrozenPlan) -> None:
    """Postgres holds the series while the worker stops; another worker numbers what the first one gathered."""
    frozen = plan(frozen.plan.id)
    clock = clock_from(frozen, day_seconds=1)
    await engine.start_campaign(frozen, [site(n) for n in range(2)], clock)
    await deployed(engine, frozen, clock)
    await seen(engine, frozen, lambda d: (d.number or "").startswith("NR"))
    async with held_series(engine.url) as numbering_waits:
        await told(numbering_waits)
        await engine.stop()
    await engine.serve()
    draft = await seen(engine, frozen, kind("circular", DocumentState.DRAFTED))
    await seen(engine, frozen, kind("approval_request"))
    documents = await read_document_file(engine.pool, frozen.plan.id)
    numbered = sorted(int(n.rpartition(" ")[2]) for d in documents if (n := d.number or "").startswith("NR"))
    assert numbered == list(range(1, len(numbered) + 1))
    assert [d.key for d in documents].count(draft.key) == 1


@asynccontextmanager
async def held_series(url: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Nobody numbers while this lasts; gives whether somebody waits to."""
    holder, watcher = await connect(url), await connect(url)

    async def somebody_waits() -> bool:
        waiting: int = await watcher.fetchval(
            "select count(*) from pg_stat_activity where datname = current_database() "
            "and wait_event_type = 'Lock' and query like '%number_series%'"
        )
        return waiting > 0

    try:
        async with holder.transaction():
            await holder.execute("select from number_series for update")
            yield somebody_waits
    finally:
        await holder.close()
        await watcher.close()


async def test_city_restarted_from_ledger_keeps_documents(engine: Engine, frozen: FrozenPlan) -> None:
    frozen = plan(frozen.plan.id)
    clock = clock_from(frozen, day_seconds=1)
    await engine.start_campaign(frozen, [site(n) for n in range(2)], clock)
    city = await deployed(engine, frozen, clock)
    draft = await seen(engine, frozen, kind("circular", DocumentState.DRAFTED))
    await seen(engine, frozen, kind("approval_request"))
    await city.terminate("lost")
    entries = await read_stream(engine.pool, city.id)
    terms = campaign_terms(frozen, now(clock), clock)
    desk = CityAggregate(city_terms(terms, terms.cities[0], entries[0].at))
    desk.restore(entries)
    assert desk.state.documents[draft.key].requested

    # The campaign's next anchor finds that the city has no workflow, and starts it from its ledger.
    async def runs() -> bool:
        description = await engine.client.get_workflow_handle(city.id).describe()
        return description.status is not None and description.status.name == "RUNNING"

    await told(runs)
    await ask(engine.client.get_workflow_handle(city.id), Approve(**said(draft.key, "a1", DIRECTOR, clock)))
    await seen(engine, frozen, lambda d: d.key == draft.key and d.number is not None)
    await verify(engine.pool, frozen.plan.id)
