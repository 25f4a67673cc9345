"""What happened to the documents of a desk: drafted, approved, issued, signed for, replied to, lifted."""

from datetime import date
from typing import Any, Literal

from schemas.base import Instant
from schemas.event import Event, new_field
from schemas.offices import AddresseeLevel


class DocumentDrafted(Event):
    """A document waits for its approver; `data` is what it will say beside its sites."""

    kind: Literal["document_drafted"] = "document_drafted"
    key: str
    document: str
    rung: int
    sites: tuple[str, ...] = ()
    data: dict[str, Any] = {}
    approver: str
    due: Instant


class ApprovalOverdue(Event):
    """The approver was silent: the superior is told, for the `step`th time; `next_due` is when again."""

    kind: Literal["approval_overdue"] = "approval_overdue"
    key: str
    step: int
    due: Instant
    next_due: Instant


class DocumentApproved(Event):
    kind: Literal["document_approved"] = "document_approved"
    key: str


class DocumentRejected(Event):
    kind: Literal["document_rejected"] = "document_rejected"
    key: str
    reason: str


class DocumentWithdrawn(Event):
    """An approved document that has nothing left to list; it never had a number.

    `reason` is an `EngineReason`; in older entries its text.
    """

    kind: Literal["document_withdrawn"] = "document_withdrawn"
    key: str
    reason: str


class DocumentIssued(Event):
    """A document left this desk. `sites` lists its subjects; the rendered text lives with the document.

    `units` must sign by `receipt_due`; `answers` is the key of the document that this one follows from.
    """

    kind: Literal["document_issued"] = "document_issued"
    key: str
    document: str
    rung: int
    sites: tuple[str, ...] = ()
    number: str | None = None
    units: tuple[str, ...] = new_field(())
    receipt_due: Instant | None = None
    reply_due: Instant | None = None
    lifting: str | None = None
    lifting_due: Instant | None = None
    publishes_at: Instant | None = None
    answers: str | None = None


class DocumentSigned(Event):
    """These units signed for a document."""

    kind: Literal["document_signed"] = "document_signed"
    key: str
    units: tuple[str, ...]


class SigningOverdue(Event):
    """These units have not signed: `level` is told, the `step`th; `next_due` is when the next one is."""

    kind: Literal["signing_overdue"] = "signing_overdue"
    key: str
    step: int
    units: tuple[str, ...]
    due: Instant
    next_due: Instant | None = None
    level: AddresseeLevel


class SilencePutOff(Event):
    """No channel has brought the document to anybody yet: its silence is not told now. Receipt is asked again later."""

    kind: Literal["silence_put_off"] = "silence_put_off"
    key: str
    next_due: Instant | None = None


class DocumentReplied(Event):
    """The written reply; where it stops the climb of the sites, they stay until the end of the day `held_until`."""

    kind: Literal["document_replied"] = "document_replied"
    key: str
    unit: str
    text: str
    complete_by: date | None = None
    held_until: date | None = None


class ReplyOverdue(Event):
    kind: Literal["reply_overdue"] = "reply_overdue"
    key: str
    units: tuple[str, ...]
    due: Instant
    level: AddresseeLevel


class LiftingOverdue(Event):
    """What the document is lifted for did not come in time; a level higher is told, once."""

    kind: Literal["lifting_overdue"] = "lifting_overdue"
    key: str
    units: tuple[str, ...]
    due: Instant
    level: AddresseeLevel


class DocumentLifted(Event):
    """Nothing is asked for under a document any more; without a reason its condition was met."""

    kind: Literal["document_lifted"] = "document_lifted"
    key: str
    reason: str | None = None


class UnitClimbed(Event):
    """A unit's own conduct (`no_receipt`, `no_deployment`) brings an instrument about, on the working day `on`."""

    kind: Literal["unit_climbed"] = "unit_climbed"
    conduct: str
    instrument: str
    due: Instant
    on: date


DOCUMENT_EVENTS: tuple[type[Event], ...] = (
    DocumentDrafted,
    ApprovalOverdue,
    DocumentApproved,
    DocumentRejected,
    DocumentWithdrawn,
    DocumentIssued,
    DocumentSigned,
    SigningOverdue,
    SilencePutOff,
    DocumentReplied,
    ReplyOverdue,
    LiftingOverdue,
    DocumentLifted,
    UnitClimbed,
)
