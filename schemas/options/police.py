"""The police track (公安线): the plan's option, its terms, the commands and events of a case, and its facts."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.actor import Right
from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.calendar import Clause, ClauseNames, DayUnit
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.offices import Agency, City, Text, is_unset
from schemas.option import Option
from schemas.permit import BY_CITY, BY_POLICE, BY_PROVINCE, at
from schemas.phase_end import ClauseOrPhase, Within
from schemas.stages import WITH_A_CASE, Stage

POLICE_TRACK = "police_track"
"""The level of a site that is accepted and waits for its case."""


class CaseClosure(StrEnum):
    """What the closure of a site requires."""

    BOTH = "both"
    """The works are accepted, and the case is over."""
    WORKS = "works"
    """The works only; the case continues beside the closed site until the campaign's end at the latest."""


class CaseEnd(StrEnum):
    """When a case is over for the campaign."""

    DECISION = "decision"
    """When the police have decided whether to file it."""
    CONCLUSION = "conclusion"
    """When it is not filed, or concluded."""


class PoliceTrack(InputModel):
    """A site with one of `problems` has a case: it is transferred within `transfer` of the opening, accepted, decided.

    `agency` leads the police track and `works_agency` the works, both issuing agencies of the plan (the works' by
    default the first that is another). `bureaus` names the police bureau of each city; a city without one transfers
    to the agency. `decision` counts from the acceptance, `conclusion` from the filing (None: without a deadline).
    """

    agency: Text
    works_agency: Text | None = Field(default=None, exclude_if=is_unset)
    bureaus: dict[Identifier, Text] = Field(default={}, exclude_if=is_unset)
    problems: tuple[Identifier, ...] = Field(min_length=1)
    transfer: ClauseOrPhase
    acceptance: Clause = Clause(amount=1, unit=DayUnit.WORKING_DAYS)
    decision: Clause
    conclusion: Clause | None = Field(default=None, exclude_if=is_unset)
    closure: CaseClosure
    ends_with: CaseEnd = CaseEnd.DECISION

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.conclusion is not None and self.ends_with is CaseEnd.DECISION:
            raise ValueError("conclusion is a deadline for a conclusion, and the case is over with its decision")
        if self.works_agency == self.agency:
            raise ValueError(f"works_agency: {self.agency} leads the police track, expected another agency")
        return self


def police_contradictions(
    track: PoliceTrack | None, agencies: Sequence[Agency], cities: Sequence[City]
) -> Iterator[str]:
    """Every fault as `path: what`: both lead agencies issue the plan, and the bureaus are those of its cities."""
    if track is None:
        return
    known = [agency.name for agency in agencies]
    for path, name in (("agency", track.agency), ("works_agency", track.works_agency)):
        if name is not None and name not in known:
            yield f"police_track.{path}: expected an issuing agency of the plan, one of {', '.join(known)}"
    if track.works_agency is None and not [name for name in known if name != track.agency]:
        yield f"police_track.agency: no other agency issues the plan, so nobody would lead the works beside {known[0]}"
    for index, agency in enumerate(agencies):
        if agency.name == track.agency and agency.rights and Right.CASES not in agency.rights:
            path = f"issuing_agencies[{index}].rights"
            yield f"{path}: {agency.name} leads the police track, expected {Right.CASES} among them"
    codes = [city.code for city in cities]
    for code in track.bureaus:
        if code not in codes:
            yield f"police_track.bureaus: {code} is no city of the plan, expected one of {', '.join(codes)}"


class PoliceTerms(StoredModel):
    """The option for one site with a case; `bureau` is the police unit in charge."""

    agency: str
    works_agency: str
    bureau: str
    transfer: Within
    acceptance: Clause
    decision: Clause
    conclusion: Clause | None = None
    closure: CaseClosure
    ends_with: CaseEnd


class CaseState(StrEnum):
    """The state of a case, in order."""

    TO_TRANSFER = "to_transfer"
    """待移送"""
    TRANSFERRED = "transferred"
    """已移送"""
    ACCEPTED = "accepted"
    """已接收"""
    FILED = "filed"
    """已立案"""
    NOT_FILED = "not_filed"
    """不予立案"""
    CONCLUDED = "concluded"
    """已办结"""


