"""Inputs and results of activities."""

from datetime import date
from enum import StrEnum

from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.clock import Clock
from schemas.documents.document import Lot
from schemas.ledger import LedgerEntry
from schemas.openings import OpenedDue
from schemas.options.patrol import LookBackDue
from schemas.options.surveys import SurveyRecord


class Recorded(StoredModel):
    """Empty if the batch was recorded as given; else the entries that the ledger has in its place.

    An attempt that was interrupted after recording wrote them; the aggregate rebases on them.
    """

    standing: tuple[LedgerEntry, ...] = ()


class ArrivalsOrder(StoredModel):
    """Which signals of the asking run: its first is 1."""

    signals: tuple[int, ...]


class Arrivals(StoredModel):
    """When the server took these signals in, in real time; in the order that was asked."""

    at: tuple[Instant, ...]


class OpenSitesOrder(StoredModel):
    """Start the site workflows of one city's first register, or of one survey or county, opened at `at`.

    `only`, `apart` and `surveys` are those of `rules.effects.OpenSites`.
    """

    campaign_id: str
    city: str
    at: Instant
    clock: Clock
    task_queue: str
    survey: str | None = None
    county: str | None = None
    only: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    surveys: tuple[str, ...] = ()


class SitesOpenedReport(StoredModel):
    """The number of started sites of the city, and the general deadline of their rectification.

    `varied` are the sites that have another one by a variation of the plan.
    """

    sites: int
    due: Instant | None = None
    survey: str | None = None
    county: str | None = None
    clauses: ClauseNames = {}
    varied: tuple[OpenedDue, ...] = ()


class GatherOrder(StoredModel):
    """Gather the pending notices of one city for the dispatch at `at`.

    `approved` are drafts to issue now, `listing` documents that are lifted when their sites are struck off; `rungs` are
    the kinds and rungs whose lots list sites overdue at this hour.
    """

    campaign_id: str
    city: str
    at: Instant
    approved: tuple[str, ...] = ()
    listing: tuple[str, ...] = ()
    rungs: tuple[tuple[str, int], ...] = ()
    chased: tuple[str, ...] = ()
    """Documents whose receipt is overdue and not reported yet."""
    look_backs: bool = False
    """Whether to return the look-backs of newly struck-off sites."""
    high_hazard: bool = False
    """Whether to return the list of open sites of high hazard, as a lot of its own."""


class Gathered(StoredModel):
    """The pending notices, by kind and rung; the same result for the same dispatch.

    `overdue` are the sites that each approved draft and each lot of a rung (by key) still list, `open_sites` the number
    of a listing's sites that are not struck off.
    """

    at: Instant
    lots: tuple[Lot, ...]
    overdue: dict[str, tuple[str, ...]] = {}
    open_sites: dict[str, int] = {}
    unreached: tuple[str, ...] = ()
    """The `chased` documents with channels beside the outbox, none of which has sent them yet."""
    look_backs: tuple[LookBackDue, ...] = ()


class NumberWanted(StoredModel):
    """A document (its key) to issue under the next number of a series."""

    key: str
    series: str


class NumberOrder(StoredModel):
    """Number the documents of one dispatch, in this order; a key that has a number keeps it."""

    campaign_id: str
    at: Instant
    year: int
    wanted: tuple[NumberWanted, ...]


class Numbered(StoredModel):
    """The number of each document (by key) in its series' sequence of the year."""

    at: Instant
    year: int
    numbers: dict[str, int]


class EscalationUpdate(StrEnum):
    """Results of the document of a site's rung; each is the name of the command that the site receives."""

    RUNG_ISSUED = "rung_issued"
    RUNG_WITHDRAWN = "rung_withdrawn"
    HOLD_CLIMB = "hold_climb"


class NotifyOrder(StoredModel):
    """Notify sites of the result of the document of their rung; without `sites` all sites that it lists.

    `day` is the day of issue or withdrawal, or the last day of the hold; `reply` counts the replies to the document.
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
    reply: int = 1


class MissedUpdate(StoredModel):
    """A site that waits on a rung although its document is decided; `issued`: whether the document lists it."""

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
    """Opened surveys and the moment of each; a site of another survey waits for its opening and is not lost."""
    heard: tuple[str, ...] = ()
    """The surveys in the city's state."""
    heard_by: Instant | None = None
    """The notifications of surveys added after this moment may still arrive."""
    counties: dict[str, Instant | None] = {}
    """Each spelling of a county whose sites open by themselves, with the moment of its opening (None: not yet)."""


class ReconcileReport(StoredModel):
    at: Instant
    restarted: tuple[str, ...] = ()
    surveys: tuple[SurveyRecord, ...] = ()
    """Surveys of the city's register whose notification was lost."""


class SettleOrder(StoredModel):
    """Carry over every open site of a city; `again`: a previous pass left some open."""

    campaign_id: str
    city: str
    at: Instant
    reason: str
    carry_over: bool
    """Whether to signal running sites (a stopped campaign); at the campaign's end they settle by their own deadline."""
    again: bool = False
    clock: Clock
    task_queue: str


class SettledReport(StoredModel):
    """The counts of a city's sites after a pass; the city is settled when none is open."""

    at: Instant
    closed: int
    carried_over: int
    open: int = 0


class AnchorOrder(StoredModel):
    """Anchor the ledger, and restart unsettled cities without a running workflow."""

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
    """Cities whose state row is settled; replaces a lost signal."""
    patrolled_cities: tuple[str, ...] = ()
    """Likewise cities whose patrol is over."""


class CountOrder(StoredModel):
    campaign_id: str
    at: Instant


class CountReport(StoredModel):
    at: Instant
    closed: int
    carried_over: int
