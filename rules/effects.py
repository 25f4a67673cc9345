"""What an aggregate asks its runner to do after the entries are recorded; plain data, carried out in order."""

from dataclasses import dataclass
from datetime import date, datetime

from schemas.command import Command
from schemas.reopening import Cause, Reopening
from schemas.work import EscalationUpdate


@dataclass(frozen=True, slots=True)
class StartSpotCheck:
    """Start the workflow of a spot check that was ordered at `at`."""

    at: datetime
    check: str
    city: str | None
    seed: int


@dataclass(frozen=True, slots=True)
class DrawSample:
    """Keep the frame as of `at`, and draw the first sample from it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class EnlargeSample:
    """Draw what the enlarged sample of a unit adds; `at` is the moment of the failure that asks for it."""

    at: datetime
    unit: str


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """Read the sites of a unit's frame, which all go back."""

    at: datetime
    unit: str


OfACheck = DrawSample | EnlargeSample | ReadBatch


SpotCheckEffect = StartSpotCheck | DrawSample | EnlargeSample | ReadBatch


@dataclass(frozen=True, slots=True)
class StartCities:
    """Start one city workflow per city; each plan reached its city at `issued_at`."""

    issued_at: datetime


@dataclass(frozen=True, slots=True)
class StopCities:
    """Tell every city that the campaign is stopped."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class TakeAnchor:
    """Take a digest over the heads of all streams."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TakeBriefing:
    """Take the measures of the week's briefing, which was cut off at `cutoff`."""

    at: datetime
    week: int
    cutoff: datetime


@dataclass(frozen=True, slots=True)
class CountSettled:
    """Count closed and carried-over sites for the closing report."""

    at: datetime


@dataclass(frozen=True, slots=True)
class OpenSites:
    """Start the site workflows of a city's first register, or of one survey, opened at `at`."""

    at: datetime
    survey: str | None = None


@dataclass(frozen=True, slots=True)
class GatherNotices:
    """Gather what waits for the dispatch at `at`, and look at the sites of these drafts, listings and rungs."""

    at: datetime
    approved: tuple[str, ...] = ()
    listing: tuple[str, ...] = ()
    rungs: tuple[tuple[str, int], ...] = ()
    chased: tuple[str, ...] = ()
    look_backs: bool = False


@dataclass(frozen=True, slots=True)
class NumberDocuments:
    """Number the documents of the dispatch at `at`: pairs of key and series."""

    at: datetime
    year: int
    wanted: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NotifySites:
    """Tell sites (all of the document's, if none are named) what became of the document of their rung.

    `day` is the day of issue, of withdrawal, or until which it holds.
    """

    at: datetime
    news: EscalationUpdate
    document: str
    rung: int
    day: date
    sites: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReconcileSites:
    """Find sites that are open in the register and have no running workflow."""

    at: datetime


@dataclass(frozen=True, slots=True)
class SettleSites:
    """Carry over what is open (`reason`), as of the end `at`; `again` if a pass before left some open."""

    at: datetime
    reason: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class ReopenSites:
    """Open struck-off sites again, because of a finding or a spot check (`origin`).

    `again`: nobody knows whether the order was carried out in its time; see `rules.site.reopening.may_have_missed`.
    """

    at: datetime
    cause: Cause
    origin: str
    sites: tuple[Reopening, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class StartYear:
    """Choose the sites of a programme's year (0 is the first) from its stock, and start its campaign."""

    at: datetime
    year: int


@dataclass(frozen=True, slots=True)
class CountYear:
    """Look whether the campaign of a programme's year is over, and count what it came to."""

    at: datetime
    year: int


@dataclass(frozen=True, slots=True)
class AmendCities:
    """Tell every city of an amendment, and start those that it adds, which the plan reached at `at`.

    The cities that it takes out have nothing open, and end.
    """

    at: datetime
    amendment: int
    document: str
    title: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendSites:
    """Tell the open sites of a city of an amendment, which counts from `at`."""

    at: datetime
    amendment: int


@dataclass(frozen=True, slots=True)
class NotifyCampaign:
    """Send the campaign a command: this city is settled, or its patrol is over."""

    at: datetime
    command: Command


Effect = (
    StartCities
    | StopCities
    | TakeAnchor
    | TakeBriefing
    | CountSettled
    | OpenSites
    | GatherNotices
    | NumberDocuments
    | NotifySites
    | ReconcileSites
    | SettleSites
    | ReopenSites
    | StartYear
    | CountYear
    | AmendCities
    | AmendSites
    | SpotCheckEffect
    | NotifyCampaign
)
