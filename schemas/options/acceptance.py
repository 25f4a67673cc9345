"""Acceptance (验收) beyond a level's plain verdict: self-checks, drawn experts, and problems accepted one by one."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from schemas.actor import Role
from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.calendar import Clause
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.offices import Text, is_unset
from schemas.option import Option
from schemas.permit import BY_ANY_BUILDER, BY_BUILDER, BY_CITY, BY_COUNTY, BY_PROVINCE, BY_TOWNSHIP, Permit, at
from schemas.stages import OPEN_SITE, VERIFYING, Stage


def _several(value: Any) -> Any:
    """One clause or a list of them."""
    return value if isinstance(value, list | tuple) else (value,)


class EvidenceGate(StrEnum):
    """When the evidence of a requirement must be on file."""

    AT_END = "at_end"
    """All of it must be on file before the requirement counts as done."""
    IN_ORDER = "in_order"
    """Also, work is refused before the photo of `before`, and its completion before that of `during`."""


def _at_end(value: object) -> bool:
    return value == EvidenceGate.AT_END


LookBackClauses = tuple[Clause, ...]
"""So long after the closure a requirement is inspected again (回头看), each clause once."""


class EvidenceOptions(InputModel):
    """Options of a catalogue entry. `look_back`: one inspection (回头看) for each clause after the closure."""

    evidence_gate: EvidenceGate = Field(default=EvidenceGate.AT_END, exclude_if=_at_end)
    look_back: Annotated[LookBackClauses, BeforeValidator(_several)] = Field(
        default=(), max_length=12, exclude_if=is_unset
    )


class Expert(InputModel):
    """An expert of the pool: its id and office; without `city` an expert of the province."""

    id: str = Field(min_length=1, max_length=64, pattern=r"^[^\s\x00-\x1f]+$")
    unit: str = Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")
    city: Identifier | None = Field(default=None, exclude_if=is_unset)


JUDGES = (Role.ENTERPRISE, Role.TOWNSHIP, Role.COUNTY, Role.CITY, Role.PROVINCE, Role.EXPERT)


class LevelOptions(InputModel):
    """Options of a level of acceptance.

    `by`: the role that judges; its unit is another than every unit that worked at the site or judged another level of
    the round, unless `same_unit: allowed` with its `same_unit_reason`. `self_check` (自查): another person of a unit
    that reported the work verifies. `experts`: the number of experts drawn from the pool when the level is requested;
    the verdict can not pass against their majority.
    """

    by: Role
    same_unit: Literal["allowed"] | None = Field(default=None, exclude_if=is_unset)
    same_unit_reason: Text | None = Field(default=None, exclude_if=is_unset)
    self_check: bool = Field(default=False, exclude_if=is_unset)
    experts: int | None = Field(default=None, ge=1, le=9, exclude_if=is_unset)

    @model_validator(mode="after")
    def _level_holds(self) -> Self:
        faults = []
        if self.by not in JUDGES:
            faults.append(f"by: {self.by} judges no level, expected one of {', '.join(JUDGES)}")
        if self.by is Role.ENTERPRISE and not self.self_check:
            faults.append("by: an enterprise judges nothing but its own work, expected self_check: true with it")
        if self.experts is not None and self.experts % 2 == 0:
            faults.append(f"experts: {self.experts} can be of two minds evenly, expected an odd number from 1 to 9")
        if self.self_check and self.experts is not None:
            faults.append("experts: a self_check is made without them, expected one of the two")
        if self.self_check and self.by in (Role.PROVINCE, Role.EXPERT):
            faults.append(
                f"by: {self.by} does no work that it could check itself, expected enterprise, township, county or city"
            )
        if self.same_unit is not None and self.same_unit_reason is None:
            faults.append("same_unit: allowed without a reason, expected same_unit_reason: why one unit does both")
        if self.same_unit is None and self.same_unit_reason is not None:
            faults.append("same_unit_reason: a reason for nothing, expected same_unit: allowed with it")
        if self.self_check and self.same_unit is not None:
            faults.append("same_unit: a self_check is by the unit that worked anyway, expected one of the two")
        if faults:
            raise ValueError("; ".join(faults))
        return self


class Closure(InputModel):
    """Closure by problem: each problem of a site is accepted separately at `level`, by default the first that is no
    self-check. Neither that level nor a later one passes the site while a problem is not accepted.
    """

    by: Literal["problem"] = "problem"
    level: Identifier | None = Field(default=None, exclude_if=is_unset)


class AcceptanceOptions(InputModel):
    """Options of the acceptance ladder as a whole.

    `exhausted_rung`: the rung to which a site climbs at once when it has failed `max_rounds` times. `pool`: the
    experts to draw from.
    """

    exhausted_rung: int | None = Field(default=None, ge=1, le=6, exclude_if=is_unset)
    closure: Closure | None = Field(default=None, exclude_if=is_unset)
    pool: tuple[Expert, ...] = Field(default=(), max_length=300, exclude_if=is_unset)


# --- terms --------------------------------------------------------------------------------------------------------


class Member(StoredModel):
    """An expert: id and unit."""

    id: str
    unit: str


class LevelAsks(StoredModel):
    """The plan's options of one level."""

    by: Role | None = Field(default=None, exclude_if=is_unset)
    self_check: bool = Field(default=False, exclude_if=is_unset)
    experts: int | None = Field(default=None, exclude_if=is_unset)
    same_unit: bool = Field(default=False, exclude_if=is_unset)
    """Whether a unit that worked, or judged another level of the round, may judge this one."""


