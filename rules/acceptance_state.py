"""What a site remembers of its acceptance where the plan asks more of it than levels and other persons."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from schemas import events as ev
from schemas.acceptance import (
    AcceptanceTerms,
    ExpertReplaced,
    OpinionGiven,
    PanelDrawn,
    ProblemClosed,
    ProblemReturned,
)
from schemas.actor import Actor
from schemas.base import Kept
from schemas.reopening import Reopened
from schemas.terms import SiteTerms

if TYPE_CHECKING:
    from rules.site_state import SiteState


class Panel(Kept):
    """The experts of the awaited level: id to unit, in the order of the draw, and what they said."""

    level: str
    members: dict[str, str]
    opinions: dict[str, bool] = {}
    replaced: list[str] = []

    @property
    def silent(self) -> tuple[str, ...]:
        """Those without an opinion, in the order of the draw."""
        return tuple(member for member in self.members if member not in self.opinions)


class Part(Kept):
    """A problem that was accepted by itself: by whom, and as done by which requirements."""

    by: str
    unit: str
    requirements: tuple[str, ...]


class Acceptance(Kept):
    """Part of a site's state; None there while the plan asks for nothing of this."""

    reporting_units: list[str] = []
    units: dict[str, str] = {}
    """Level to the unit that passed it, in this round."""
    parts: dict[str, Part] = {}
    """Kind of problem to its acceptance, while that stands."""
    returned: int = 0
    """How often a problem was returned."""
    panel: Panel | None = None
    exhausted: bool = False
    """Whether the rounds were used up when this one began, so that the site climbs at once."""

    def void(self, requirements: Iterable[str]) -> None:
        """What is to be done again is not accepted any more."""
        again = set(requirements)
        self.parts = {kind: part for kind, part in self.parts.items() if not again & set(part.requirements)}


def acceptance_applied(state: "SiteState", terms: SiteTerms, event: ev.Event, actor: Actor) -> None:
    """Fold one event into what a site remembers of its acceptance, in place."""
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
        case ExpertReplaced() if kept.panel is not None:
            panel = kept.panel
            panel.members = {k: u for k, u in panel.members.items() if k != event.expert} | {event.by.id: event.by.unit}
            panel.replaced.append(event.expert)
        case ProblemClosed():
            kept.parts[event.problem] = Part(by=actor.id, unit=actor.unit, requirements=event.requirements)
        case ProblemReturned():
            kept.returned += 1
            kept.void(event.failed_requirements)
            for requirement in event.failed_requirements:
                state.done[requirement] = 0.0
                state.evidence[requirement] = []
        case Reopened():
            kept.panel, kept.exhausted = None, False
            kept.void(event.failed_requirements)


def asks_of(terms: SiteTerms) -> AcceptanceTerms:
    """What the plan asks, or nothing."""
    return terms.acceptance or AcceptanceTerms()


def remembered(state: "SiteState") -> Acceptance:
    """What is remembered, or nothing."""
    return state.acceptance or Acceptance()
