"""The events of a city's documents: drafted, approved, issued, signed for, replied to, lifted."""

from datetime import date
from typing import Any, Literal

from schemas.base import Instant
from schemas.documents.reasons import EngineReason
from schemas.documents.signatures import SignaturesOverdue
from schemas.event import Event, new_field
from schemas.offices import AddresseeLevel


class DocumentDrafted(Event):
    """A document waits for its approver until `due`, or for the signatures of `agencies` until `signing_due`, or both.

    `data` are the facts of its text beside its sites.
    """

    kind: Literal["document_drafted"] = "document_drafted"
    key: str
    document: str
    rung: int
    sites: tuple[str, ...] = ()
    data: dict[str, Any] = {}
    approver: str | None = None
    due: Instant | None = None
    agencies: tuple[str, ...] = new_field(())
    signing_due: Instant | None = new_field(None)
    county: str | None = new_field(None)
    """The county or township that it is addressed to."""


class ApprovalOverdue(Event):
    """The approval is overdue: the superior is notified for the `step`th time, and again at `next_due`."""

    kind: Literal["approval_overdue"] = "approval_overdue"
    key: str
    step: int
    due: Instant
    next_due: Instant


class DocumentApproved(Event):
    kind: Literal["document_approved"] = "document_approved"
    key: str


class DocumentCountersigned(Event):
    """An issuing agency signed the draft of a joint instrument."""

    kind: Literal["document_countersigned"] = "document_countersigned"
    key: str
    agency: str


class DocumentUncountersigned(SignaturesOverdue):
    """The draft of a joint instrument is not signed in time."""

    kind: Literal["document_uncountersigned"] = "document_uncountersigned"
    key: str


class DocumentRejected(Event):
    kind: Literal["document_rejected"] = "document_rejected"
    key: str
    reason: str


class DocumentWithdrawn(Event):
    """A draft that has nothing left to list; it never had a number."""

    kind: Literal["document_withdrawn"] = "document_withdrawn"
    key: str
    reason: EngineReason


class DocumentIssued(Event):
    """A document was issued. `sites` are those that it lists; its text is in the table of documents.

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
    county: str | None = new_field(None)
    """The county or township that it is addressed to; its offices sign."""


class DocumentSigned(Event):
    """These units signed the receipt of a document."""

    kind: Literal["document_signed"] = "document_signed"
    key: str
    units: tuple[str, ...]


class SigningOverdue(Event):
    """These units have not signed: `level`, the `step`th one, is notified; the next one at `next_due`."""

    kind: Literal["signing_overdue"] = "signing_overdue"
    key: str
    step: int
    units: tuple[str, ...]
    due: Instant
    next_due: Instant | None = None
    level: AddresseeLevel
    county: str | None = new_field(None)
    """The county whose level it is; None: a level of the city."""


class OverduePutOff(Event):
    """No channel has sent the document yet: nobody is notified that its receipt is overdue before `next_due`."""

    kind: Literal["overdue_put_off"] = "overdue_put_off"
    key: str
    next_due: Instant | None = None


class DocumentReplied(Event):
    """A written reply; where it changes the hold of the sites, their escalation stops until the end of `held_until`."""

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
    county: str | None = new_field(None)


class LiftingOverdue(Event):
    """The condition for lifting the document is not met in time; a level higher is notified, once."""

    kind: Literal["lifting_overdue"] = "lifting_overdue"
    key: str
    units: tuple[str, ...]
    due: Instant
    level: AddresseeLevel
    county: str | None = new_field(None)


class DocumentLifted(Event):
    """A document is lifted: it asks for nothing any more. Without a reason its condition was met."""

    kind: Literal["document_lifted"] = "document_lifted"
    key: str
    reason: str | None = None


class UnitClimbed(Event):
    """A unit's own conduct (`no_receipt`, `no_deployment`) causes an instrument, on the working day `on`."""

    kind: Literal["unit_climbed"] = "unit_climbed"
    conduct: str
    instrument: str
    due: Instant
    on: date


DOCUMENT_EVENTS: tuple[type[Event], ...] = (
    DocumentDrafted,
    ApprovalOverdue,
    DocumentApproved,
    DocumentCountersigned,
    DocumentUncountersigned,
    DocumentRejected,
    DocumentWithdrawn,
    DocumentIssued,
    DocumentSigned,
    SigningOverdue,
    OverduePutOff,
    DocumentReplied,
    ReplyOverdue,
    LiftingOverdue,
    DocumentLifted,
    UnitClimbed,
)