class AcceptanceTerms(StoredModel):
    """The acceptance options for one site; `levels` by the level's id, without levels that have no option.

    `problems_level` accepts problems one by one; `problems` are the kinds at this site. `pool` are the experts that may
    be drawn for this site, in the plan's order.
    """

    levels: dict[str, LevelAsks] = Field(default={}, exclude_if=is_unset)
    exhausted_rung: int | None = Field(default=None, exclude_if=is_unset)
    problems_level: str | None = Field(default=None, exclude_if=is_unset)
    problems: tuple[str, ...] = Field(default=(), exclude_if=is_unset)
    pool: tuple[Member, ...] = Field(default=(), exclude_if=is_unset)


# --- commands -----------------------------------------------------------------------------------------------------


class SelfCheck(Command):
    """The verdict of a self-check (自查), by a unit that did the work; its content is that of `verify`."""

    kind: Literal["self_check"] = "self_check"
    level: str = Field(min_length=1, max_length=64)
    passed: bool
    opinion: Reason | None = None
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


class GiveOpinion(Command):
    """A drawn expert's opinion on the site, for the level that is awaited."""

    kind: Literal["give_opinion"] = "give_opinion"
    level: str = Field(min_length=1, max_length=64)
    passed: bool
    opinion: Reason


class ReplaceExpert(Command):
    """Replace a drawn expert without an opinion by the next one in the order of the draw."""

    kind: Literal["replace_expert"] = "replace_expert"
    level: str = Field(min_length=1, max_length=64)
    expert: str = Field(min_length=1, max_length=128)
    reason: Reason


class CloseProblem(Command):
    """Accept one problem of the site, or return it with a written opinion (no requirement named: all)."""

    kind: Literal["close_problem"] = "close_problem"
    level: str = Field(min_length=1, max_length=64)
    problem: str = Field(min_length=1, max_length=64)
    passed: bool
    opinion: Reason | None = None
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


# --- events -------------------------------------------------------------------------------------------------------


class PanelDrawn(Event):
    """The experts of a level, drawn when it was requested (rules.site.options.acceptance.panel).

    Fewer than `wanted` if the pool has no more.
    """

    kind: Literal["panel_drawn"] = "panel_drawn"
    round: int
    level: str
    wanted: int
    experts: tuple[Member, ...]


class OpinionGiven(Event):
    """The opinion of a drawn expert, with its reason; one per expert and panel."""

    kind: Literal["opinion_given"] = "opinion_given"
    round: int
    level: str
    expert: str
    passed: bool
    opinion: str


