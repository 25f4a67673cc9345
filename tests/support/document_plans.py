"""A campaign whose documents are numbered, approved, signed for and answered; and how a test sees them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from temporalio.client import WorkflowHandle

from schemas.actor import Actor, Role
from schemas.city import ApproveDeployment, SubmitDeployment
from schemas.clock import Clock
from schemas.documents.commands import SignReceipt
from schemas.documents.document import Document, DocumentState
from schemas.plan import FrozenPlan
from storage.document_file import DocumentFileEntry, read_document_file
from storage.documents import load
from tests.support.plans import CREW, PROVINCE, frozen_plan
from tests.workflow.conftest import Engine, ask, polled

DIRECTOR = Actor(id="director", role=Role.PROVINCE, unit="Director")
VICE = Actor(id="vice", role=Role.SUPERVISOR, unit="Vice governor")
APPROVER = {"name": "Director", "superior": {"name": "Vice governor"}}
DAY = {"amount": 1, "unit": "working_days"}
LADDER = [
    {"rung": 2, "instrument": "supervision_order", "after": {"amount": 1, "unit": "calendar_days"},
     "reply": {"amount": 40, "unit": "working_days"}, "reply_holds": {"amount": 30, "unit": "working_days"},
     "receipt": {"amount": 40, "unit": "working_days"}, "lifting": "decision"},
    {"rung": 3, "instrument": "circular", "after": DAY, "approver": APPROVER,
     "approval": {"amount": 30, "unit": "working_days"}, "receipt": {"amount": 40, "unit": "working_days"}},
]  # fmt: skip


def plan(campaign_id: str, **changes: Any) -> FrozenPlan:
    """A plan whose sites are due within two days of their opening; all other clauses are longer."""
    clauses = {
        "deployment": {"amount": 5, "unit": "working_days"},
        "rectification": {"amount": 2, "unit": "calendar_days"},
        "re_rectification": {"amount": 10, "unit": "working_days"},
        "receipt": {"amount": 40, "unit": "working_days"},
    }
    agencies = [{"name": "Department of Natural Resources", "series": "NR"}]
    return frozen_plan(
        campaign_id,
        clauses=clauses, issuing_agencies=agencies, ladder=LADDER, reminder_days=[], **changes,
    )  # fmt: skip


def now(clock: Clock) -> datetime:
    return clock.campaign_time(datetime.now(UTC))


async def deployed(engine: Engine, frozen: FrozenPlan, clock: Clock) -> WorkflowHandle[Any, Any]:
    stream = f"city/{frozen.plan.id}/east"
    await engine.ledger_of(stream, 1)
    city = engine.client.get_workflow_handle(stream)
    await ask(city, SignReceipt(command_id="receipt", actor=CREW, effective_at=now(clock)))
    await ask(city, SubmitDeployment(command_id="d", actor=CREW, effective_at=now(clock), opinion="seal them"))
    await ask(city, ApproveDeployment(command_id="ok", actor=PROVINCE, effective_at=now(clock)))
    return city


async def seen(engine: Engine, frozen: FrozenPlan, wanted: Callable[[DocumentFileEntry], bool]) -> Document:
    """The first document of the campaign that is as wanted, once there is one."""
    async for documents in polled(lambda: read_document_file(engine.pool, frozen.plan.id), seconds=30):
        for document in documents:
            if wanted(document):
                return await load(engine.pool, document.key)
    raise AssertionError("not reached")


def kind(name: str, *states: DocumentState) -> Callable[[DocumentFileEntry], bool]:
    return lambda document: document.kind == name and (not states or document.state in states)


def said(document: str, command_id: str, actor: Actor, clock: Clock) -> dict[str, Any]:
    return {"command_id": command_id, "actor": actor, "effective_at": now(clock), "document": document}


async def told(look: Callable[[], Awaitable[bool]]) -> None:
    async for yes in polled(look, seconds=30):
        if yes:
            return
