"""Phases that act (阶段): their gates and milestones, the measures that decide on them, and what the ledger keeps."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.calendar import CampaignDay, Clause, ClauseNames, DayUnit
from schemas.event import Event, new_field
from schemas.offices import Text, is_unset
from schemas.option import Option
from schemas.options.surveys import SurveyOption
from schemas.quantity import Sum

PerCent = Annotated[Decimal, Field(gt=0, le=100, max_digits=7, decimal_places=4, allow_inf_nan=False)]
"""A share in per cent, as the plan writes it: 66.6 is 333 of 500."""


class GateCheck(StrEnum):
    """What a condition of a gate looks at."""

    SITES_SURVEYED = "sites_surveyed"
    """Every survey round announced for a day up to the phase's end was added, and each of its sites was opened."""
    DEPLOYMENTS_APPROVED = "deployments_approved"
    IN_WORK = "in_work"
    """Sites with reported work, or whose verification was requested."""
    CLOSED = "closed"
    """Sites that are struck off."""


_SHARES = (GateCheck.IN_WORK, GateCheck.CLOSED)


class Condition(InputModel):
    """What must be true, in each city or in the campaign as a whole; a share has its `per_cent` of the sites."""

    check: GateCheck
    per_cent: PerCent | None = Field(default=None, exclude_if=is_unset)
    of: Literal["each_city", "campaign"] = "each_city"

    @model_validator(mode="after")
    def _share(self) -> Self:
        if (self.check in _SHARES) != (self.per_cent is not None):
            raise ValueError("per_cent: expected with in_work and closed, and only there")
        return self


class Gate(InputModel):
    """What must be true at a phase's end. Unmet, it is told one level higher after each `grace`, up to the province."""

    conditions: tuple[Condition, ...] = Field(min_length=1, max_length=20)
    grace: Clause = Clause(amount=3, unit=DayUnit.WORKING_DAYS)

    @model_validator(mode="after")
    def _once(self) -> Self:
        twice = [f"{c} of {of}" for (c, of), n in Counter((c.check, c.of) for c in self.conditions).items() if n > 1]
        if twice:
            raise ValueError("; ".join(f"conditions: {one} stands twice, expected once" for one in twice))
        return self


class Opened(StrEnum):
    """What a phase opens: the days of these clauses do not count before its first day."""

    TRANSFERS = "transfers"
    """`police_track.transfer`."""
    WORKS = "works"
    """`clauses.rectification` and `survey.rectification`; work that is done earlier is accepted with a note."""


class Milestone(InputModel):
    """How much of each city's sites or hectares is to be struck off by the end of a phase."""

    measure: Literal["sites", "hectares"]
    per_cent: PerCent


class Phase(InputModel):
    """A phase (阶段); phases may overlap, each within the campaign's dates."""

    id: Identifier
    title: Text
    starts_on: CampaignDay
    ends_on: CampaignDay
    gate: Gate | None = Field(default=None, exclude_if=is_unset)
    holds_next: bool = Field(default=False, exclude_if=is_unset)
    """Whether the phase listed next begins only when the gate is met."""
    milestones: tuple[Milestone, ...] = Field(default=(), exclude_if=is_unset)
    opens: tuple[Opened, ...] = Field(default=(), exclude_if=is_unset)
    summary: bool = Field(default=False, exclude_if=is_unset)
    """Whether a summary is issued at its end; one with a gate or milestones always has one."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError(f"ends_on {self.ends_on} is before starts_on {self.starts_on}")
        return self


def phase_contradictions(phases: Sequence[Phase], survey: SurveyOption | None) -> Iterator[str]:
    """The faults of phases that act, as `path: what`."""
    for place, phase in enumerate(phases):
        path = f"phases[{place}]"
        if phase.holds_next:
            yield from (f"{path}.holds_next: {what}" for what in _holding(phase, phases[place + 1 : place + 2]))
        checks = {condition.check for condition in phase.gate.conditions} if phase.gate is not None else set()
        rounds = survey.rounds if survey is not None else ()
        if GateCheck.SITES_SURVEYED in checks and not any(one.on <= phase.ends_on for one in rounds):
            yield f"{path}.gate: sites_surveyed needs a round of `survey` on a day up to {phase.ends_on}"
        for measure, times in Counter(one.measure for one in phase.milestones).items():
            if times > 1:
                yield f"{path}.milestones: {measure} stands twice, expected once"
    for opened, times in Counter(one for phase in phases for one in phase.opens).items():
        if times > 1:
            yield f"phases: {opened} is opened twice, expected once"
    for measure in ("sites", "hectares"):
        asked = [(p.ends_on, m.per_cent, p.id) for p in phases for m in p.milestones if m.measure == measure]
        for (_, before, earlier), (_, after, later) in zip(sorted(asked), sorted(asked)[1:], strict=False):
            if after < before:
                yield f"phases: {later} asks for {after} % of the {measure}, less than {earlier} before it ({before} %)"


def _holding(phase: Phase, following: Sequence[Phase]) -> Iterator[str]:
    if phase.gate is None:
        yield "expected a gate, which says until when"
    if not following:
        yield f"{phase.id} is the last phase, so that it holds nothing"
    elif following[0].starts_on <= phase.ends_on:
        yield (
            f"{following[0].id} begins on {following[0].starts_on}, before {phase.id} ends on {phase.ends_on}: "
            "a gate is judged at the end of its phase"
        )


# --- measures ---------------------------------------------------------------------------------------------------------


class PhaseMeasures(StoredModel):
    """A city's measures; of all sites of its register, those that surveys added among them."""

    code: str
    name: str
    deployed: bool = False
    sites: int = 0
    unopened: int = new_field(0)
    """Sites of surveys that were not opened yet."""
    in_work: int = 0
    closed: int = 0
    hectares: Sum = Decimal()
    hectares_closed: Sum = Decimal()