class ExpertReplaced(Event):
    """The next expert of the draw replaced one without an opinion."""

    kind: Literal["expert_replaced"] = "expert_replaced"
    round: int
    level: str
    expert: str
    by: Member
    reason: str


class ProblemClosed(Event):
    """A problem was accepted; `requirements` are those by which it was done."""

    kind: Literal["problem_closed"] = "problem_closed"
    round: int
    level: str
    problem: str
    requirements: tuple[str, ...]
    opinion: str | None = new_field(None)


class ProblemReturned(Event):
    """A problem was returned: these requirements are due again within the site's deadline, in the same round."""

    kind: Literal["problem_returned"] = "problem_returned"
    round: int
    level: str
    problem: str
    failed_requirements: tuple[str, ...]
    opinion: str


# --- state --------------------------------------------------------------------------------------------------------


class Panel(StoredModel):
    """The experts of the awaited level: id to unit, in the order of the draw, and their opinions."""

    level: str
    members: dict[str, str]
    opinions: dict[str, bool] = {}
    replaced: list[str] = []
    latest_at: Instant | None = new_field(None)
    """The latest event time of an opinion: the verdict rests on all of them."""

    @property
    def silent(self) -> tuple[str, ...]:
        """The experts without an opinion, in the order of the draw."""
        return tuple(member for member in self.members if member not in self.opinions)


class AcceptedProblem(StoredModel):
    """An accepted problem: by whom, and by which requirements it was done."""

    by: str
    unit: str
    requirements: tuple[str, ...]


class Acceptance(StoredModel):
    """Part of a site's state; None if the plan has none of these options."""

    reporting_units: list[str] = []
    units: dict[str, str] = {}
    """Level to the unit that passed it, in this round."""
    accepted_problems: dict[str, AcceptedProblem] = {}
    """Kind of problem to its acceptance, until it is revoked."""
    returned: int = 0
    """How often a problem was returned."""
    panel: Panel | None = None
    exhausted: bool = False
    """Whether `max_rounds` was reached when this round began, so that the site climbs at once."""

    def void(self, requirements: Iterable[str]) -> None:
        """Revoke the acceptances that depend on these requirements, which are to be done again."""
        again = set(requirements)
        self.accepted_problems = {
            kind: part for kind, part in self.accepted_problems.items() if not again & set(part.requirements)
        }


# --- option -------------------------------------------------------------------------------------------------------


_R, _V = Stage.RECTIFYING, Stage.VERIFYING


ACCEPTANCE = Option(
    name="acceptance",
    subject="site",
    commands={
        "self_check": SelfCheck,
        "give_opinion": GiveOpinion,
        "replace_expert": ReplaceExpert,
        "close_problem": CloseProblem,
    },
    events=(PanelDrawn, OpinionGiven, ExpertReplaced, ProblemClosed, ProblemReturned),
    permits={
        "self_check": at(VERIFYING, BY_BUILDER, BY_ANY_BUILDER, BY_TOWNSHIP, BY_COUNTY, BY_CITY),
        "give_opinion": at(VERIFYING, Permit(Role.EXPERT)),
        "replace_expert": at(VERIFYING, BY_PROVINCE, BY_CITY),
        "close_problem": at(OPEN_SITE, BY_PROVINCE, BY_CITY, BY_COUNTY, BY_TOWNSHIP, Permit(Role.EXPERT)),
    },
    rows_after="verify",
    transitions={
        (_V, "panel_drawn"): _V,
        (_V, "opinion_given"): _V,
        (_V, "expert_replaced"): _V,
        (_R, "problem_closed"): _R,
        (_V, "problem_closed"): _V,
        (_R, "problem_returned"): _R,
    },
    command_events={
        "self_check": ("level_passed", "level_failed", "closed"),
        "give_opinion": ("opinion_given",),
        "replace_expert": ("expert_replaced",),
        "close_problem": ("problem_closed", "problem_returned"),
    },
)
