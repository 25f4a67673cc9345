"""The joint law-enforcement leading group (联合执法领导小组) of a city under a patrol: its leader and its members.

It holds the joint meetings of the patrol, whose resolutions are due, and hands suspected offences that a patrol found
to the office that takes cases.
"""

from collections.abc import Iterator, Mapping, Set
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.actor import Role, UnitName
from schemas.base import InputModel, Instant, StoredModel
from schemas.calendar import CampaignDay, Clause, ClauseNames, DayUnit
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.offices import Recipient, Text, is_unset
from schemas.option import Option
from schemas.permit import BY_CITY, BY_POLICE, Permit, Whose, at
from schemas.stages import PATROLLED

Number = Annotated[int, Field(ge=1, le=1_000_000)]


class JointGroup(InputModel):
    """The group of one city. `leader` (牵头单位) convenes its meetings; `receiver` takes the cases (案件移送).

    `quorum`: how many offices a meeting needs, the leader included; by default more than half of them. A resolution is
    due on its day, or within `resolution` of the meeting; a case is taken or returned within `acceptance`.
    """

    title: Text
    leader: Recipient
    members: tuple[Recipient, ...] = Field(min_length=1, max_length=30)
    receiver: Recipient
    quorum: int | None = Field(default=None, ge=2, le=31, exclude_if=is_unset)
    resolution: Clause = Clause(amount=10, unit=DayUnit.WORKING_DAYS)
    acceptance: Clause = Clause(amount=3, unit=DayUnit.WORKING_DAYS)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [self.leader.name, *(member.name for member in self.members)]
        faults = [
            f"members: {name} stands twice, expected once" for name in sorted(set(names)) if names.count(name) > 1
        ]
        if self.quorum is not None and self.quorum > len(names):
            faults.append(f"quorum: {self.quorum} offices, and the group has {len(names)}")
        if faults:
            raise ValueError("; ".join(faults))
        return self


def group_contradictions(groups: Mapping[str, JointGroup], cities: Set[str], patrolled: bool) -> Iterator[str]:
    """Faults of a plan as `path: what`."""
    for code in groups:
        if code not in cities:
            yield f"joint_groups.{code}: the plan has no such city; it has: {', '.join(sorted(cities))}"
    if groups and not patrolled:
        yield "joint_groups: a joint group meets for the patrol after closure, and the plan has no `patrol`"


class JointGroupTerms(StoredModel):
    """The group in a city's terms: offices by name, the leader first."""

    title: str
    offices: tuple[str, ...]
    receiver: str
    quorum: int
    resolution: Clause
    acceptance: Clause


# --- commands -----------------------------------------------------------------------------------------------------


class Resolution(InputModel):
    """What a meeting resolved: an office of the group does it by `due`, or within the plan's clause."""

    what: Reason
    unit: UnitName
    due: CampaignDay | None = None


class HoldMeeting(Command):
    """The leader of the group held a joint meeting; `attended` are the offices that came, beside the leader."""

    kind: Literal["hold_meeting"] = "hold_meeting"
    attended: tuple[UnitName, ...] = Field(max_length=30)
    note: Reason
    resolutions: tuple[Resolution, ...] = Field(default=(), max_length=30)


class ReportResolution(Command):
    """The office of a resolution, or the leader, reports that it is done."""

    kind: Literal["report_resolution"] = "report_resolution"
    number: Number
    note: Reason


class ReferCase(Command):
    """A finding that is a suspected offence is handed to the office that takes cases (案件移送)."""

    kind: Literal["refer_case"] = "refer_case"
    finding: Number
    note: Reason


class ReceiveCase(Command):
    """That office takes the case under its `reference`, or returns it with its reason."""

    kind: Literal["receive_case"] = "receive_case"
    finding: Number
    accepted: bool
    reference: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"\S")
    reason: Reason | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.accepted and self.reference is None:
            raise ValueError("expected the reference of the file under which the case is taken")
        if not self.accepted and self.reason is None:
            raise ValueError("expected the reason why the case is returned")
        return self


# --- events -------------------------------------------------------------------------------------------------------


class ResolutionMade(StoredModel):
    """A resolution with its number in the city and its deadline."""

    number: int
    what: str
    unit: str
    due: Instant
    clauses: ClauseNames = new_field({})