class CaseFacts(StoredModel):
    """The case of a site as status and reports show it; `waits_for` is the unit that takes the next step."""

    state: str
    agency: str
    works_agency: str
    bureau: str
    reference: str | None = None
    since: Instant | None = None
    due: Instant | None = None
    clauses: ClauseNames = new_field({})
    waits_for: str | None = None
    told: int = 0
    """How often it was reported that the present step is overdue."""
    carried_over: bool = False
    closure: str = CaseClosure.BOTH


class Decision(StrEnum):
    """The decisions of the police on a case."""

    FILED = "filed"
    NOT_FILED = "not_filed"
    CONCLUDED = "concluded"


class TransferCase(Command):
    """The works agency or the city transfers the case to the police, under the reference number of its letter."""

    kind: Literal["transfer_case"] = "transfer_case"
    reference: str = Field(min_length=1, max_length=200)
    note: str | None = Field(default=None, max_length=4000)


class AcceptCase(Command):
    """The police sign for the case, without a decision."""

    kind: Literal["accept_case"] = "accept_case"


class DecideCase(Command):
    """The police file the case, do not file it (with the reason), or have concluded it.

    `reference` is their own number. A decision on a transferred case accepts it as well.
    """

    kind: Literal["decide_case"] = "decide_case"
    decision: Decision
    reason: Reason | None = None
    reference: str | None = Field(default=None, min_length=1, max_length=200)


class CaseTransferred(Event):
    """The case was transferred to the police; they accept it by `due`."""

    kind: Literal["case_transferred"] = "case_transferred"
    reference: str
    note: str | None = None
    due: Instant
    """The deadline of the acceptance."""


class CaseAccepted(Event):
    """The police accepted the case; they decide by `due` whether they file it."""

    kind: Literal["case_accepted"] = "case_accepted"
    due: Instant
    """The deadline of the decision."""


class CaseDecided(Event):
    """The decision of the police: filed, not filed with the reason, or concluded."""

    kind: Literal["case_decided"] = "case_decided"
    decision: Decision
    reason: str | None = None
    reference: str | None = None
    due: Instant | None = None
    """The deadline of the conclusion of a filed case, if the plan has one."""


class CaseOverdue(Event):
    """The present step is overdue, reported the `told`th time; `next_due` is when it is reported again."""

    kind: Literal["case_overdue"] = "case_overdue"
    state: CaseState
    waits_for: str
    told: int
    due: Instant
    next_due: Instant | None = None


class WorksAccepted(Event):
    """The last level passed; the site is closed as soon as its case is over."""

    kind: Literal["works_accepted"] = "works_accepted"
    round: int
    level: str
    opinion: str | None = None


class CaseCarriedOver(Event):
    """The campaign ended while the case of a closed site was not over; the case continues outside the campaign."""

    kind: Literal["case_carried_over"] = "case_carried_over"
    state: CaseState


class PoliceCase(StoredModel):
    """A site's case; part of its state. `due` is the deadline of the present step, None if it has none."""

    state: CaseState = CaseState.TO_TRANSFER
    since: Instant
    due: Instant | None = None
    clauses: ClauseNames = new_field({})
    notify_at: Instant | None = None
    """When it is reported next that the present step is overdue."""
    told: int = 0
    reference: str | None = None
    reason: str | None = None
    accepted_level: str | None = None
    """The last acceptance level, while the site waits only for its case."""
    accepted_opinion: str | None = None
    carried_over: bool = False


POLICE = Option(
    name="police",
    subject="site",
    commands={"transfer_case": TransferCase, "accept_case": AcceptCase, "decide_case": DecideCase},
    events=(CaseTransferred, CaseAccepted, CaseDecided, CaseOverdue, WorksAccepted, CaseCarriedOver),
    permits={
        "transfer_case": at(WITH_A_CASE, BY_PROVINCE, BY_CITY),
        "accept_case": at(WITH_A_CASE, BY_POLICE),
        "decide_case": at(WITH_A_CASE, BY_POLICE),
    },
    rows_after="verify",
    transitions={
        **{
            (stage, event): stage
            for stage in WITH_A_CASE.site
            for event in ("case_transferred", "case_accepted", "case_decided", "case_overdue")
        },
        (Stage.VERIFYING, "works_accepted"): Stage.VERIFYING,
        (Stage.CLOSED, "case_carried_over"): Stage.CLOSED,
    },
    command_events={
        "transfer_case": ("case_transferred",),
        "accept_case": ("case_accepted",),
        "decide_case": ("case_decided", "closed"),
    },
)
