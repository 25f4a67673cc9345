"""Effects that an aggregate requests of its runner: plain data, executed in order after the entries are recorded."""

from dataclasses import dataclass
from datetime import date, datetime

from schemas.actor import Actor
from schemas.command import Command
from schemas.ladder import UnitLevel
from schemas.options.standstill import SuspensionOrder
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
    """Store the frame as of `at`, and draw the first sample from it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class EnlargeSample:
    """Draw the sites that the enlarged sample of a unit adds; `at` is the moment of the failure."""

    at: datetime
    unit: str


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """Read the sites of a unit's frame, all of which are reopened."""

    at: datetime
    unit: str


OfACheck = DrawSample | EnlargeSample | ReadBatch


SpotCheckEffect = StartSpotCheck | DrawSample | EnlargeSample | ReadBatch


@dataclass(frozen=True, slots=True)
class StartCities:
    """Start one city workflow per city; the plan was issued to it at `issued_at`."""

    issued_at: datetime


@dataclass(frozen=True, slots=True)
class StopCities:
    """Notify every city that the campaign is stopped."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class TakeAnchor:
    """Take a digest over the heads of all streams."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TakeBriefing:
    """Take the measures of the week's briefing with this `cutoff`, of the units of these levels."""

    at: datetime
    week: int
    cutoff: datetime
    levels: tuple[UnitLevel, ...] = (UnitLevel.CITY,)


@dataclass(frozen=True, slots=True)
class TakePhaseMeasures:
    """Take the measures of a phase that is over."""

    at: datetime
    phase: str


@dataclass(frozen=True, slots=True)
class CountSettled:
    """Count closed and carried-over sites for the closing report."""

    at: datetime


@dataclass(frozen=True, slots=True)
class OpenSites:
    """Start the site workflows of a city's first register, or of one survey or one `county`, opened at `at`.

    Where counties open with their own deployments, `only` and `apart` are the register's spellings of the county that
    opens now and of those that do not; a county's sites of these `surveys` open with it.
    """

    at: datetime
    survey: str | None = None
    county: str | None = None
    only: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    surveys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GatherNotices:
    """Gather the pending notices for the dispatch at `at`, and the sites of these drafts, listings and rungs."""

    at: datetime
    approved: tuple[str, ...] = ()
    listing: tuple[str, ...] = ()
    rungs: tuple[tuple[str, int], ...] = ()
    chased: tuple[str, ...] = ()
    look_backs: bool = False
    high_hazard: bool = False


@dataclass(frozen=True, slots=True)
class NumberDocuments:
    """Number the documents of the dispatch at `at`: pairs of key and series."""

    at: datetime
    year: int
    wanted: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NotifySites:
    """Notify sites (all of the document's, if none are named) of the result of the document of their rung.

    `day` is the day of issue or withdrawal, or the last day of the hold; `reply` counts the replies to the document.
    """

    at: datetime
    news: EscalationUpdate
    document: str
    rung: int
    day: date
    sites: tuple[str, ...] = ()
    reason: str = ""
    reply: int = 1


@dataclass(frozen=True, slots=True)
class ReconcileSites:
    """Find sites that are open in the register and have no running workflow."""

    at: datetime


@dataclass(frozen=True, slots=True)
class SettleSites:
    """Carry over open sites (`reason`), as of the end `at`; `again` if a previous pass left some open."""

    at: datetime
    reason: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class ReopenSites:
    """Reopen struck-off sites, because of a finding or a spot check (`origin`).

    `again`: the order may have been executed before; see `rules.site.reopening.may_have_missed`.
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
class TakeSurvey:
    """Bring the survey that a city handed in for a programme's year into the stock."""

    at: datetime
    year: int
    city: str
    digest: str


@dataclass(frozen=True, slots=True)
class CountYear:
    """Read whether the campaign of a programme's year is over, and count its result."""

    at: datetime
    year: int


@dataclass(frozen=True, slots=True)
class AmendCities:
    """Notify every city of an amendment, and start those that it adds; the plan is issued to them at `at`.

    The cities that it removes have no open site, and end.
    """

    at: datetime
    amendment: int
    document: str
    title: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendSites:
    """Notify the open sites of a city of an amendment, effective from `at`."""

    at: datetime
    amendment: int


@dataclass(frozen=True, slots=True)
class TellSites:
    """Suspend the sites of a city that an order is about and that do not know it; with `lifted_by` resume them."""

    at: datetime
    order: SuspensionOrder
    lifted_by: Actor | None = None
    reason: str | None = None


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
    | TakePhaseMeasures
    | CountSettled
    | OpenSites
    | GatherNotices
    | NumberDocuments
    | NotifySites
    | ReconcileSites
    | SettleSites
    | ReopenSites
    | StartYear
    | TakeSurvey
    | TakeSurvey
    | CountYear
    | AmendCities
    | AmendSites
    | TellSites
    | SpotCheckEffect
    | NotifyCampaign
)
