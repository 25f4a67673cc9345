"""Acceptance beyond a level's plain verdict: self-checks, drawn experts, and problems accepted one by one."""

from typing import Literal

from pydantic import Field

from schemas.acceptance_options import off
from schemas.actor import Role
from schemas.base import Kept
from schemas.command import Command, Reason
from schemas.event import Event, added_later

# --- terms --------------------------------------------------------------------------------------------------------


class Member(Kept):
    """An expert: id and unit."""

    id: str
    unit: str


class LevelAsks(Kept):
    """What the plan asks of one level beyond its deadline."""

    by: Role | None = Field(default=None, exclude_if=off)
    self_check: bool = Field(default=False, exclude_if=off)
    experts: int | None = Field(default=None, exclude_if=off)


class AcceptanceTerms(Kept):
    """What a site's plan asks of its acceptance; `levels` by the level's id, those with nothing to ask left out.

    `parts_level` accepts problems (`problems` are the kinds at this site) by themselves. `pool` are the experts that
    may be drawn for this site, in the plan's order.
    """

    levels: dict[str, LevelAsks] = Field(default={}, exclude_if=off)
    separate_units: bool = Field(default=False, exclude_if=off)
    exhausted_rung: int | None = Field(default=None, exclude_if=off)
    parts_level: str | None = Field(default=None, exclude_if=off)
    problems: tuple[str, ...] = Field(default=(), exclude_if=off)
    pool: tuple[Member, ...] = Field(default=(), exclude_if=off)


# --- commands -----------------------------------------------------------------------------------------------------


class SelfCheck(Command):
    """The verdict of a self-check (自查), by a unit that did the work; its content is that of `verify`."""

    kind: Literal["self_check"] = "self_check"
    level: str = Field(min_length=1, max_length=64)
    passed: bool
    opinion: str | None = Field(default=None, max_length=4000)
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


class GiveOpinion(Command):
    """A drawn expert's opinion on the site, for the level that is awaited."""

    kind: Literal["give_opinion"] = "give_opinion"
    level: str = Field(min_length=1, max_length=64)
    passed: bool
    opinion: Reason


class ReplaceExpert(Command):
    """A drawn expert who gave no opinion yet makes room for the next in the order of the draw."""

    kind: Literal["replace_expert"] = "replace_expert"
    level: str = Field(min_length=1, max_length=64)
    expert: str = Field(min_length=1, max_length=128)
    reason: Reason


class CloseProblem(Command):
    """A problem of the site is accepted by itself, or returned with a written opinion (no requirement named: all)."""

    kind: Literal["close_problem"] = "close_problem"
    level: str = Field(min_length=1, max_length=64)
    problem: str = Field(min_length=1, max_length=64)
    passed: bool
    opinion: str | None = Field(default=None, max_length=4000)
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


ACCEPTANCE_COMMANDS: dict[str, type[Command]] = {
    "self_check": SelfCheck,
    "give_opinion": GiveOpinion,
    "replace_expert": ReplaceExpert,
    "close_problem": CloseProblem,
}

# --- events -------------------------------------------------------------------------------------------------------


class PanelDrawn(Event):
    """The experts of a level, drawn when it was asked (rules.panel); fewer than `wanted` where the pool has no more."""

    kind: Literal["panel_drawn"] = "panel_drawn"
    round: int
    level: str
    wanted: int
    experts: tuple[Member, ...]


class OpinionGiven(Event):
    """A drawn expert said whether the site passes, and why; each once a sitting."""

    kind: Literal["opinion_given"] = "opinion_given"
    round: int
    level: str
    expert: str
    passed: bool
    opinion: str


class ExpertReplaced(Event):
    """The next of the draw sits in place of one who gave no opinion."""

    kind: Literal["expert_replaced"] = "expert_replaced"
    round: int
    level: str
    expert: str
    by: Member
    reason: str


class ProblemClosed(Event):
    """A problem was accepted by itself, as done by these requirements."""

    kind: Literal["problem_closed"] = "problem_closed"
    round: int
    level: str
    problem: str
    requirements: tuple[str, ...]
    opinion: str | None = added_later(None)


class ProblemReturned(Event):
    """It was not: these requirements are to be done again within the site's own deadline; no round is counted."""

    kind: Literal["problem_returned"] = "problem_returned"
    round: int
    level: str
    problem: str
    failed_requirements: tuple[str, ...]
    opinion: str


ACCEPTANCE_EVENTS: tuple[type[Event], ...] = (PanelDrawn, OpinionGiven, ExpertReplaced, ProblemClosed, ProblemReturned)
