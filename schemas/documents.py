"""Documents: what is issued, to whom, and where each stands."""

from enum import StrEnum
from typing import Any

from schemas.base import Instant, Kept
from schemas.offices import Recipient


class DocumentState(StrEnum):
    """How far a document has come. Delivery is told apart (`DeliveryState`): `failed` is one that reached nobody."""

    DRAFTED = "drafted"
    """It waits for its approver; it has no number yet."""
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """Approved too late: nothing it would have listed was left."""
    ISSUED = "issued"
    SENT = "sent"
    RECEIPTED = "receipted"
    """Every unit that had to sign has signed."""
    REPLIED = "replied"
    LIFTED = "lifted"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """Where the way of a document through one channel stands; `failed` is a dead letter, which can be sent again."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class PlannedDelivery(Kept):
    """A document's way through one channel, to these recipients."""

    channel: str
    recipients: tuple[Recipient, ...] = ()


class RenderedDocument(Kept):
    """A document's text as it is kept and delivered; `key` is that of its draft.

    `letter` is its content by parts, from which the PDF is pressed whenever it is sent.
    """

    key: str
    subject: str
    text: str
    html: str
    addressee: str
    recipients: tuple[Recipient, ...]
    letter: dict[str, Any] | None = None
    deliveries: tuple[PlannedDelivery, ...] = ()


class Reply(Kept):
    """A written reply (回复): `complete_by` is the day it promises, ISO 8601."""

    unit: str
    at: Instant
    text: str
    complete_by: str | None = None


class Progress(Kept):
    """What became of a document: approval, receipts (签收), replies, publication, lifting. Deadlines are instants."""

    approver: str | None = None
    approval_due: Instant | None = None
    approval_steps: int = 0
    """How often the approver's silence went to the superior."""
    approved_at: Instant | None = None
    approved_by: str | None = None
    decision_reason: str | None = None
    units: tuple[str, ...] = ()
    """Who must sign."""
    signed: dict[str, Instant] = {}
    """Unit to the moment it signed."""
    receipt_due: Instant | None = None
    receipt_steps: int = 0
    """How often the silence of its units went a level higher."""
    reply_due: Instant | None = None
    reply_overdue: bool = False
    replies: tuple[Reply, ...] = ()
    lifting: str | None = None
    lifting_due: Instant | None = None
    lifting_overdue: bool = False
    open_sites: int | None = None
    """Sites it lists that are not struck off yet, as of the last dispatch hour."""
    lifted_at: Instant | None = None
    lifted_reason: str | None = None
    publishes_at: Instant | None = None
    published: bool = False
    answers: str | None = None
    """The key of the document that this one follows from."""


class DocumentRow(Kept):
    """A document's state as its desk has it; `seq` (the desk's) guards against older writes."""

    key: str
    seq: int
    state: DocumentState
    number: str | None = None
    progress: Progress = Progress()


class Document(Kept):
    """A document as Postgres keeps it."""

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


class Lot(Kept):
    """Notices of one kind and rung that wait in one city: one document lists their sites.

    `key` is the document's, where an earlier dispatch gathered them for a document that was never issued. `data` is
    that of a notice which names no site.
    """

    kind: str
    rung: int
    sites: tuple[str, ...]
    key: str | None = None
    data: dict[str, Any] = {}
