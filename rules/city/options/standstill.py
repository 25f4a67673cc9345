"""Orders that suspend many sites of a city at once (汛情, 等待栽植季节) with one document, and their end.

The city does not know its sites: it asks for them to be told page by page, and asks again when sites opened or were
restarted while an order holds. A site that knows the order changes nothing, and one that was resumed by itself since
stays so.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rules.aggregate import EventTime, Question
from rules.calendar import end_of, last_day_of
from rules.city.options.protocol import CityOption, Due
from rules.city.state import CityState
from rules.effects import Effect, TellSites
from schemas import events as ev
from schemas.base import StoredModel
from schemas.city import CityTerms
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.counties import CountySitesOpened
from schemas.options.standstill import (
    STANDSTILL,
    ResumeSites,
    SitesResumed,
    SitesResumptionOrdered,
    SitesSuspended,
    SitesSuspensionOrdered,
    SitesToldReport,
    StandingOrder,
    SuspendSites,
    SuspensionOrder,
)
from schemas.options.surveys import SurveyOpened


class StandstillOption(CityOption):
    """Every city has it; one that never had an order has no trace of it."""

    data = STANDSTILL

    def answers(self, state: CityState, command: Command) -> Question | None:
        """Nobody ends an order before it was given."""
        if not isinstance(command, ResumeSites):
            return None
        held = [one.order.since for one in _held(state, command.order)]
        return Question(max(held, default=None), "the suspension was ordered")

    def decide(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> Iterable[Event]:
        match command:
            case SuspendSites():
                yield decide_order(terms, state, command, when)
            case ResumeSites():
                yield from decide_end(terms, state, command, when)

    def running_deadlines(self, terms: CityTerms, state: CityState) -> Iterable[Due]:
        """Sites are told as soon as there are any."""
        if not state.opened:
            return
        for one in state.orders.values():
            if one.tell_at is not None and one.lifted_at is None and not _is_over(terms, one, one.tell_at):
                yield one.tell_at, TellSites(one.tell_at, one.order)
            if one.lift_at is not None and one.lifted_at is not None:
                by, reason = one.lifted_by, one.lifted_reason
                yield one.lift_at, TellSites(one.lifted_at, one.order, lifted_by=by, reason=reason)

    def note_asked(self, state: CityState, effect: Effect) -> None:
        if isinstance(effect, TellSites):
            asked = {"tell_at": None} if effect.lifted_by is None else {"lift_at": None}
            _keep(state, effect.order.number, asked)

    def observe(
        self, terms: CityTerms, state: CityState, observation: StoredModel, now: datetime
    ) -> Iterator[tuple[Event, datetime]]:
        """How many sites were told; nothing where there were none."""
        if isinstance(observation, SitesToldReport) and observation.told:
            kind = SitesResumed if observation.resumed else SitesSuspended
            yield kind(number=observation.number, told=observation.told), now

    def apply(self, terms: CityTerms, state: CityState, event: Event, at: datetime, received_at: datetime) -> None:
        match event:
            case SitesSuspensionOrdered():
                one = StandingOrder(order=event.order, tell_at=received_at)
                state.orders = {**state.orders, str(event.order.number): one}
            case SitesResumptionOrdered():
                lifted = {"lifted_at": at, "lifted_by": event.by, "lifted_reason": event.reason, "lift_at": received_at}
                _keep(state, event.number, lifted)
            case ev.SitesOpened() | SurveyOpened() | CountySitesOpened() | ev.Reconciled():
                for one in _held(state):
                    if not _is_over(terms, one, received_at):
                        _keep(state, one.order.number, {"tell_at": received_at})

    def view(self, terms: CityTerms, state: CityState) -> dict[str, Any]:
        """The orders that hold."""
        held = [one.order for one in _held(state) if one.lifted_at is None]
        return {"orders": tuple(f"{one.name}: {one.reason}" for one in held)}


def decide_order(terms: CityTerms, state: CityState, command: SuspendSites, when: EventTime) -> SitesSuspensionOrdered:
    """Raises Refused for a last day that is over or after the campaign, and where the same sites stand still."""
    until, calendar = command.until, terms.calendar
    if until is not None and end_of(calendar, until) <= when.at:
        raise Refused(f"{until} has passed; a suspension must end in the future")
    if until is not None and end_of(calendar, until) > terms.ends_at:
        raise Refused(
            f"the campaign ends on {last_day_of(calendar, terms.ends_at)}; a suspension can not end after that"
        )
    for one in _held(state):
        if one.order.scope == command.scope and not _is_over(terms, one, when.at):
            raise Refused(f"{one.order.name} holds for these sites already; resume them first")
    number = len(state.orders) + 1
    order = SuspensionOrder(
        number=number,
        name=command.document or f"{terms.code}-suspension-{number}",
        since=when.at,
        by=command.actor,
        reason=command.reason,
        basis=command.basis,
        until=until,
        scope=command.scope,
    )
    return SitesSuspensionOrdered(order=order)


def decide_end(
    terms: CityTerms, state: CityState, command: ResumeSites, when: EventTime
) -> Iterator[SitesResumptionOrdered]:
    """One event for each order that ends; raises Refused where none of them holds."""
    held = [one for one in _held(state, command.order) if not _is_over(terms, one, when.at)]
    if not held:
        known = ", ".join(str(one.order.number) for one in _held(state) if not _is_over(terms, one, when.at)) or "none"
        raise Refused(f"no such order holds in this city; those that hold: {known}")
    for one in held:
        yield SitesResumptionOrdered(number=one.order.number, by=command.actor, reason=command.reason)


def _held(state: CityState, number: int | None = None) -> list[StandingOrder]:
    """The orders that were not ended, or one of them."""
    return [one for one in state.orders.values() if one.lifted_at is None and number in (None, one.order.number)]


def _is_over(terms: CityTerms, one: StandingOrder, at: datetime) -> bool:
    """Whether an order has ended by itself."""
    return one.order.until is not None and end_of(terms.calendar, one.order.until) <= at


def _keep(state: CityState, number: int, changes: dict[str, Any]) -> None:
    key = str(number)
    state.orders = {**state.orders, key: state.orders[key].model_copy(update=changes)}
