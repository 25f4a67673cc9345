"""Documents: their content, recipients, state and progress."""

from enum import StrEnum
from typing import Any

from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.documents.signatures import Signatures
from schemas.event import new_field
from schemas.ladder import Instrument
from schemas.offices import Recipient


class DocumentState(StrEnum):
    """The state of a document. Each delivery has its own (`DeliveryState`); `failed`: every delivery failed."""

    DRAFTED = "drafted"
    """It waits for its approver, or for the signatures of the agencies; it has no number yet."""
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """Approved too late: no site was left to list."""
    ISSUED = "issued"
    SENT = "sent"
    RECEIPTED = "receipted"
    """Every unit that had to sign has signed."""
    REPLIED = "replied"
    LIFTED = "lifted"
    FAILED = "failed"

    @property
    def put_away(self) -> bool:
        """Whether it was drafted and will never be issued."""
        return self in (DocumentState.REJECTED, DocumentState.WITHDRAWN)

    @property
    def was_issued(self) -> bool:
        """Whether it was issued under its number, whatever its state is since then."""
        return self is not DocumentState.DRAFTED and not self.put_away


class DeliveryState(StrEnum):
    """The state of a delivery; `failed` is a dead letter, which can be sent again."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class PlannedDelivery(StoredModel):
    """A document's delivery through one channel, to these recipients."""

    channel: str
    recipients: tuple[Recipient, ...] = ()


class RenderedDocument(StoredModel):
    """A document's text as it is stored and delivered; `key` is that of its draft.

    `letter` is its content by parts, from which the PDF is rendered whenever it is sent.
    """

    key: str
    subject: str
    text: str
    html: str
    addressee: str
    recipients: tuple[Recipient, ...]
    letter: dict[str, Any] | None = None
    deliveries: tuple[PlannedDelivery, ...] = ()


class Reply(StoredModel):
    """A written reply (回复): `complete_by` is the day it promises, ISO 8601."""

    unit: str
    at: Instant
    text: str
    complete_by: str | None = None
    by: str | None = None
    """The id of the person who sent it."""


class Progress(StoredModel):
    """The progress of a document: approval, receipts (签收), replies, publication, lifting. Deadlines are instants."""

    approver: str | None = None
    approval_due: Instant | None = None
    clauses: ClauseNames = new_field({})
    """The clause of each deadline, by its field."""
    approval_steps: int = 0
    """How often the superior was notified that the approval is overdue."""
    approved_at: Instant | None = None
    approved_by: str | None = None
    """Who decided, whether for or against it."""
    decided_at: Instant | None = None
    decision_reason: str | None = None
    units: tuple[str, ...] = ()
    """Who must sign."""
    signed: dict[str, Instant] = {}
    """Unit to the moment it signed."""
    signed_by: dict[str, str] = {}
    """Unit to the id of the person who signed."""
    receipt_due: Instant | None = None
    receipt_steps: int = 0
    """How many higher levels were notified that the receipts are overdue."""
    reply_due: Instant | None = None
    reply_overdue: bool = False
    replies: tuple[Reply, ...] = ()
    held_until: str | None = new_field(None)
    """The last day on which the replies stop the climb of its sites, ISO 8601."""
    lifting: str | None = None
    lifting_due: Instant | None = None
    lifting_overdue: bool = False
    lifted_at: Instant | None = None
    lifted_reason: str | None = None
    lifted_by: str | None = None
    publishes_at: Instant | None = None
    published: bool = False
    answers: str | None = None
    """The key of the document that this one follows from."""
    county: str | None = new_field(None)
    """The county (its code) or the township (`county/code`) that it is addressed to; else None."""
    joint: Signatures | None = new_field(None)
    """The signatures of the agencies under the draft of a joint instrument."""

    @property
    def ready_at(self) -> Instant | None:
        """When a draft had its approval and every signature that it waits for; None while one is missing."""
        if (self.approver is not None and self.approved_at is None) or (self.joint is not None and self.joint.missing):
            return None
        signed = self.joint.signed.values() if self.joint is not None else ()
        return max([*signed, *([self.approved_at] if self.approved_at is not None else [])], default=None)

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The units that have not signed, in the order in which they are addressed."""
        return tuple(unit for unit in self.units if unit not in self.signed)

    @property
    def awaits_reply(self) -> bool:
        """Whether a written reply is asked for and missing; a lifted document asks for none."""
        return self.reply_due is not None and not self.replies and self.lifted_at is None

    @property
    def awaits_lifting(self) -> bool:
        """Whether it is in force until it is lifted, and is not lifted yet."""
        return self.lifting is not None and self.lifted_at is None

    @property
    def to_publish(self) -> bool:
        """Whether it is still to be published; a document that is lifted before is not."""
        return self.publishes_at is not None and not self.published and self.lifted_at is None

    def shown_openly(self, kind: str) -> bool:
        """Whether a document of this kind is public, so that its lifting is announced by a document as well."""
        return kind == Instrument.LISTED_SUPERVISION or self.publishes_at is not None

    def lifting_to_announce(self, kind: str, lifting_announced: bool) -> bool:
        """Whether its lifting is still to be announced by a document (`lifting_announced`: it was)."""
        return self.shown_openly(kind) and self.lifted_at is not None and not lifting_announced

    def is_open(self, state: DocumentState, kind: str, lifting_announced: bool) -> bool:
        """Whether it waits for a decision, a receipt, a reply, its publication or its lifting."""
        if state.put_away:
            return False
        return state is DocumentState.DRAFTED or bool(
            self.unsigned
            or self.awaits_reply
            or self.awaits_lifting
            or self.to_publish
            or self.lifting_to_announce(kind, lifting_announced)
        )


class DocumentRow(StoredModel):
    """A document's state as its city has it; `seq` (the city's) guards against writes out of order."""

    key: str
    seq: int
    state: DocumentState
    number: str | None = None
    progress: Progress = Progress()


class Document(StoredModel):
    """A document as Postgres stores it."""

    key: str
    campaign_id: str
    city: str
    kind: str
    rung: int
    number: str | None = None
    issued_at: Instant
    sites: tuple[str, ...] = ()
    data: dict[str, Any] = {}
    subject: str
    text: str
    html: str
    letter: dict[str, Any] | None = None
    addressee: str
    recipients: tuple[Recipient, ...]
    state: DocumentState
    sent_at: Instant | None = None
    progress: Progress = Progress()


def key_to(key: str, county: str | None) -> str:
    """The key of a document that goes to a county; the key itself without one."""
    return key if county is None else f"{key}:{county}"


class Lot(StoredModel):
    """Notices of one kind and rung that wait in one city: one document lists their sites.

    `key` is the document's, where a previous dispatch gathered them for a document that was never issued. `data` is
    that of a notice which names no site; `county` the lead county whose offices it goes to.
    """

    kind: str
    rung: int
    sites: tuple[str, ...]
    key: str | None = None
    data: dict[str, Any] = {}
    county: str | None = new_field(None)
