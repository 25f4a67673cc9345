"""From a recipient's choice in the plan to the delivery: what the engine plans when it issues a document."""

from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from schemas.plan import FrozenPlan
from storage.deliveries import dead_letters, deliveries_of
from storage.document_file import read_document_file
from storage.documents import undelivered
from tests.support.plans import PLAN, clock_from, frozen_plan
from tests.workflow.conftest import Engine, engine_on, polled

CITY = PLAN["cities"][0] | {
    "recipients": [
        {"name": "Duty desk", "email": "duty@east.example"},
        {"name": "Group", "channels": {"east-group": ["plan_issue"]}},
    ]
}


def choosing(frozen: FrozenPlan) -> FrozenPlan:
    return frozen_plan(frozen.plan.id, cities=[CITY])


async def issued_plan(engine: Engine, frozen: FrozenPlan) -> dict[str, Any]:
    """Channel to state of the issued plan, once nothing waits any more."""
    await engine.start_campaign(frozen, [], clock_from(frozen, day_seconds=1))
    async for issued in polled(lambda: read_document_file(engine.pool, frozen.plan.id)):
        if any(document.kind == "plan_issue" for document in issued):
            break
    [plan] = [document for document in issued if document.kind == "plan_issue"]
    async for waiting in polled(lambda: undelivered(engine.pool, frozen.plan.id)):
        if plan.key not in waiting:
            break
    return {one.channel: one.state.value for one in await deliveries_of(engine.pool, plan.key)}


async def test_planned_channel_unknown_to_worker_gives_dead_letter(engine: Engine, frozen: FrozenPlan) -> None:
    states = await issued_plan(engine, choosing(frozen))

    assert states == {"outbox": "sent", "east-group": "failed"}
    [letter] = await dead_letters(engine.pool, frozen.plan.id)
    assert letter.kind == "plan_issue" and [to.name for to in letter.recipients] == ["Group"]
    assert "east-group: the worker knows no channel of that name (it knows outbox)" in (letter.result or "")


@pytest.fixture
async def rehearsing(temporal_client: Client, postgres_url: str, tmp_path: Path) -> Any:
    """An engine as a rehearsal runs it."""
    async for served in engine_on(temporal_client, postgres_url, tmp_path):
        await served.stop()
        served.settings = served.settings.model_copy(update={"outbox_only": True})
        await served.serve()
        yield served


async def test_a_rehearsal_sends_to_the_outbox_and_to_nobody_else(rehearsing: Engine, frozen: FrozenPlan) -> None:
    assert await issued_plan(rehearsing, choosing(frozen)) == {"outbox": "sent"}
