"""Phases as an option of the campaign: when they begin, what is measured at their end, and what their gates hold.

A gate belongs to its phase and is judged when that ends; while it is unmet, again early on each working day. With
`holds_next` the phase listed next begins only then; a phase whose own end passes meanwhile never begins. All other
phases begin on their day, met or unmet: they merely overlap or follow.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from rules.calendar import graced, local_date, next_working_day, start_of
from rules.campaign.options.protocol import CampaignOption, Due
from rules.campaign.phase_gates import lagging_cities, milestones, missing
from rules.campaign.state import CampaignState
from rules.documents.addressing import LEVELS, overdue_gate_rung
from rules.documents.numbering import document_key
from rules.documents.state import PlannedDocument
from rules.effects import Effect, TakePhaseMeasures
from schemas.base import StoredModel
from schemas.calendar import Calendar, named
from schemas.campaign import CampaignTerms, PhaseBegan, PhaseTerms
from schemas.event import Event
from schemas.ledger import Notice
from schemas.options.phases import (
    PHASES,
    GateMet,
    GateOverdue,
    GateState,
    GateUnmet,
    Missing,
    PhaseEnded,
    PhaseReport,
)

_JUDGED = timedelta(hours=6)
"""Gates are judged at six in the morning, while nobody works: what follows leaves with the dispatch of the same day."""

_PROMPT = timedelta(hours=12)
"""Measures that are taken so soon after their moment are those of it: the night lies between."""

LAST_STEP = len(LEVELS)
"""The levels of a city above its bureaus are told first, then the province."""


class PhaseOption(CampaignOption):
    """The plan's `phases` with a gate, milestones or a summary; all other phases only begin."""

    data = PHASES

    def deadlines(self, terms: CampaignTerms, state: CampaignState, now: datetime) -> Iterator[Due]:
        """The beginnings that no gate holds, and the next measures of each phase that is over."""
        for place, phase in enumerate(terms.phases):
            begins = begins_at(terms, state, place)
            if begins is not None and phase.id not in state.phases:
                yield begins, PhaseBegan(phase=phase.id)
            due = _measured_next(terms, state, phase, now)
            if due is not None:
                yield due, TakePhaseMeasures(due if now < due + _PROMPT else now, phase.id)

    def note_asked(self, state: CampaignState, effect: Effect) -> None:
        """The measures of one moment are taken once."""
        if isinstance(effect, TakePhaseMeasures):
            state.measured = {**state.measured, effect.phase: effect.at}

    def observe(
        self, terms: CampaignTerms, state: CampaignState, observation: StoredModel
    ) -> Iterator[tuple[Event, datetime]]:
        """The end of the phase, and what is new about its gate."""
        phase = next((p for p in terms.phases if p.id == getattr(observation, "phase", None)), None)
        if phase is None or not isinstance(observation, PhaseReport):
            return
        known, lacks = state.gates.get(phase.id), missing(phase, observation)
        if known is None:
            yield _ended(phase, observation, lacks), observation.as_of
        if phase.gate is not None and (known is None or known.met_at is None):
            for event in _judged(terms, phase, known, lacks, observation.as_of):
                yield event, observation.as_of

    def apply(self, state: CampaignState, event: Event, at: datetime) -> None:
        """The phase is over; its gate is met, lacks something, or was told one level higher."""
        match event:
            case PhaseEnded():
                state.gates = {**state.gates, event.phase: GateState(ended_at=at, missing=event.missing)}
            case GateMet():
                _update(state, event.phase, met_at=at, missing=(), due=None, clauses={})
            case GateUnmet():
                _update(state, event.phase, missing=event.missing, due=event.due, clauses=event.clauses)
            case GateOverdue():
                _update(
                    state, event.phase, missing=event.missing, due=event.due, step=event.step, clauses=event.clauses
                )

    def documents(
        self, terms: CampaignTerms, state: CampaignState, event: Event, at: datetime
    ) -> Iterator[PlannedDocument]:
        """The summary for the province, and what it is told of an unmet gate after all levels of the cities."""
        if isinstance(event, PhaseEnded):
            place = _place(terms, event.phase)
            key = document_key(terms.campaign_id, "", "phase_summary", place, terms.calendar, at)
            yield PlannedDocument(key=key, kind="phase_summary", rung=place, data=_summary(terms, event, at, None))
        if isinstance(event, GateOverdue) and event.step == LAST_STEP:
            rung = overdue_gate_rung(_place(terms, event.phase), event.step)
            key = document_key(terms.campaign_id, "", "gate_overdue", rung, terms.calendar, at)
            yield PlannedDocument(key=key, kind="gate_overdue", rung=rung, data=_unmet(terms, state, event, at, None))

    def notices(self, terms: CampaignTerms, state: CampaignState, event: Event, at: datetime) -> Iterator[Notice]:
        """What each city sends: its own part of the summary; of an unmet gate only what it lacks itself."""
        if isinstance(event, PhaseEnded):
            for city in terms.cities:
                yield Notice(
                    key=f"{city.code}:phase_summary:{event.phase}",
                    site_id=None,
                    city=city.code,
                    kind="phase_summary",
                    rung=_place(terms, event.phase),
                    at=at,
                    data=_summary(terms, event, at, city.code),
                )
        if isinstance(event, GateOverdue) and event.step < LAST_STEP:
            behind = lagging_cities(event.missing)
            for city in terms.cities:
                if city.code in behind and _is_another_office(city.levels, event.step):
                    yield Notice(
                        key=f"{city.code}:gate_overdue:{event.phase}:{event.step}",
                        site_id=None,
                        city=city.code,
                        kind="gate_overdue",
                        rung=overdue_gate_rung(_place(terms, event.phase), event.step),
                        at=at,
                        data=_unmet(terms, state, event, at, city.code),
                    )


