"""Documents: what is issued, to whom, and where its delivery stands."""

from enum import StrEnum
from typing import Any

from schemas.base import Instant, Kept
from schemas.plan import Recipient


class DocumentState(StrEnum):
    """Only `issued` and `sent` are reached so far; the others belong to the receipt of documents."""

    ISSUED = "issued"
    SENT = "sent"
    RECEIPTED = "receipted"
    REPLIED = "replied"
    LIFTED = "lifted"
    FAILED = "failed"


class RenderedDocument(Kept):
    """A document's text as it is kept and delivered; `key` is that of its draft."""

    key: str
    subject: str
    text: str
    html: str
    addressee: str
    recipients: tuple[Recipient, ...]


class Document(Kept):
    """A document as Postgres keeps it."""

    key: str
    campaign_id: str
    city: str
    kind: str
    rung: int
    issued_at: Instant
    sites: tuple[str, ...] = ()
    data: dict[str, Any] = {}
    subject: str
    text: str
    html: str
    addressee: str
    recipients: tuple[Recipient, ...]
    state: DocumentState
    sent_at: Instant | None = None


class Lot(Kept):
    """Notices of one kind and rung that wait in one city: one document lists their sites."""

    kind: str
    rung: int
    sites: tuple[str, ...]
