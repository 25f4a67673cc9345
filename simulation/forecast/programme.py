"""The forecast of a programme: its aggregate, its surveyors, and the campaign of each year, of one stock."""

import heapq
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rules.command_results import Outcome, Received
from rules.effects import CountYear, NumberDocuments, StartYear, TakeSurvey
from rules.programme.aggregate import Observation, ProgrammeAggregate
from rules.terms.plan import programme_terms
from schemas.clock import Clock
from schemas.ledger import DocumentDraft, LedgerEntry
from schemas.programme import FrozenProgramme
from schemas.programme_events import YearCountedReport
from schemas.register import Site
from simulation.behaviour.temperament import Temperament
from simulation.forecast.programme_stock import SimulatedStock
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast
from simulation.people.stock_surveyors import HandedSurvey, StockSurveyors

Surveys = Mapping[str, Sequence[Site]]
"""Campaign of a year to the rows of its survey file."""

_PREPARED_DAYS = 30
"""How long before the last day of its first survey a programme is started."""


@dataclass
class ProgrammeForecast:
    """The programme's ledger entries and documents, and the forecast of each year by its campaign id."""

    entries: list[LedgerEntry] = field(default_factory=list)
    documents: list[DocumentDraft] = field(default_factory=list)
    years: dict[str, Forecast] = field(default_factory=dict)
    surveys: list[HandedSurvey] = field(default_factory=list)
    """What the cities handed in, in order; some may be refused."""


class _ProgrammeSimulator:
    def __init__(
        self, frozen: FrozenProgramme, stock: Sequence[Site], temperament: Temperament, seed: int, surveys: Surveys
    ) -> None:
        self._frozen = frozen
        self._stock = SimulatedStock(frozen, stock)
        self._people = (temperament, seed)
        self._programme = ProgrammeAggregate(programme_terms(frozen, Clock()))
        self._surveyors = StockSurveyors(self._programme.terms, surveys, temperament, seed)
        self._rows = surveys
        self._handed: list[tuple[datetime, int, HandedSurvey]] = []
        self._order = itertools.count()
        self._opened: datetime | None = None
        self.forecast_ = ProgrammeForecast()

    def run(self) -> ProgrammeForecast:
        now = self._beginning()
        while not self._programme.settled:
            handed = self._handed and self._handed[0][0] <= now
            self._advance(heapq.heappop(self._handed)[2] if handed else None, now)
            due = self._programme.next_due(now)
            coming = [at for at in (due, self._handed[0][0] if self._handed else None) if at is not None]
            if not coming:
                break
            now = max(min(coming), now)
        return self.forecast_

    def _beginning(self) -> datetime:
        """When the programme is started: on its first day, or in good time before its first survey is due."""
        first = self._programme.terms.years[0]
        if first.survey_due is None:
            return first.starts_at
        return min(first.starts_at, first.survey_due) - timedelta(days=_PREPARED_DAYS)

    def _advance(self, handed: HandedSurvey | None, now: datetime) -> None:
        """One survey at a time, as the engine answers each before the next."""
        commands = [] if handed is None else [Received(handed.command, now)]
        if handed is not None:
            self.forecast_.surveys.append(handed)
        self._perform(self._programme.advance(commands, now), now)

    def _perform(self, outcome: Outcome, now: datetime) -> None:
        self.forecast_.entries.extend(outcome.entries)
        self.forecast_.documents.extend(outcome.documents)
        state = self._programme.state
        if state.opened_at != self._opened and state.ended_at is None:
            self._opened = state.opened_at
            assert state.opened_at is not None
            for one in self._surveyors.on_year_open(state.year, state.opened_at):
                heapq.heappush(self._handed, (one.at, next(self._order), one))
        for effect in outcome.effects:
            observed: Observation
            match effect:
                case TakeSurvey(at, year, city):
                    rows = [s for s in self._rows[self._frozen.years[year].plan.id] if s.city == city]
                    observed = self._stock.take_survey(at, year, city, rows)
                case StartYear(at, year):
                    observed, plan, sites = self._stock.start_year(at, year)
                    self.forecast_.years[plan.plan.id] = forecast(plan, sites, *self._people, by_programme=True)
                case CountYear(at, year):
                    observed = self._count(at, year)
                case NumberDocuments():
                    observed = self._stock.number(effect)
                case _:
                    raise AssertionError(f"not a programme's effect: {effect}")
            self._perform(self._programme.observe(observed, now), now)

    def _count(self, at: datetime, year: int) -> YearCountedReport:
        campaign = self.forecast_.years[self._frozen.years[year].plan.id]
        if campaign.closed_at > at:
            return YearCountedReport(year=year, at=at, over=False)
        return self._stock.count_year(at, year, [id_ for id_, row in campaign.rows.items() if row.stage == "closed"])


def foresee(
    frozen: FrozenProgramme,
    stock: Sequence[Site],
    temperament: Temperament,
    seed: int,
    surveys: Surveys | None = None,
) -> ProgrammeForecast:
    """Forecast a whole programme, year by year; the same arguments give the same result."""
    return _ProgrammeSimulator(frozen, stock, temperament, seed, surveys or {}).run()
