"""The patrol regime of a city after closure: its duties in their rhythm, findings, look-backs, relapses, and its end.

It begins with the first sites that are struck off (at the latest when the city closes) and runs on after the campaign
has ended. A period that passes without its duty is told once and counted; the next counts from where it ended,
whatever was late. What is found to have come back is opened again and counts against its county.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rules.aggregate import EventTime, Question
from rules.amendments.ends import CAMPAIGN_ENDED
from rules.calendar import clause_ahead
from rules.city.options.patrol.apply import apply_patrol, facts_of_patrol
from rules.city.options.patrol.commands import decide_patrol
from rules.city.options.patrol.deadlines import next_of_patrol
from rules.city.options.patrol.state import by_due
from rules.city.options.protocol import CityOption, Due
from rules.city.state import CityState
from rules.effects import Effect, GatherNotices, NotifyCampaign, ReopenSites
from schemas import events as ev
from schemas.actor import ENGINE
from schemas.base import StoredModel
from schemas.calendar import named
from schemas.city import CityTerms
from schemas.command import Command
from schemas.event import Event
from schemas.options.patrol import (
    PATROL,
    CityPatrolled,
    LookBack,
    LookBacksSet,
    PatrolBegan,
    PatrolClosed,
    PatrolSettled,
    PerformDuty,
    ReportFinding,
    SitesReopened,
)
from schemas.reopening import ReopenedReport
from schemas.streams import city_stream
from schemas.work import Gathered, SettledReport


class PatrolOption(CityOption):
    """The hooks of the patrol; `commands`, `deadlines` and `apply` of this package do most of them."""

    data = PATROL
    after_the_end = True

    def answers(self, state: CityState, command: Command) -> Question | None:
        """The begin of the patrol, and for a look-back the strike-off of its site."""
        patrol = state.patrol
        if patrol is None:
            return Question(None, "the patrol began")
        if isinstance(command, LookBack):
            about = (one for one in patrol.look_backs.get(command.site, ()) if one.requirement == command.requirement)
            closed_at = next((one.closed_at for one in sorted(about, key=by_due) if one.closed_at is not None), None)
            if closed_at is not None and closed_at > patrol.began_at:
                return Question(closed_at, f"{command.site} was struck off")
        return Question(patrol.began_at, "the patrol began")

    def decide(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> Iterator[Event]:
        """See `decide_patrol`."""
        assert isinstance(command, PerformDuty | ReportFinding | LookBack)
        yield from decide_patrol(terms, state, command, when)

    def deadlines(self, terms: CityTerms, state: CityState, now: datetime) -> Iterator[Due]:
        """See `next_of_patrol`."""
        yield from next_of_patrol(terms, state, now)

    def note_asked(self, state: CityState, effect: Effect) -> None:
        """A reopening is asked for once; a city that is restarted from its ledger asks again."""
        if isinstance(effect, ReopenSites) and state.patrol is not None:
            for one in state.patrol.reopening:
                one.asked = one.asked or one.origin == effect.origin

    def gathering(self, terms: CityTerms, state: CityState, order: GatherNotices) -> GatherNotices:
        """The look-backs of sites that were struck off are read until the patrol is over."""
        over = state.patrol is not None and state.patrol.is_over
        return dataclasses.replace(order, look_backs=terms.patrol is not None and not over)

    def of_dispatch(self, terms: CityTerms, state: CityState, gathered: Gathered, now: datetime) -> Iterator[Event]:
        """With a dispatch that reports strike-offs the patrol begins, and look-backs are set."""
        struck_off = any(lot.kind == "closure" and lot.sites for lot in gathered.lots)
        if struck_off and state.patrol is None and _may_begin(terms, state, gathered.at):
            yield _began(terms, gathered.at, now)
        patrol = state.patrol
        if patrol is None or patrol.is_over or not gathered.look_backs:
            return
        if patrol.set_at is None or patrol.set_at < gathered.at:
            yield LookBacksSet(items=tuple(sorted(gathered.look_backs, key=by_due)))

    def observe(
        self, terms: CityTerms, state: CityState, observation: StoredModel, now: datetime
    ) -> Iterator[tuple[Event, datetime]]:
        """Sites were opened again, or all are settled after the end of the patrol."""
        match observation:
            case ReopenedReport():
                yield from ((event, observation.at) for event in _reopened(state, observation))
            case SettledReport():
                yield from ((event, observation.at) for event in _settled(state, observation))

    def apply(self, terms: CityTerms, state: CityState, event: Event, at: datetime, received_at: datetime) -> None:
        """See `apply_patrol`."""
        apply_patrol(terms, state, event, at)

    def effects(self, terms: CityTerms, event: Event, at: datetime) -> Iterator[Effect]:
        """The campaign is told that the patrol is over."""
        if isinstance(event, PatrolClosed):
            told = f"{city_stream(terms.campaign_id, terms.code)}:patrolled"
            yield NotifyCampaign(at, CityPatrolled(command_id=told, actor=ENGINE, effective_at=at, code=terms.code))

    def keeps_climbing(self, state: CityState) -> bool:
        """Sites that were opened again climb until the patrol is settled."""
        return state.patrol is not None and not state.patrol.settled and state.patrol.closed_at is None

    def closing(
        self, terms: CityTerms, state: CityState, at: datetime, now: datetime, quiet: bool
    ) -> Sequence[Event] | None:
        """The city closes first, and its patrol when that is settled.

        A city that stays open for its patrol follows up its documents meanwhile, and the campaign need not wait for
        them. Only who closes for good waits until nothing is asked for any more (`quiet`).
        """
        patrol = state.patrol
        if patrol is None and terms.patrol is not None and state.end_reason == CAMPAIGN_ENDED:
            return [_began(terms, at, now), ev.CityClosed()]
        if patrol is None or patrol.closed_at is not None:
            return None
        if patrol.city_closed_at is None:
            return [ev.CityClosed()]
        return [PatrolClosed()] if patrol.settled and quiet else []

    def closed_for_campaign(self, state: CityState) -> bool:
        """Whether the city has closed and only patrols."""
        return state.patrol is not None and state.patrol.city_closed_at is not None

    def facts(self, terms: CityTerms, state: CityState) -> dict[str, Any]:
        """See `facts_of_patrol`."""
        return {"patrol": facts_of_patrol(terms, state)}


def _may_begin(terms: CityTerms, state: CityState, at: datetime) -> bool:
    """Not a patrol that would be over, and not in a campaign that was stopped."""
    return terms.patrol is not None and at < terms.patrol.until and state.end_reason in (None, CAMPAIGN_ENDED)


def _began(terms: CityTerms, at: datetime, now: datetime) -> PatrolBegan:
    assert terms.patrol is not None
    due = {one.duty: clause_ahead(terms.calendar, at, now, one.every) for one in terms.patrol.duties}
    clauses = named(**{one.duty.value: one.every for one in terms.patrol.duties})
    return PatrolBegan(until=terms.patrol.until, due=due, clauses=clauses)


def _reopened(state: CityState, report: ReopenedReport) -> Iterator[SitesReopened]:
    """Which sites were opened again; nothing for the same report again."""
    asked = [one for one in state.patrol.reopening if one.origin == report.origin] if state.patrol else []
    if asked:
        yield SitesReopened(
            cause=asked[0].cause,
            origin=report.origin,
            sites=report.reopened,
            counties=report.counties,
            left=tuple(one.site for one in asked if one.site not in report.reopened),
        )


def _settled(state: CityState, report: SettledReport) -> Iterator[PatrolSettled]:
    """After the end of the patrol every site is settled again."""
    patrol = state.patrol
    if patrol is None or patrol.ended_at is None or patrol.city_closed_at is None or patrol.settled or report.open:
        return
    if report.at >= patrol.ended_at:
        yield PatrolSettled(closed=report.closed, carried_over=report.carried_over)