class MeetingHeld(Event):
    kind: Literal["meeting_held"] = "meeting_held"
    number: int
    attended: tuple[str, ...]
    absent: tuple[str, ...] = ()
    note: str
    resolutions: tuple[ResolutionMade, ...] = ()


class ResolutionReported(Event):
    """`cures`: it was done after its deadline."""

    kind: Literal["resolution_reported"] = "resolution_reported"
    number: int
    unit: str
    note: str
    cures: bool = False


class ResolutionsOverdue(Event):
    """Resolutions that were due by `due` and are not done."""

    kind: Literal["resolutions_overdue"] = "resolutions_overdue"
    due: Instant
    numbers: tuple[int, ...]


class CaseReferred(Event):
    """The case of a finding was handed over; the receiver decides by `due`."""

    kind: Literal["case_referred"] = "case_referred"
    finding: int
    site: str | None = None
    what: str
    note: str
    due: Instant


class CaseReceived(Event):
    kind: Literal["case_received"] = "case_received"
    finding: int
    accepted: bool
    reference: str | None = None
    reason: str | None = None


class CasesOverdue(Event):
    """Cases that the receiver should have taken or returned by `due`."""

    kind: Literal["cases_overdue"] = "cases_overdue"
    due: Instant
    findings: tuple[int, ...]


# --- state and facts ----------------------------------------------------------------------------------------------


class ResolutionState(StoredModel):
    """An open resolution; `told`: it was reported as overdue."""

    what: str
    unit: str
    due: Instant
    held_at: Instant
    told: bool = False
    clauses: ClauseNames = new_field({})


class CaseStage(StrEnum):
    FOUND = "found"
    """A suspected offence that is not handed over yet."""
    REFERRED = "referred"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    """It is to be completed and handed over again."""


class PatrolCase(StoredModel):
    """A suspected offence that a patrol found, by the number of its finding."""

    stage: CaseStage = CaseStage.FOUND
    what: str
    site: str | None = None
    at: Instant
    """When it was found, handed over, taken or returned."""
    due: Instant | None = None
    told: bool = False
    reference: str | None = None
    reason: str | None = None
    clauses: ClauseNames = new_field({})


class JointGroupState(StoredModel):
    """`resolutions` are the open ones, by number; `done` of all were done, `cured` of these after their deadline."""

    meetings: int = 0
    resolved: int = 0
    resolutions: dict[int, ResolutionState] = {}
    done: int = 0
    cured: int = 0
    missed: int = 0
    cases: dict[int, PatrolCase] = {}


class JointGroupFacts(StoredModel):
    """A city's joint group as status shows it. Every missed resolution was told; `cured` of them were done later."""

    title: str
    leader: str
    meetings: int = 0
    resolutions_done: int = 0
    resolutions_missed: int = 0
    resolutions_cured: int = 0
    resolutions: dict[int, ResolutionState] = new_field({})
    """The open ones."""
    cases: dict[int, PatrolCase] = new_field({})


_BY_LEADER = Permit(Role.DEPARTMENT, Whose.GROUP_LEADER)
_BY_GROUP = Permit(Role.DEPARTMENT, Whose.GROUP)


JOINT_GROUP = Option(
    name="joint_group",
    subject="city",
    commands={
        "hold_meeting": HoldMeeting,
        "report_resolution": ReportResolution,
        "refer_case": ReferCase,
        "receive_case": ReceiveCase,
    },
    events=(MeetingHeld, ResolutionReported, ResolutionsOverdue, CaseReferred, CaseReceived, CasesOverdue),
    permits={
        "hold_meeting": at(PATROLLED, _BY_LEADER),
        "report_resolution": at(PATROLLED, _BY_GROUP),
        "refer_case": at(PATROLLED, _BY_LEADER, BY_CITY),
        "receive_case": at(PATROLLED, BY_POLICE, Permit(Role.DEPARTMENT, Whose.POLICE)),
    },
    rows_after="reopen",
    command_events={
        "hold_meeting": ("meeting_held", "duty_performed"),
        "report_resolution": ("resolution_reported",),
        "refer_case": ("case_referred", "duty_performed"),
        "receive_case": ("case_received",),
    },
)
