"""A programme year by year, from its ledger: what status, forecast and reports show of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rules.programme.stock import YearChoice, added, choice_of, stocked
from schemas.event import Event
from schemas.programme import Amount, FrozenProgramme
from schemas.programme_events import (
    PlaceAmounts,
    ProgrammeEnded,
    ProgrammeStopped,
    SurveyHandedIn,
    SurveyOverdue,
    YearClosed,
    YearStarted,
)
from schemas.register import Site


@dataclass
class YearView:
    """A year: `state` is waiting, running, closed, stopped or not needed; `surveys` are by city, True where late."""

    place: int
    campaign: str
    state: str = "waiting"
    started: YearStarted | None = None
    closed: YearClosed | None = None
    surveys: dict[str, bool] = field(default_factory=dict)
    overdue: SurveyOverdue | None = None

    @property
    def places(self) -> tuple[PlaceAmounts, ...]:
        """The counties with their targets, and what is closed there once the year is over."""
        return self.closed.places if self.closed else self.started.places if self.started else ()


def years_of(frozen: FrozenProgramme, events: Iterable[Event]) -> list[YearView]:
    """Every year of the programme with what happened in it."""
    years = [YearView(place, year.plan.id) for place, year in enumerate(frozen.years)]
    to_come = "waiting"
    for event in events:
        match event:
            case YearStarted():
                years[event.year].started, years[event.year].state = event, "running"
            case YearClosed():
                years[event.year].closed, years[event.year].state = event, "closed"
            case SurveyHandedIn():
                years[event.year].surveys[event.city] = event.late
            case SurveyOverdue():
                years[event.year].overdue = event
            case ProgrammeStopped():
                to_come = "stopped"
            case ProgrammeEnded() if to_come == "waiting":
                to_come = "not needed"
            case _:
                pass
    for year in years:
        if year.state == "waiting":
            year.state = to_come
    return years


@dataclass(frozen=True)
class CitySum:
    """A city over all years: the hectares that were asked of it, and what is closed of the years that are over."""

    city: str
    target: Decimal
    closed: Amount


def sums_by_city(years: Iterable[YearView]) -> list[CitySum]:
    """The cities of the years' targets, by code."""
    places = [place for year in years for place in year.places]
    return [
        CitySum(
            city,
            sum((one.target for one in places if one.city == city), Decimal()),
            added(*(one.closed for one in places if one.city == city)),
        )
        for city in sorted({one.city for one in places})
    ]


def planned_years(frozen: FrozenProgramme, stock: Collection[Site]) -> Sequence[YearChoice]:
    """The years as they will be if each treats all that it takes and no survey changes the stock."""
    programme, waiting = frozen.programme, {site.id: stocked(site) for site in stock}
    found = []
    for place in range(len(frozen.years)):
        last = place + 1 == len(frozen.years)
        choice = choice_of(waiting.values(), programme.measure, programme.share, last=last)
        found.append(choice)
        for one in choice.chosen:
            del waiting[one.site_id]
    return found
