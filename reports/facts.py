"""The data of a report, read before its page is rendered."""

from dataclasses import dataclass
from datetime import datetime

from reports.burndown import DayCount
from reports.documents.by_week import DocumentTable
from schemas.plan import Plan
from schemas.register import RejectedRow
from schemas.status import CampaignStatus, CityStatus, RefusedCommand


@dataclass(frozen=True, slots=True)
class CityLine:
    """A city's line of the table: its status, and data that only the ledger has."""

    status: CityStatus
    approved_at: datetime | None
    rounds_failed: int


@dataclass(frozen=True, slots=True)
class CarriedOverSite:
    site_id: str
    name: str
    city: str
    county: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    entries: int
    streams: int
    last_at: datetime | None
    anchored_at: datetime | None
    anchor_digest: str | None
    anchor_entries: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """The data of one campaign as of one instant. The three lists may be truncated; their totals never are."""

    plan: Plan
    status: CampaignStatus
    days: tuple[DayCount, ...]
    cities: tuple[CityLine, ...]
    documents: DocumentTable
    carried_over: tuple[CarriedOverSite, ...]
    refused: tuple[RefusedCommand, ...]
    rejected: tuple[RejectedRow, ...]
    rejected_rows: int
    rejected_faults: int
    ledger: LedgerFacts
    stopped: bool = False
    """Whether they are those of a rehearsal that was stopped before the campaign's end."""