class PhaseOrder(StoredModel):
    """Take the measures of a phase at `at`."""

    campaign_id: str
    phase: str
    at: Instant


class PhaseReport(StoredModel):
    """The measures of all cities, in the order of the plan, and the surveys that were added; `as_of` is the moment."""

    phase: str
    as_of: Instant
    cities: tuple[PhaseMeasures, ...]
    surveys: tuple[str, ...] = ()


# --- judgement --------------------------------------------------------------------------------------------------------


class Missing(StoredModel):
    """An unmet condition of a gate: of one city, or of the campaign (`city` empty). `lacking` is `wanted` - `have`."""

    check: GateCheck
    city: str = ""
    per_cent: Sum | None = new_field(None)
    have: int
    wanted: int
    of: int
    lagging: tuple[str, ...] = new_field(())
    """For the campaign: the cities that are themselves behind what is asked."""
    rounds: tuple[str, ...] = new_field(())
    """The survey rounds that were not added."""

    @property
    def lacking(self) -> int:
        return self.wanted - self.have


class Reached(StoredModel):
    """A milestone in one city: `have` of `of` are struck off, sites or hectares."""

    city: str
    measure: Literal["sites", "hectares"]
    per_cent: Sum
    have: Sum
    of: Sum
    kept: bool


class PhaseEnded(Event):
    """A phase is over: its measures, its milestones by city, and what its gate lacks."""

    kind: Literal["phase_ended"] = "phase_ended"
    phase: str
    as_of: Instant
    cities: tuple[PhaseMeasures, ...]
    milestones: tuple[Reached, ...] = new_field(())
    missing: tuple[Missing, ...] = new_field(())


class GateMet(Event):
    """Every condition of the gate is met; `next` is the phase that it held."""

    kind: Literal["gate_met"] = "gate_met"
    phase: str
    next: str | None = new_field(None)


class GateUnmet(Event):
    """What the gate lacks, at the phase's end and whenever that changes after it; `due` is when it is told higher."""

    kind: Literal["gate_unmet"] = "gate_unmet"
    phase: str
    missing: tuple[Missing, ...]
    due: Instant | None = new_field(None)


class GateOverdue(Event):
    """The gate is still unmet after its grace: told to the units of level `step`, the last one is the province."""

    kind: Literal["gate_overdue"] = "gate_overdue"
    phase: str
    step: int
    missing: tuple[Missing, ...]
    due: Instant | None = new_field(None)
    """When it is told one level higher; None after the province was told."""


class GateState(StoredModel):
    """A phase that is over, in the campaign's state."""

    ended_at: Instant
    met_at: Instant | None = None
    missing: tuple[Missing, ...] = ()
    step: int = 0
    due: Instant | None = None
    clauses: ClauseNames = new_field({})


PHASES = Option(name="phases", subject="campaign", events=(PhaseEnded, GateMet, GateUnmet, GateOverdue))
