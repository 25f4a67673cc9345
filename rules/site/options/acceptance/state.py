"""What a site remembers of its acceptance where the plan asks more of it than levels and other persons."""

from datetime import datetime

from rules.site.state import SiteState
from schemas import events as ev
from schemas.actor import Actor
from schemas.options.acceptance import (
    Acceptance,
    AcceptanceTerms,
    AcceptedProblem,
    ExpertReplaced,
    OpinionGiven,
    Panel,
    PanelDrawn,
    ProblemClosed,
    ProblemReturned,
)
from schemas.reopening import Reopened
from schemas.site.terms import SiteTerms


def apply_acceptance(state: "SiteState", terms: SiteTerms, event: ev.Event, at: datetime, actor: Actor) -> None:
    """Apply one event to what a site remembers of its acceptance, in place."""
    asks = terms.acceptance
    if asks is None:
        return
    kept = state.acceptance = state.acceptance or Acceptance()
    match event:
        case ev.TaskReported():
            if actor.unit not in kept.reporting_units:
                kept.reporting_units.append(actor.unit)
        case ev.VerificationRequested():
            kept.units, kept.panel = {}, None
        case ev.LevelPassed():
            kept.units[event.level], kept.panel = actor.unit, None
        case ev.LevelFailed():
            kept.panel = None
            kept.exhausted = event.rounds_exhausted and asks.exhausted_rung is not None
            kept.void(event.failed_requirements)
        case ev.Closed() | ev.CarriedOver():
            kept.panel = None
        case PanelDrawn():
            kept.panel = Panel(level=event.level, members={member.id: member.unit for member in event.experts})
        case OpinionGiven() if kept.panel is not None:
            kept.panel.opinions[event.expert] = event.passed
            kept.panel.latest_at = max(kept.panel.latest_at or at, at)
        case ExpertReplaced() if kept.panel is not None:
            panel = kept.panel
            panel.members = {k: u for k, u in panel.members.items() if k != event.expert} | {event.by.id: event.by.unit}
            panel.replaced.append(event.expert)
        case ProblemClosed():
            kept.accepted_problems[event.problem] = AcceptedProblem(
                by=actor.id, unit=actor.unit, requirements=event.requirements
            )
            state.proceed(at)
        case ProblemReturned():
            kept.returned += 1
            kept.void(event.failed_requirements)
            state.require_again(event.failed_requirements, at)
            state.proceed(at)
        case Reopened():
            kept.panel, kept.exhausted = None, False
            kept.void(event.failed_requirements)


def acceptance_terms(terms: SiteTerms) -> AcceptanceTerms:
    """What the plan asks, or nothing."""
    return terms.acceptance or AcceptanceTerms()


def acceptance_state(state: "SiteState") -> Acceptance:
    """What is remembered, or nothing."""
    return state.acceptance or Acceptance()
