"""The patrol regime after closure (常态化监管): the plan's option, its terms, commands, events and facts."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, Protocol, Self

from pydantic import Field, model_validator

from schemas.actor import Right, Role
from schemas.base import InputModel, Instant, SiteId, StoredModel
from schemas.calendar import CampaignDay, Clause, ClauseNames, DayUnit
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.offices import Text, is_unset
from schemas.option import Option
from schemas.options.joint_group import JointGroupFacts
from schemas.permit import BY_CITY, BY_ENGINE, BY_PROVINCE, BY_SUPERVISOR, Permit, Whose, at
from schemas.reopening import Cause
from schemas.stages import PATROLLED, PATROLLED_CAMPAIGN


class Duty(StrEnum):
    """The five systems (五项制度)."""

    JOINT_MEETING = "joint_meeting"
    """联席会议"""
    PATROL = "patrol"
    """日常巡查"""
    INFORMATION_SHARING = "information_sharing"
    """信息共享"""
    CASE_TRANSFER = "case_transfer"
    """案件移送"""
    ACCOUNTABILITY_REVIEW = "accountability_review"
    """责任追究"""


class PatrolDuty(InputModel):
    """A duty that a city performs once per period of working days, counted from the begin of its patrol."""

    duty: Duty
    title: Text
    every: Clause

    @model_validator(mode="after")
    def _in_working_days(self) -> Self:
        if self.every.unit is not DayUnit.WORKING_DAYS or self.every.amount < 1:
            raise ValueError(f"every: {self.every.amount} {self.every.unit}, expected one working day or more")
        return self


class Patrol(InputModel):
    """A city patrols its struck-off sites `until` a day, or for the clause `lasts` after the campaign's end.

    `relapse`: the clause of rectification after a relapse; by default the plan's `re_rectification`.
    """

    duties: tuple[PatrolDuty, ...] = Field(min_length=1, max_length=5)
    relapse: Clause | None = Field(default=None, exclude_if=is_unset)
    until: CampaignDay | None = Field(default=None, exclude_if=is_unset)
    lasts: Clause | None = Field(default=None, exclude_if=is_unset)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        duties = [one.duty for one in self.duties]
        twice = sorted({duty for duty in duties if duties.count(duty) > 1})
        faults = [f"duties: {duty} stands twice, expected once" for duty in twice]
        if (self.until is None) == (self.lasts is None):
            faults.append("expected one of until (a day) and lasts (a clause from the campaign's end)")
        if self.lasts is not None and self.lasts.amount < 1:
            faults.append("lasts: expected one day or more")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def moved(self, shift: timedelta) -> "Patrol":
        """The same option for a campaign that begins later by `shift`."""
        return self if self.until is None else self.model_copy(update={"until": self.until + shift})


class _LookedBack(Protocol):
    @property
    def look_back(self) -> Sequence[Clause]: ...


def patrol_contradictions(patrol: Patrol | None, ends_on: date, catalogue: Sequence[_LookedBack]) -> Iterator[str]:
    """The contradictions between the patrol, the plan's dates and the look-backs of its catalogue."""
    if patrol is not None and patrol.until is not None and patrol.until <= ends_on:
        yield f"patrol: until {patrol.until} is not after ends_on {ends_on}; the regime runs on after the campaign"
    for index, entry in enumerate(catalogue):
        if entry.look_back and patrol is None:
            yield f"catalogue[{index}].look_back: nobody inspects it again, expected a `patrol` in the plan"


class DutyTerms(StoredModel):
    """A duty of the patrol and its period, counted from the begin of the patrol or the previous due day."""

    duty: Duty
    title: str
    every: Clause


class PatrolTerms(StoredModel):
    """The patrol terms of one city; `requirements` are the catalogue's ids, which a finding may name."""

    duties: tuple[DutyTerms, ...]
    until: Instant
    requirements: tuple[str, ...] = ()


class LookBackDue(StoredModel):
    """A requirement of a struck-off site that is inspected again by `due` (回头看)."""

    site_id: str
    requirement: str
    due: Instant
    clauses: ClauseNames = new_field({})
    closed_at: Instant | None = new_field(None)
    """When the site was struck off: no look-back is of before that."""
    worked: tuple[str, ...] = new_field(())
    """All names of the offices that reported work at the site: they do not look back there."""


class DutyFacts(StoredModel):
    """The state of a duty: periods that were `performed` or missed, and the end of the present one."""

    duty: Duty
    title: str
    next_due: Instant | None
    clauses: ClauseNames = new_field({})
    performed: int = 0
    missed: int = 0
    last_at: Instant | None = None
    cured: int = new_field(0)
    """Periods among the performed ones that counted as missed until what was done in them was reported."""


class PatrolFacts(StoredModel):
    """A city's patrol as status shows it. `state`: `running`, `ended` (the last documents are under way), `closed`."""

    state: str
    began_at: Instant
    until: Instant
    duties: tuple[DutyFacts, ...] = ()
    findings: int = 0
    relapses: dict[str, int] = {}
    """County to the number of its sites that a patrol or a look-back reopened."""
    look_backs_open: int = 0
    look_backs_overdue: int = 0
    look_backs_held: int = 0
    look_backs_failed: int = 0
    group: JointGroupFacts | None = new_field(None)
    """The joint group that leads it, where the plan has one for the city."""


# --- commands -----------------------------------------------------------------------------------------------------


