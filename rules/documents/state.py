"""A city's open documents in its state, from draft until settled, and how events change them.

A settled document is removed from the state: Postgres and the ledger keep it.
"""

from datetime import datetime
from typing import Any

from rules.documents.signatures import asked, signed, told
from schemas import events as ev
from schemas.base import Instant, StoredModel
from schemas.calendar import named
from schemas.documents.document import DocumentRow, DocumentState, Progress, Reply
from schemas.documents.events import (
    ApprovalOverdue,
    DocumentApproved,
    DocumentCountersigned,
    DocumentDrafted,
    DocumentIssued,
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
from schemas.event import Event, new_field


class TrackedDocument(StoredModel):
    """One document. `sites` and `data` are kept until it is issued; `progress` are its later steps."""

    key: str
    kind: str
    rung: int = 0
    state: DocumentState
    number: str | None = None
    since: Instant
    """When it was drafted, or issued: commands before this are refused."""
    sites: tuple[str, ...] = ()
    data: dict[str, Any] = {}
    progress: Progress = Progress()
    signing_next: Instant | None = None
    """When the next higher level is notified that its receipts are overdue."""
    approval_next: Instant | None = None
    """When the superior is next notified that its approval is overdue."""
    requested: bool = False
    """Whether the request to its approver was issued."""
    signatures_requested: bool = new_field(False)
    """Whether the request to the agencies was issued."""
    lifting_announced: bool = False
    """Whether the document that announces it was issued."""
    open_sites: int | None = None
    """Its sites that were not struck off at the last dispatch hour; None if it needs no lifting."""

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The units that have not signed, in the order in which they are addressed."""
        return self.progress.unsigned

    @property
    def awaits_reply(self) -> bool:
        """Whether its reply is required and missing."""
        return self.progress.awaits_reply

    @property
    def may_issue(self) -> bool:
        """Whether it is approved, and signed by every agency of a joint one, and is issued with the next dispatch."""
        return self.state is DocumentState.DRAFTED and self.progress.ready_at is not None

    @property
    def shown_openly(self) -> bool:
        """Whether it is public, so that a document announces its lifting as well."""
        return self.progress.shown_openly(self.kind)

    @property
    def lifting_to_announce(self) -> bool:
        """Whether a document must still announce its lifting."""
        return self.progress.lifting_to_announce(self.kind, self.lifting_announced)

    @property
    def to_publish(self) -> bool:
        """Whether it is still to be published; a document that is lifted before is not."""
        return self.progress.to_publish

    @property
    def goes_out(self) -> bool:
        """Whether a document that follows from it waits for a dispatch hour."""
        return self.may_issue or self.lifting_to_announce or self.to_publish

    @property
    def settled(self) -> bool:
        """Whether it requires nothing any more."""
        return not self.progress.is_open(self.state, self.kind, self.lifting_announced)

    @property
    def quiet(self) -> bool:
        """Whether it has no further deadline: everything overdue was reported, and no document waits for issue."""
        replied = not self.awaits_reply or self.progress.reply_overdue
        joint = self.progress.joint
        waits = self.approval_next is not None or (joint is not None and joint.next_due is not None)
        silent = self.signing_next is None and not waits and replied
        return self.settled or (silent and not self.goes_out)


class PlannedDocument(StoredModel):
    """A document of the present dispatch that is issued as soon as it has its number."""

    key: str
    kind: str
    rung: int = 0
    sites: tuple[str, ...] = ()
    data: dict[str, Any] = {}
    answers: str | None = None
    approver: str | None = None
    county: str | None = None


def apply_to_documents(documents: dict[str, TrackedDocument], event: Event, at: datetime, actor_id: str) -> str | None:
    """Apply one event to the documents, in place; the key of the document that it is about, or None."""
    match event:
        case DocumentDrafted():
            _move_out(documents, event)
            documents[event.key] = TrackedDocument(
                key=event.key,
                kind=event.document,
                rung=event.rung,
                state=DocumentState.DRAFTED,
                since=at,
                sites=event.sites,
                data=event.data,
                progress=Progress(
                    approver=event.approver,
                    approval_due=event.due,
                    joint=asked(event.agencies, event.signing_due, event.clauses)
                    if event.signing_due is not None
                    else None,
                    county=event.county,
                    clauses=named(approval_due=event.clauses.get("due")),
                ),
                approval_next=event.due,
            )
            return event.key
        case DocumentIssued():
            _issue(documents, event, at)
            return event.key
        case (
            ApprovalOverdue()
            | DocumentApproved()
            | DocumentCountersigned()
            | DocumentUncountersigned()
            | DocumentRejected()
            | DocumentWithdrawn()
            | DocumentSigned()
            | SigningOverdue()
            | OverduePutOff()
            | DocumentReplied()
            | ReplyOverdue()
            | LiftingOverdue()
            | DocumentLifted()
        ):
            tracked = documents.get(event.key)
            if tracked is None:
                return None
            _go_on(tracked, event, at, actor_id)
            return event.key
        case _:
            return None


def _move_out(documents: dict[str, TrackedDocument], event: DocumentDrafted) -> None:
    """Remove sites that the new draft lists from older drafts of the same rung (they were extended meanwhile)."""
    for tracked in documents.values():
        if tracked.state is DocumentState.DRAFTED and (tracked.kind, tracked.rung) == (event.document, event.rung):
            moved = set(event.sites)
            tracked.sites = tuple(site for site in tracked.sites if site not in moved)


def _issue(documents: dict[str, TrackedDocument], event: ev.DocumentIssued, at: datetime) -> None:
    drafted = documents.get(event.key)
    before = drafted.progress if drafted is not None else Progress()
    documents[event.key] = TrackedDocument(
        key=event.key,
        kind=event.document,
        rung=event.rung,
        state=DocumentState.ISSUED,
        number=event.number,
        since=at,
        progress=before.model_copy(
            update={
                "units": event.units,
                "receipt_due": event.receipt_due,
                "reply_due": event.reply_due,
                "lifting": event.lifting,
                "lifting_due": event.lifting_due,
                "publishes_at": event.publishes_at,
                "answers": event.answers,
                "county": event.county,
                "clauses": {**before.clauses, **event.clauses},
            }
        ),
        signing_next=event.receipt_due if event.units else None,
        open_sites=len(event.sites) if event.lifting is not None else None,
    )
    answered = documents.get(event.answers or "")
    if answered is not None and event.document == "approval_request":
        answered.requested = True
    if answered is not None and event.document == "signature_request":
        answered.signatures_requested = True
    if answered is not None and event.document == "publication":
        answered.progress = answered.progress.model_copy(update={"published": True})
    if answered is not None and event.document == "lifting":
        answered.lifting_announced = True


def _go_on(tracked: TrackedDocument, event: Event, at: datetime, actor_id: str) -> None:
    change: dict[str, Any] = {}
    match event:
        case ApprovalOverdue():
            change = {"approval_steps": event.step}
            tracked.approval_next = event.next_due
        case DocumentApproved():
            change = {"approved_at": at, "approved_by": actor_id, "decided_at": at}
            tracked.approval_next = None
        case DocumentCountersigned() if tracked.progress.joint is not None:
            change = {"joint": signed(tracked.progress.joint, event.agency, at, actor_id)}
        case DocumentUncountersigned() if tracked.progress.joint is not None:
            change = {"joint": told(tracked.progress.joint, event)}
        case DocumentRejected():
            change = {"decision_reason": event.reason, "approved_by": actor_id, "decided_at": at}
            tracked.state, tracked.approval_next = DocumentState.REJECTED, None
        case DocumentWithdrawn():
            change = {"decision_reason": event.reason}
            tracked.state, tracked.approval_next = DocumentState.WITHDRAWN, None
        case DocumentSigned():
            p = tracked.progress
            change = {
                "signed": {**p.signed, **dict.fromkeys(event.units, at)},
                "signed_by": {**p.signed_by, **dict.fromkeys(event.units, actor_id)},
            }
        case OverduePutOff() if event.next_due is not None:
            change = {"receipt_steps": max(0, tracked.progress.receipt_steps - 1)}
            tracked.signing_next = event.next_due
        case SigningOverdue():
            change = {"receipt_steps": event.step}
            tracked.signing_next = event.next_due
        case DocumentReplied():
            promised = event.complete_by.isoformat() if event.complete_by else None
            reply = Reply(unit=event.unit, at=at, text=event.text, complete_by=promised, by=actor_id)
            change = {"replies": (*tracked.progress.replies, reply)}
            if event.held_until is not None:
                change["held_until"] = event.held_until.isoformat()
        case ReplyOverdue():
            change = {"reply_overdue": True}
        case LiftingOverdue():
            change = {"lifting_overdue": True}
        case DocumentLifted():
            by = actor_id if event.reason is not None else None
            change = {"lifted_at": at, "lifted_reason": event.reason, "lifted_by": by}
    tracked.progress = tracked.progress.model_copy(update=change)
    if tracked.state.was_issued:
        tracked.state = _how_far(tracked)
    if not tracked.unsigned or tracked.progress.lifted_at is not None:
        tracked.signing_next = None


def _how_far(tracked: TrackedDocument) -> DocumentState:
    p = tracked.progress
    if p.lifted_at is not None:
        return DocumentState.LIFTED
    if p.replies:
        return DocumentState.REPLIED
    if p.units and not tracked.unsigned:
        return DocumentState.RECEIPTED
    return DocumentState.ISSUED


def row_of(tracked: TrackedDocument, seq: int) -> DocumentRow:
    """The row of the document for its table."""
    return DocumentRow(key=tracked.key, seq=seq, state=tracked.state, number=tracked.number, progress=tracked.progress)
