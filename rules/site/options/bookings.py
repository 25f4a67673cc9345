"""Money, land and minerals of a site: bookings add up, are corrected by negative ones, and no sum goes below zero."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from rules.aggregate import EventTime
from rules.site.options.protocol import SiteOption
from rules.site.state import SiteState
from rules.site.work import modes_in_force
from schemas.actor import Actor
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.modes import FundingMode, Measure, in_ha, plain
from schemas.options.bookings import BOOKINGS, Book, Booked, Bookings, account, counted, proceeds_of
from schemas.site.terms import SiteTerms

_TRADES = (FundingMode.INDEX_TRADING, FundingMode.LAND_BALANCE)
"""What is sold to somebody, who is named, under a certificate of the land registry."""


class BookingsOption(SiteOption):
    """The bookings of a plan with `modes`, with `costs`, or with both."""

    data = BOOKINGS

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        assert isinstance(command, Book)
        yield decide_booking(terms, state, command)

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        if not isinstance(event, Booked):
            return
        kept = state.bookings or Bookings()
        realised, costs = dict(kept.realised), dict(kept.costs)
        for name, amount in _entries(event):
            realised[name] = plain(realised.get(name, Decimal()) + amount)
        if event.problem is not None:
            costs[event.problem] = plain(costs.get(event.problem, Decimal()) + event.amount)
        # A model of its own each time, so that no other state is changed with it.
        state.bookings = Bookings(realised=realised, costs=costs)

    def facts(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return {} if state.bookings is None else dict(state.bookings)

    def view(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return self.facts(terms, state)


def decide_booking(terms: SiteTerms, state: SiteState, command: Book) -> Booked:
    """A booking of a plan with modes or with costs.

    Raises:
        Refused: nothing says under what it counts, a sale lacks its other side, or a sum would go below 0.
    """
    if terms.modes is None and not terms.costs:
        raise Refused("book is not known in this campaign: its plan has neither modes (`modes`) nor costs (`costs`)")
    mode = _mode_of(terms, state, command)
    _require_problem(terms, command)
    _require_trade(mode, command)
    booked = Booked(
        amount=command.amount,
        unit=command.unit,
        reference=command.reference,
        funding_mode=mode,
        note=command.note,
        problem=command.problem,
        counterpart=command.counterpart,
        certificate=command.certificate,
        price=command.price,
        proceeds=proceeds_of(command.amount, command.price) if command.price is not None else None,
    )
    _require_sums(state, booked)
    return booked


def _mode_of(terms: SiteTerms, state: SiteState, command: Book) -> str | None:
    """The funding mode under which a booking counts; None for the cost of a problem."""
    known = terms.modes
    if command.problem is not None:
        return None
    if known is None:
        if command.funding_mode is not None:
            raise Refused(f"{command.funding_mode} is not known in this campaign: its plan has no modes (`modes`)")
        return None
    mode = command.funding_mode or modes_in_force(terms, state).funding
    if mode is None:
        raise Refused("the site has no funding mode yet; name the one that this booking counts under")
    payers = {one for pays in known.allowed.values() for one in pays}
    if known.allowed and all(known.allowed.values()) and mode not in payers:
        raise Refused(f"{mode} is no funding mode of this plan; it has: {', '.join(sorted(payers))}")
    return mode


def _require_problem(terms: SiteTerms, command: Book) -> None:
    if command.problem is None:
        if terms.modes is None:
            raise Refused("name the problem on which the money was spent: this plan books costs by problem (`costs`)")
        return
    if not terms.costs:
        raise Refused("a problem is not named in this campaign: its plan books no costs by problem (`costs`)")
    known = dict.fromkeys(problem for requirement in terms.requirements for problem in requirement.problems)
    if command.problem not in known:
        has = ", ".join(known) or "none"
        raise Refused(f"no work of this site serves the problem {command.problem}; it has: {has}")


def _require_trade(mode: str | None, command: Book) -> None:
    """What is sold names its other side; a correction needs none, it is that of what it corrects."""
    in_tonnes = command.unit is Measure.TONNES
    if in_tonnes and mode != FundingMode.SURPLUS_MINERALS:
        raise Refused(f"tonnes are booked under surplus_minerals, not under {mode}")
    if command.amount < 0:
        return
    if mode == FundingMode.SURPLUS_MINERALS and command.unit is Measure.CNY:
        raise Refused("the money of surplus minerals is booked as a sale: in tonnes, with the buyer and the price")
    lacks = []
    if command.counterpart is None and (in_tonnes or mode in _TRADES):
        lacks.append("the buyer" if in_tonnes else "the counterpart")
    if command.certificate is None and mode in _TRADES:
        lacks.append("the certificate")
    if lacks:
        raise Refused(f"a booking under {mode} names {' and '.join(lacks)}")


def _entries(booked: Booked) -> Iterator[tuple[str, Decimal]]:
    """The accounts of a booking and what it adds to each."""
    if booked.funding_mode is None:
        return
    yield account(booked.funding_mode, booked.unit), counted(booked.amount, booked.unit)
    if booked.proceeds is not None:
        yield account(booked.funding_mode, Measure.CNY), booked.proceeds


def _require_sums(state: SiteState, booked: Booked) -> None:
    kept = state.bookings or Bookings()
    said = f"{booked.amount} {booked.unit} would bring what"
    for name, amount in _entries(booked):
        before, measure = kept.realised.get(name, Decimal()), Measure(name.partition(":")[2])
        if before + amount < 0:
            shown = measure if measure is not Measure.MU else Measure(booked.unit)
            raise Refused(f"{said} {booked.funding_mode} has realised below 0; {_in_words(before, shown)} is booked")
    if booked.problem is not None:
        before = kept.costs.get(booked.problem, Decimal())
        if before + booked.amount < 0:
            raise Refused(f"{said} {booked.problem} has cost below 0; {_in_words(before, Measure.CNY)} is booked")


def _in_words(total: Decimal, measure: Measure) -> str:
    """`300 cny`; land in the unit of the booking."""
    return f"{in_ha(total) if measure is Measure.HA else total} {measure}"