def holder_of(terms: CampaignTerms, place: int) -> PhaseTerms | None:
    """The phase whose gate holds the one at this place; None if it begins on its day."""
    before = terms.phases[place - 1] if place else None
    return before if before is not None and before.holds_next and before.gate is not None else None


def begins_at(terms: CampaignTerms, state: CampaignState, place: int) -> datetime | None:
    """When the phase at this place begins; None while a gate holds it, and for one that was held beyond its end."""
    phase, holder = terms.phases[place], holder_of(terms, place)
    day = max(phase.starts_at, state.issued_at or terms.issues_at)
    if holder is None:
        return day
    gate = state.gates.get(holder.id)
    if gate is None or gate.met_at is None:
        return None
    begins = max(day, gate.met_at)
    return begins if begins < phase.ends_at else None


def _measured_next(terms: CampaignTerms, state: CampaignState, phase: PhaseTerms, now: datetime) -> datetime | None:
    """When the measures of a phase are due next. After an outage one moment stands for all that were missed."""
    over, asked = state.gates.get(phase.id), state.measured.get(phase.id)
    if not phase.acts:
        return None
    if over is None:
        return max(phase.ends_at, state.issued_at or terms.issues_at) if asked is None else None
    if phase.gate is None or over.met_at is not None:
        return None
    due = _morning_after(terms.calendar, max(over.ended_at, asked or over.ended_at))
    while (later := _morning_after(terms.calendar, due)) <= now:
        due = later
    return due


def _morning_after(calendar: Calendar, instant: datetime) -> datetime:
    """When gates are judged first on a working day after `instant`."""
    day = next_working_day(calendar, local_date(calendar, instant))
    at = start_of(calendar, day) + _JUDGED
    return at if at > instant else start_of(calendar, next_working_day(calendar, day + timedelta(days=1))) + _JUDGED


def _ended(phase: PhaseTerms, report: PhaseReport, lacks: tuple[Missing, ...]) -> PhaseEnded:
    return PhaseEnded(
        phase=phase.id,
        as_of=report.as_of,
        cities=report.cities,
        milestones=milestones(phase, report),
        missing=lacks,
    )


def _judged(
    terms: CampaignTerms, phase: PhaseTerms, known: GateState | None, lacks: tuple[Missing, ...], at: datetime
) -> Iterator[Event]:
    assert phase.gate is not None  # only then it is judged
    grace = phase.gate.grace
    if not lacks:
        yield GateMet(phase=phase.id, next=_held(terms, phase.id, at))
        return
    if known is not None and known.due is not None and known.due <= at:
        # Where no city is behind, only the province can act: a survey round was not added.
        step = known.step + 1 if lagging_cities(lacks) else LAST_STEP
        due = graced(terms.calendar, at, grace) if step < LAST_STEP else None
        clauses = named(due=grace if due is not None else None)
        yield GateOverdue(phase=phase.id, step=step, missing=lacks, due=due, clauses=clauses)
    elif known is None or lacks != known.missing:
        new = known is None or (known.due is None and known.step < LAST_STEP)
        if known is None or new:
            due, clauses = graced(terms.calendar, at, grace), named(due=grace)
        else:
            due, clauses = known.due, known.clauses
        yield GateUnmet(phase=phase.id, missing=lacks, due=due, clauses=clauses)


def _update(state: CampaignState, phase: str, **changes: Any) -> None:
    state.gates = {**state.gates, phase: state.gates[phase].model_copy(update=changes)}


def _place(terms: CampaignTerms, phase: str) -> int:
    """Its number in the plan, from 1."""
    return [p.id for p in terms.phases].index(phase) + 1


def _last_day(terms: CampaignTerms, ended_at: datetime) -> str:
    """The last day of a phase that was over at this instant, which is mostly the midnight that ends the day."""
    return local_date(terms.calendar, ended_at - timedelta(microseconds=1)).isoformat()


def _is_another_office(levels: dict[str, tuple[str, ...]], step: int) -> bool:
    """Whether this level of a city is another office than the one that was told before."""
    return levels[LEVELS[step]] != levels[LEVELS[step - 1]]


def _held(terms: CampaignTerms, phase: str, at: datetime) -> str | None:
    """The phase that this one's gate holds; None also if its end has passed meanwhile."""
    place = _place(terms, phase)
    following = terms.phases[place] if place < len(terms.phases) else None
    held = following is not None and holder_of(terms, place) is not None and following.ends_at > at
    return following.id if held and following is not None else None


def _summary(terms: CampaignTerms, event: PhaseEnded, at: datetime, city: str | None) -> dict[str, Any]:
    """The data of a summary: of one city, or of all."""
    return {
        "phase": event.phase,
        "ended_on": _last_day(terms, at),
        "as_of": event.as_of.isoformat(),
        "gate": terms.phases[_place(terms, event.phase) - 1].gate is not None,
        "cities": [c.model_dump(mode="json") for c in event.cities if city in (None, c.code)],
        "milestones": [m.model_dump(mode="json") for m in event.milestones if city in (None, m.city)],
        "lacking": [m.model_dump(mode="json") for m in event.missing if _concerns(m, city)],
    }


def _unmet(
    terms: CampaignTerms, state: CampaignState, event: GateOverdue, at: datetime, city: str | None
) -> dict[str, Any]:
    return {
        "phase": event.phase,
        "ended_on": _last_day(terms, state.gates[event.phase].ended_at),
        "held": _held(terms, event.phase, at),
        "step": event.step,
        "lacking": [m.model_dump(mode="json") for m in event.missing if _concerns(m, city)],
    }


def _concerns(one: Missing, city: str | None) -> bool:
    return city is None or city == one.city or not one.city
