"""What patrols say to their city's desk, and what the desk's ledger tells of them."""

from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.base import Instant, SiteId
from schemas.command import Command, Reason
from schemas.event import Event
from schemas.patrol import Duty, LookBackDue
from schemas.reopening import Cause

# --- commands -----------------------------------------------------------------------------------------------------


class PerformDuty(Command):
    """A duty of the patrol was performed; `findings` is what its record notes beside the sites."""

    kind: Literal["perform_duty"] = "perform_duty"
    duty: Duty
    note: Reason
    findings: tuple[Reason, ...] = Field(default=(), max_length=50)


class ReportFinding(Command):
    """A patrol found something; a `relapse` opens the struck-off site again.

    `failed_requirements` is what is to be done again (none named: all of it).
    """

    kind: Literal["report_finding"] = "report_finding"
    site: SiteId | None = None
    what: Reason
    relapse: bool = False
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)

    @model_validator(mode="after")
    def _of_a_site(self) -> Self:
        if self.relapse and self.site is None:
            raise ValueError("a relapse is that of a site: name it")
        if self.failed_requirements and not self.relapse:
            raise ValueError("failed requirements belong to a relapse")
        return self


class LookBack(Command):
    """A requirement of a struck-off site was inspected again (回头看); what did not `hold` opens the site again."""

    kind: Literal["look_back"] = "look_back"
    site: SiteId
    requirement: str = Field(min_length=1, max_length=64)
    held: bool
    opinion: str | None = Field(default=None, max_length=4000)


class CityPatrolled(Command):
    """A city's desk tells the campaign that its patrol is over and its file is closed."""

    kind: Literal["city_patrolled"] = "city_patrolled"
    code: str


# --- events -------------------------------------------------------------------------------------------------------


class PatrolBegan(Event):
    """The first sites were struck off, or the city closed; `due` is the end of each duty's first period."""

    kind: Literal["patrol_began"] = "patrol_began"
    until: Instant
    due: dict[Duty, Instant]


class DutyPerformed(Event):
    """`fulfils`: it is the one of the present period, and the next ends at `next_due`. `cures`: reported late, it was
    done in a period that counted as missed. Neither: it is one more than the rhythm asks for."""

    kind: Literal["duty_performed"] = "duty_performed"
    duty: Duty
    note: str
    findings: tuple[str, ...] = ()
    fulfils: bool = False
    cures: bool = False
    next_due: Instant | None = None


class DutyMissed(Event):
    """A period ended without its duty at `due`; after an outage one stands for all the `periods` that did, the last of
    which `ended` when the present one began."""

    kind: Literal["duty_missed"] = "duty_missed"
    duty: Duty
    due: Instant
    periods: int = 1
    ended: Instant
    next_due: Instant


class FindingReported(Event):
    """`number` counts the city's findings; a relapse asks for the site to be opened again."""

    kind: Literal["finding_reported"] = "finding_reported"
    number: int
    site: str | None = None
    what: str
    relapse: bool = False
    failed_requirements: tuple[str, ...] = ()


class SitesReopened(Event):
    """Which sites were opened again for an origin; `left` were not struck off (any more) and stay as they are."""

    kind: Literal["sites_reopened"] = "sites_reopened"
    cause: Cause
    origin: str
    sites: tuple[str, ...] = ()
    counties: dict[str, str] = {}
    left: tuple[str, ...] = ()


class LookBacksSet(Event):
    """Sites were struck off of which something is inspected again."""

    kind: Literal["look_backs_set"] = "look_backs_set"
    items: tuple[LookBackDue, ...]


class LookedBack(Event):
    """A requirement of a struck-off site was inspected again; `held` says whether it was still in order."""

    kind: Literal["looked_back"] = "looked_back"
    site: str
    requirement: str
    held: bool
    opinion: str | None = None
    due: Instant


class LookBacksOverdue(Event):
    """So many look-backs were due by `due` and did not come."""

    kind: Literal["look_backs_overdue"] = "look_backs_overdue"
    due: Instant
    items: tuple[LookBackDue, ...]


class PatrolEnded(Event):
    """The regime's last day is over: nothing is patrolled any more."""

    kind: Literal["patrol_ended"] = "patrol_ended"


class PatrolSettled(Event):
    """Every site is settled again: struck off, or carried over at the end of the patrol."""

    kind: Literal["patrol_settled"] = "patrol_settled"
    closed: int
    carried_over: int


class PatrolClosed(Event):
    """The last documents of the patrol have gone out and are settled; the desk closes."""

    kind: Literal["patrol_closed"] = "patrol_closed"


class PatrolReported(Event):
    """On the campaign's stream: the patrol of a city is over."""

    kind: Literal["city_patrolled"] = "city_patrolled"
    code: str


PATROL_EVENTS: tuple[type[Event], ...] = (
    PatrolBegan,
    DutyPerformed,
    DutyMissed,
    FindingReported,
    SitesReopened,
    LookBacksSet,
    LookedBack,
    LookBacksOverdue,
    PatrolEnded,
    PatrolSettled,
    PatrolClosed,
)
