"""An entry of the ledger, and the batch of entries and rows that one transaction records."""

from typing import Any, Literal

from pydantic import Field

from schemas.base import Instant, StoredModel
from schemas.documents.document import DocumentRow, DocumentState, Progress
from schemas.event import new_field
from schemas.facts import CityFacts, SiteFacts
from schemas.options.joint import SigningFacts


class LedgerEntry(StoredModel):
    """One entry of one stream (stream = workflow id).

    `actor` and `data` are canonical JSON texts: the hashed bytes are kept unchanged. `hash` is the SHA-256 (hex)
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


LEAD_COUNTY = "lead_county"
"""In the data of a notice: the county whose offices its document is addressed to."""


class Notice(StoredModel):
    """A fact that a document of the city reports at the next dispatch.

    `key` is unique in the campaign and made of domain words (`site-12:climbed:2:round-1`); a second one is ignored.
    """

    key: str
    site_id: str | None
    kind: str
    rung: int = 0
    at: Instant
    data: dict[str, Any] = {}
    city: str | None = None
    """The city that gathers it, if it is not the batch's own city."""


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
    """Whether the rung's document waits for an approval."""
    facts: SiteFacts | None = None
    responsible_units: tuple[str, ...] = ()
    """The units responsible for it and its requirements, that of the site first; likewise `responsible_people`."""
    responsible_people: tuple[str, ...] = ()
    county: str | None = None
    """The county to which the site belongs now; None leaves that of the register."""


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
    signing: tuple[SigningFacts, ...] = new_field(())


class DocumentDraft(StoredModel):
    """A document to be issued: rendered and kept in the transaction that records its ledger entry.

    `key` is deterministic (subject, kind, rung, day); it lists the gathered notices of its kind and rung.
    A draft in the state `drafted` waits for its approver; its issue under the same key replaces it.
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
    """The results of one batch of commands and deadlines; recorded once, in one transaction."""

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