class PerformDuty(Command):
    """A duty of the patrol was performed; `findings` is the text of its record beside the sites."""

    kind: Literal["perform_duty"] = "perform_duty"
    duty: Duty
    note: Reason
    findings: tuple[Reason, ...] = Field(default=(), max_length=50)


class ReportFinding(Command):
    """A finding of a patrol; a `relapse` reopens the struck-off site.

    `failed_requirements` are to be done again (none named: all). A `suspected` offence is to be handed over as a case
    (schemas.options.joint_group).
    """

    kind: Literal["report_finding"] = "report_finding"
    site: SiteId | None = None
    what: Reason
    relapse: bool = False
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)
    suspected: bool = False

    @model_validator(mode="after")
    def _of_a_site(self) -> Self:
        if self.relapse and self.site is None:
            raise ValueError("a relapse is that of a site: name it")
        if self.failed_requirements and not self.relapse:
            raise ValueError("failed requirements belong to a relapse")
        return self


class LookBack(Command):
    """A requirement of a struck-off site was inspected again (回头看); if it did not `hold`, the site is reopened."""

    kind: Literal["look_back"] = "look_back"
    site: SiteId
    requirement: str = Field(min_length=1, max_length=64)
    held: bool
    opinion: Reason | None = None


class CityPatrolled(Command):
    """A city notifies the campaign that its patrol is over and all its documents are settled."""

    kind: Literal["city_patrolled"] = "city_patrolled"
    code: str


# --- events -------------------------------------------------------------------------------------------------------


class PatrolBegan(Event):
    """The first sites were struck off, or the city closed; `due` is the end of each duty's first period."""

    kind: Literal["patrol_began"] = "patrol_began"
    until: Instant
    due: dict[Duty, Instant]


class DutyPerformed(Event):
    """A duty was performed.

    `fulfils`: it counts for the present period, and the next one ends at `next_due`. `cures`: it was reported late and
    done in a period that counted as missed. Neither: it is more than the period requires.
    """

    kind: Literal["duty_performed"] = "duty_performed"
    duty: Duty
    note: str
    findings: tuple[str, ...] = ()
    fulfils: bool = False
    cures: bool = False
    next_due: Instant | None = None


class DutyMissed(Event):
    """A period ended at `due` without its duty.

    After an outage one event covers all missed `periods`; the last of them `ended` when the present one began.
    """

    kind: Literal["duty_missed"] = "duty_missed"
    duty: Duty
    due: Instant
    periods: int = 1
    ended: Instant
    next_due: Instant


class FindingReported(Event):
    """`number` counts the city's findings; a relapse requests that the site be reopened."""

    kind: Literal["finding_reported"] = "finding_reported"
    number: int
    site: str | None = None
    what: str
    relapse: bool = False
    failed_requirements: tuple[str, ...] = ()
    suspected: bool = new_field(False)


class SitesReopened(Event):
    """The sites that were reopened for an origin; `left` were not struck off (any more) and are unchanged."""

    kind: Literal["sites_reopened"] = "sites_reopened"
    cause: Cause
    origin: str
    sites: tuple[str, ...] = ()
    counties: dict[str, str] = {}
    left: tuple[str, ...] = ()


class LookBacksSet(Event):
    """Struck-off sites have requirements that are inspected again."""

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
    """Look-backs that were due by `due` and not reported; each has its own clause, the event that of the first."""

    kind: Literal["look_backs_overdue"] = "look_backs_overdue"
    due: Instant
    items: tuple[LookBackDue, ...]


class PatrolEnded(Event):
    """The last day of the patrol is over."""

    kind: Literal["patrol_ended"] = "patrol_ended"


class PatrolSettled(Event):
    """Every site is settled: struck off, or carried over at the end of the patrol."""

    kind: Literal["patrol_settled"] = "patrol_settled"
    closed: int
    carried_over: int


class PatrolClosed(Event):
    """The last documents of the patrol were issued and are settled; the city's workflow ends."""

    kind: Literal["patrol_closed"] = "patrol_closed"


class PatrolReported(Event):
    """The patrol of a city is over; on the campaign's stream."""

    kind: Literal["city_patrolled"] = "city_patrolled"
    code: str


PATROL = Option(
    name="patrol",
    subject="city",
    commands={"perform_duty": PerformDuty, "report_finding": ReportFinding, "look_back": LookBack},
    events=(
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
    ),
    permits={
        # Only the register knows the counties of a city: an officer of any county may report.
        "perform_duty": at(
            PATROLLED, BY_CITY, Permit(Role.COUNTY, right=Right.WORKS), Permit(Role.DEPARTMENT, Whose.GROUP)
        ),
        "report_finding": at(
            PATROLLED,
            BY_PROVINCE,
            BY_SUPERVISOR,
            BY_CITY,
            Permit(Role.COUNTY, right=Right.WORKS),
            Permit(Role.DEPARTMENT, Whose.GROUP),
        ),
        "look_back": at(PATROLLED, BY_PROVINCE, BY_SUPERVISOR, BY_CITY, Permit(Role.COUNTY, right=Right.WORKS)),
    },
    rows_after="reopen",
    command_events={
        "perform_duty": ("duty_performed",),
        "report_finding": ("finding_reported",),
        "look_back": ("looked_back",),
    },
)


PATROL_OF_CAMPAIGN = Option(
    name="patrol",
    subject="campaign",
    commands={"city_patrolled": CityPatrolled},
    events=(PatrolReported,),
    permits={"city_patrolled": at(PATROLLED_CAMPAIGN, BY_ENGINE)},
    rows_after="city_settled",
    command_events={"city_patrolled": ("city_patrolled",)},
)
