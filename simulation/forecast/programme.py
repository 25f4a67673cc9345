"""The forecast of a programme: its aggregate, and the campaign of each year in the simulator, from one stock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from rules.command_results import Outcome
from rules.effects import CountYear, StartYear
from rules.programme.aggregate import ProgrammeAggregate
from rules.programme.stock import added, amount_of, chosen_of, measured, target_of
from rules.terms.plan import programme_terms
from schemas.clock import Clock
from schemas.ledger import LedgerEntry
from schemas.programme import Amount, FrozenProgramme, Stocked, YearCountedReport, YearStartedReport
from schemas.register import Site
from simulation.behaviour.temperament import Temperament
from simulation.forecast.result import Forecast
from simulation.forecast.simulator import forecast


@dataclass
class ProgrammeForecast:
    """The programme's ledger entries, and the forecast of each year by its campaign id."""

    entries: list[LedgerEntry] = field(default_factory=list)
    years: dict[str, Forecast] = field(default_factory=dict)


class _ProgrammeSimulator:
    def __init__(self, frozen: FrozenProgramme, stock: Sequence[Site], temperament: Temperament, seed: int) -> None:
        self._frozen = frozen
        self._sites = {site.id: site for site in stock}
        self._waiting = {site.id: _stocked(site) for site in stock}
        self._treated = Amount()
        self._chosen: dict[int, tuple[Stocked, ...]] = {}
        self._people = (temperament, seed)
        self._programme = ProgrammeAggregate(programme_terms(frozen, Clock()))
        self.forecast_ = ProgrammeForecast()

    def run(self) -> ProgrammeForecast:
        now = self._programme.terms.years[0].starts_at
        while not self._programme.settled:
            self._perform(self._programme.advance((), now), now)
            due = self._programme.next_due(now)
            if due is None:
                break
            now = max(due, now)
        return self.forecast_

    def _perform(self, outcome: Outcome, now: datetime) -> None:
        self.forecast_.entries.extend(outcome.entries)
        for effect in outcome.effects:
            observed: YearStartedReport | YearCountedReport
            match effect:
                case StartYear(at, year):
                    observed = self._start(at, year)
                case CountYear(at, year):
                    observed = self._count(at, year)
                case _:
                    raise AssertionError(f"not a programme's effect: {effect}")
            self._perform(self._programme.observe(observed, now), now)

    def _start(self, at: datetime, year: int) -> YearStartedReport:
        programme, years = self._frozen.programme, self._frozen.years
        stock = amount_of(_stocked(site) for site in self._sites.values())
        target = target_of(measured(stock, programme.measure), programme.share, year, len(years))
        missing = target - measured(self._treated, programme.measure)
        chosen = chosen_of(self._waiting.values(), programme.measure, missing)
        self._chosen[year] = chosen
        plan = years[year]
        sites = [self._sites[site.site_id] for site in chosen]
        self.forecast_.years[plan.plan.id] = forecast(plan, sites, *self._people, by_programme=True)
        carried = amount_of(site for site in chosen if site.carried_over)
        chosen_amount = amount_of(chosen)
        return YearStartedReport(
            year=year, at=at, stock=stock, target=target, chosen=chosen_amount, carried_over=carried
        )

    def _count(self, at: datetime, year: int) -> YearCountedReport:
        year_forecast = self.forecast_.years[self._frozen.years[year].plan.id]
        if year_forecast.closed_at > at:
            return YearCountedReport(year=year, at=at, over=False)
        closed = [site for site in self._chosen[year] if year_forecast.rows[site.site_id].stage == "closed"]
        left = [site for site in self._chosen[year] if year_forecast.rows[site.site_id].stage != "closed"]
        for site in closed:
            self._waiting.pop(site.site_id, None)
        for site in left:
            self._waiting[site.site_id] = site.model_copy(update={"carried_over": True})
        done = amount_of(closed)
        self._treated = added(self._treated, done)
        return YearCountedReport(year=year, at=at, over=True, closed=done, carried_over=amount_of(left))


def foresee(frozen: FrozenProgramme, stock: Sequence[Site], temperament: Temperament, seed: int) -> ProgrammeForecast:
    """Forecast a whole programme, year by year; the same arguments give the same result."""
    return _ProgrammeSimulator(frozen, stock, temperament, seed).run()


def _stocked(site: Site) -> Stocked:
    return Stocked(site_id=site.id, hazard=site.hazard, area_ha=site.area_ha or Decimal())
