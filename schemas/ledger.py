"""An entry of the ledger, and the burst in which entries and what follows from them are recorded together."""

from typing import Any, Literal

from pydantic import Field

from schemas.base import Instant, StoredModel
from schemas.documents.document import DocumentRow, DocumentState, Progress
from schemas.facts import CityFacts, SiteFacts


class LedgerEntry(StoredModel):
    """One entry of one stream (stream = workflow id).

    `actor` and `data` are canonical JSON texts: what was hashed is kept byte for byte. `hash` is the SHA-256 (hex)
    over `prev_hash`, a newline and the canonical JSON of the other fields; the first `prev_hash` is empty.
    """

    stream: str
    seq: int = Field(ge=1)
    kind: str
    at: Instant
    received_at: Instant
    actor: str
    data: str
    prev_hash: str
    hash: str


class Notice(StoredModel):
    """Something that its city must hear of in a document at the next dispatch.

    `key` is unique in the campaign and in domain words (`site-12:climbed:2:round-1`), so that it is kept once.
    """

    key: str
    site_id: str | None
    kind: str
    rung: int = 0
    at: Instant
    data: dict[str, Any] = {}
    city: str | None = None
    """Whose desk gathers it, where it is not the burst's own city."""


class SiteRow(StoredModel):
    """A site's current state, as the state table keeps it; `seq` guards against older writes."""

    site_id: str
    seq: int
    stage: str
    round: int
    level: str | None
    rung: int
    suspended: bool
    due_at: Instant | None
    opened_at: Instant | None
    settled_at: Instant | None
    requirements: int
    requirements_done: int
    extensions: int
    suspensions: int
    rung_waits: bool = False
    """Whether it waits there for an approval."""
    facts: SiteFacts | None = None


class CityRow(StoredModel):
    """A city's current state."""

    code: str
    seq: int
    deployment: str
    deployment_due: Instant | None
    submitted_at: Instant | None
    receipt_signed_at: Instant | None
    opened: bool
    settled: bool
    facts: CityFacts | None = None


class CampaignRow(StoredModel):
    """The campaign's current state: issuing, running, closing, closed or stopped."""

    seq: int
    state: str
    issued_at: Instant | None
    closed_at: Instant | None


class DocumentDraft(StoredModel):
    """A document to be issued: rendered and kept in the transaction that records its ledger entry.

    `key` is deterministic (subject, kind, rung, day); it answers the gathered notices of its kind and rung.
    A draft in the state `drafted` waits for its approver; issued later under the same key, it takes its place.
    """

    key: str
    city: str
    kind: str
    rung: int
    issued_at: Instant
    sites: tuple[str, ...] = ()
    data: dict[str, Any] = {}
    number: str | None = None
    state: DocumentState = DocumentState.ISSUED
    progress: Progress = Progress()


class RecordBatch(StoredModel):
    """Everything that follows from one batch of commands and deadlines, recorded in one transaction, once."""

    campaign_id: str
    subject: Literal["site", "city", "campaign", "programme", "spot_check"]
    city: str | None
    entries: tuple[LedgerEntry, ...]
    site: SiteRow | None = None
    city_row: CityRow | None = None
    campaign_row: CampaignRow | None = None
    notices: tuple[Notice, ...] = ()
    documents: tuple[DocumentDraft, ...] = ()
    document_rows: tuple[DocumentRow, ...] = ()
