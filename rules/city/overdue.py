"""The notices that follow from an overdue document, and how an answer cancels them before they are dispatched."""

from datetime import date, datetime

from rules.city.notices import Line, add_lines, cancel_notices, edit_lines, put_notice
from rules.city.state import CityNotice, CityState
from rules.documents.addressing import LEVELS
from rules.documents.state import TrackedDocument
from schemas import events as ev
from schemas.calendar import clause_data
from schemas.documents.document import DocumentState
from schemas.documents.events import (
    ApprovalOverdue,
    DocumentApproved,
    DocumentCountersigned,
    DocumentLifted,
    DocumentRejected,
    DocumentReplied,
    DocumentSigned,
    DocumentUncountersigned,
    DocumentWithdrawn,
    LiftingOverdue,
    OverduePutOff,
    ReplyOverdue,
    SigningOverdue,
)
from schemas.event import Event
from schemas.stages import Deployment

_TOLD_BY: dict[type[Event], str] = {
    SigningOverdue: "document_receipt_overdue",
    ReplyOverdue: "reply_overdue",
    LiftingOverdue: "lifting_overdue",
}
"""Overdue event -> kind of the document that tells the next higher level; its rung is the place of that level."""


def note_overdue(state: CityState, tracked: TrackedDocument, event: Event, at: datetime, issued_on: date) -> None:
    """Add the notice that follows from an overdue document."""
    if isinstance(event, DocumentUncountersigned):
        put_notice(state, _unsigned_draft(tracked, event, at))
        return
    if not isinstance(event, ApprovalOverdue | SigningOverdue | ReplyOverdue | LiftingOverdue):
        return
    if isinstance(event, ApprovalOverdue):
        data = {
            "document": tracked.kind,
            "rung": tracked.rung,
            "count": len(tracked.sites),
            "due": event.due.isoformat(),
            "approver": tracked.progress.approver,
            "step": event.step,
            "key": tracked.key,
            **clause_data(event.clauses),
        }
        notice = CityNotice(
            kind="approval_overdue",
            rung=event.step,
            key=f"{tracked.key}:approval-overdue-{event.step}",
            data=data,
            at=at,
            answers=tracked.key,
            approver=tracked.progress.approver,
        )
        put_notice(state, notice)
        return
    line = {
        "number": tracked.number or tracked.key,
        "kind": tracked.kind,
        "issued_on": issued_on.isoformat(),
        "due": event.due.isoformat(),
        "units": list(event.units),
        **clause_data(event.clauses),
    }
    rung = LEVELS.index(event.level)
    add_lines(state, _TOLD_BY[type(event)], at, {"documents": [line]}, rung=rung, county=event.county)


def _unsigned_draft(tracked: TrackedDocument, event: DocumentUncountersigned, at: datetime) -> CityNotice:
    """The notice that agencies have not signed the draft of a joint instrument."""
    data = {
        "document": tracked.kind,
        "rung": tracked.rung,
        "count": len(tracked.sites),
        "agencies": list(event.agencies),
        "due": event.due.isoformat(),
        **clause_data(event.clauses),
        "step": event.step,
        "key": tracked.key,
    }
    key = f"{tracked.key}:unsigned-{event.step}"
    return CityNotice(kind="signature_overdue", rung=event.step, key=key, data=data, at=at, answers=tracked.key)


def overdue_documents(state: CityState) -> tuple[str, ...]:
    """The keys of the overdue documents of which a notice waits."""
    named = {
        line["number"]
        for notice in state.waiting
        if notice.kind in _TOLD_BY.values()
        for line in notice.data["documents"]
    }
    return tuple(tracked.key for tracked in state.documents.values() if (tracked.number or tracked.key) in named)


def is_asked_to_sign(state: CityState, tracked: TrackedDocument) -> bool:
    """Whether a notice waits that its units have not signed."""
    name = tracked.number or tracked.key
    receipts = [notice for notice in state.waiting if notice.kind == _TOLD_BY[SigningOverdue]]
    return any(line["number"] == name for notice in receipts for line in notice.data["documents"])


_CURES: dict[type[Event], tuple[str, ...]] = {
    ev.ReceiptSigned: ("receipt_overdue", "no_receipt"),
    ev.DeploymentSubmitted: ("deployment_overdue", "no_deployment"),
    ev.DeploymentApproved: ("decision_overdue",),
    ev.DeploymentReturned: ("decision_overdue",),
}
"""What a city or the province does at last -> what its dispatch has no more reason to tell."""


def cured_in_time(state: CityState, event: Event) -> None:
    """What was done before its delay could be told is not told any more."""
    cured = _CURES.get(type(event), ())
    cancel_notices(state, lambda notice: notice.kind in cured)


def cured_drafts(state: CityState) -> list[TrackedDocument]:
    """The drafts on a city's own conduct whose cause is gone: it has signed for the plan, or deployed."""
    deployed = state.deployment in (Deployment.SUBMITTED, Deployment.APPROVED)
    cured = {"no_receipt": state.receipt_signed_at is not None, "no_deployment": deployed}
    return [p for p in state.documents.values() if p.state is DocumentState.DRAFTED and cured.get(p.kind, False)]


def answered_in_time(state: CityState, tracked: TrackedDocument, event: Event) -> None:
    """What was answered before the notice was dispatched is not told any more."""
    match event:
        case DocumentApproved():
            cancel_notices(state, lambda one: one.answers == tracked.key and one.kind == "approval_overdue")
        case DocumentRejected() | DocumentWithdrawn():
            cancel_notices(state, lambda notice: notice.answers == tracked.key)
        case DocumentCountersigned():
            state.waiting = [one for one in (_without(one, tracked.key, event.agency) for one in state.waiting) if one]
        case DocumentSigned():
            _leave_out(state, "document_receipt_overdue", tracked, event.units)
        case OverduePutOff():
            for kind in _TOLD_BY.values():
                _leave_out(state, kind, tracked, tracked.progress.units)
        case DocumentReplied():
            _leave_out(state, "reply_overdue", tracked, tracked.progress.units)
        case DocumentLifted():
            _leave_out(state, "reply_overdue", tracked, tracked.progress.units)
            _leave_out(state, "lifting_overdue", tracked, tracked.progress.units)


def _without(notice: CityNotice, key: str, agency: str) -> CityNotice | None:
    """The notice of missing signatures without this agency; None if it would name nobody."""
    if notice.kind != "signature_overdue" or notice.answers != key:
        return notice
    left = [one for one in notice.data["agencies"] if one != agency]
    return notice.model_copy(update={"data": {**notice.data, "agencies": left}}) if left else None


def _leave_out(state: CityState, kind: str, tracked: TrackedDocument, units: tuple[str, ...]) -> None:
    """Remove units from a document's line in the notices of this kind; a line without units is removed."""
    name = tracked.number or tracked.key

    def without(line: Line) -> Line | None:
        left = [unit for unit in line["units"] if line["number"] != name or unit not in units]
        return {**line, "units": left} if left else None

    edit_lines(state, kind, "documents", without)
