"""What workflows hand to activities, and what comes back."""

from datetime import date
from enum import StrEnum

from schemas.base import Instant, StoredModel
from schemas.clock import Clock
from schemas.documents.document import Lot
from schemas.ledger import LedgerEntry
from schemas.options.patrol import LookBackDue
from schemas.options.surveys import SurveyRecord


class Recorded(StoredModel):
    """Empty when a burst was recorded as given; else the entries that stand in its place.

    Those are of an attempt that recorded and was then cut off; the core adopts them and goes on from there.
    """

    standing: tuple[LedgerEntry, ...] = ()


class OpenSitesOrder(StoredModel):
    """Start the site workflows of one city's first register, or of one survey, opened at `at`."""

    campaign_id: str
    city: str
    at: Instant
    clock: Clock
    task_queue: str
    survey: str | None = None


class SitesOpenedReport(StoredModel):
    """How many sites of the city run now, and when their rectification is due."""

    sites: int
    due: Instant | None = None
    survey: str | None = None


class GatherOrder(StoredModel):
    """Gather what waits in one city for the dispatch at `at`.

    `approved` are drafts that go out now, `listing` documents that are lifted when their sites are struck off; `rungs`
    are the kinds and rungs whose lots list what is overdue at this hour.
    """

    campaign_id: str
    city: str
    at: Instant
    approved: tuple[str, ...] = ()
    listing: tuple[str, ...] = ()
    rungs: tuple[tuple[str, int], ...] = ()
    chased: tuple[str, ...] = ()
    """Documents whose silence waits to be told."""
    look_backs: bool = False
    """Whether to say what is inspected again of the sites that were struck off."""


class Gathered(StoredModel):
    """What waits, by kind and rung; the same again for the same dispatch.

    `overdue` are the sites that each approved draft and each lot of a rung (by key) still concern, `open_sites` how
    many of a listing are not struck off.
    """

    at: Instant
    lots: tuple[Lot, ...]
    overdue: dict[str, tuple[str, ...]] = {}
    open_sites: dict[str, int] = {}
    unreached: tuple[str, ...] = ()
    """Of the chased documents those that no channel but the outbox has brought to anybody, though one should."""
    look_backs: tuple[LookBackDue, ...] = ()


class NumberWanted(StoredModel):
    """A document (its key) that goes out under the next number of a series."""

    key: str
    series: str


class NumberOrder(StoredModel):
    """Number the documents of one dispatch, in this order; a key keeps the number that it has."""

    campaign_id: str
    at: Instant
    year: int
    wanted: tuple[NumberWanted, ...]


class Numbered(StoredModel):
    """The place of each document (by key) in its series' sequence of the year."""

    at: Instant
    year: int
    numbers: dict[str, int]


class EscalationUpdate(StrEnum):
    """What a site hears about the document of its rung; each is the name of the command that says it."""

    RUNG_ISSUED = "rung_issued"
    RUNG_WITHDRAWN = "rung_withdrawn"
    HOLD_CLIMB = "hold_climb"


class NotifyOrder(StoredModel):
    """Tell sites what became of the document of their rung; without `sites` all those that it lists.

    `day` is the day of issue, of withdrawal, or until which it holds.
    """

    campaign_id: str
    city: str
    at: Instant
    news: EscalationUpdate
    document: str
    rung: int
    day: date
    sites: tuple[str, ...] = ()
    reason: str = ""


class MissedUpdate(StoredModel):
    """A site that waits on a rung though its document is decided; `issued` says whether the document lists it."""

    site_id: str
    round: int
    proposal: int
    rung: int
    document: str
    issued: bool
    issued_at: Instant
    reason: str | None = None


class NotifiedReport(StoredModel):
    sites: int


class ReconcileOrder(StoredModel):
    """Find the open sites of a city that have no running workflow; `opened_at` is when the city's sites opened."""

    campaign_id: str
    city: str
    at: Instant
    opened_at: Instant | None
    clock: Clock
    task_queue: str
    surveys: dict[str, Instant] = {}
    """The surveys whose sites were opened, and when; a site of another survey is not lost, it waits for its opening."""
    heard: tuple[str, ...] = ()
    """The surveys that the desk knows of."""
    heard_by: Instant | None = None
    """Surveys that were added after this are on their way to the desk."""


class ReconcileReport(StoredModel):
    at: Instant
    restarted: tuple[str, ...] = ()
    surveys: tuple[SurveyRecord, ...] = ()
    """Surveys of the city's register of which its desk was never told."""


class SettleOrder(StoredModel):
    """Carry over every site of a city that is still open; `again`: a pass before left some open."""

    campaign_id: str
    city: str
    at: Instant
    reason: str
    carry_over: bool
    """Whether running sites must be told (a stopped campaign); at its end they know by themselves."""
    again: bool = False
    clock: Clock
    task_queue: str


class SettledReport(StoredModel):
    """How a city's sites stand after a pass; the city is settled when none is open."""

    at: Instant
    closed: int
    carried_over: int
    open: int = 0


class AnchorOrder(StoredModel):
    """Anchor the ledger, and look whether every city that is not settled still runs."""

    campaign_id: str
    at: Instant
    clock: Clock
    task_queue: str


class AnchorReport(StoredModel):
    at: Instant
    digest: str
    streams: int
    entries: int
    snapshot: str
    settled_cities: tuple[str, ...] = ()
    """Cities whose state says settled: heals a lost signal of theirs."""
    patrolled_cities: tuple[str, ...] = ()
    """The same of those whose patrol is over."""


class CountOrder(StoredModel):
    campaign_id: str
    at: Instant


class CountReport(StoredModel):
    at: Instant
    closed: int
    carried_over: int
