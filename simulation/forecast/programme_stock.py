"""The simulator's stand-in for a programme's stock in Postgres: each method reports what the activity reports."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from rules.effects import NumberDocuments
from rules.programme.places import amounts_by_county, places_of, year_plan
from rules.programme.stock import amount_of, choice_of, stocked
from rules.programme.surveys import changes, merged
from rules.terms.plan import county_names
from schemas.plan import FrozenPlan
from schemas.programme import Amount, FrozenProgramme, Stocked
from schemas.programme_events import PlaceAmounts, SurveyTakenReport, YearCountedReport, YearStartedReport
from schemas.register import Site
from schemas.work import Numbered


class SimulatedStock:
    """The sites of a programme by where they are: `waiting`, in the campaign of the year (`running`), or `treated`."""

    def __init__(self, frozen: FrozenProgramme, stock: Sequence[Site]) -> None:
        self._frozen = frozen
        self.waiting = {site.id: site for site in stock}
        self.running: dict[str, Site] = {}
        self.treated: dict[str, Site] = {}
        self._carried: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._last: dict[tuple[str, int], int] = {}

    @property
    def untreated(self) -> Amount:
        """What is waiting or running."""
        return self._amount([*self.waiting.values(), *self.running.values()])

    def take_survey(self, at: datetime, year: int, city: str, rows: Sequence[Site]) -> SurveyTakenReport:
        """Bring a city's survey into the stock."""
        changed, added, before, after = changes(merged(self.waiting, {**self.running, **self.treated}, rows))
        self.waiting.update((site.id, site) for site in changed)
        return SurveyTakenReport(
            year=year, city=city, at=at, added=added, before=before, after=after, stock=self.untreated
        )

    def start_year(self, at: datetime, year: int) -> tuple[YearStartedReport, FrozenPlan, list[Site]]:
        """Choose the year's sites: the report, the plan of the campaign, and its register."""
        programme, plan = self._frozen.programme, self._frozen.years[year]
        waiting = [self._stocked(site) for site in self.waiting.values()]
        last = year + 1 == len(self._frozen.years)
        choice = choice_of(waiting, programme.measure, programme.share, last=last)
        sites = [self.waiting.pop(one.site_id) for one in sorted(choice.chosen, key=lambda one: one.site_id)]
        self.running = {site.id: site for site in sites}
        own = year_plan(plan, programme.years[year].targets, sites, county_names(plan.plan))
        report = YearStartedReport(
            year=year,
            at=at,
            stock=choice.stock,
            target=choice.target,
            chosen=amount_of(choice.chosen),
            carried_over=amount_of(site for site in choice.chosen if site.carried_over),
            places=places_of(own.plan.targets, sites),
        )
        return report, own, sites

    def count_year(
        self, at: datetime, year: int, closed: Collection[str], found: Mapping[str, Site] | None = None
    ) -> YearCountedReport:
        """The year's campaign is over: its `closed` sites are treated, the others wait again; `found` are new ones."""
        new = dict(found or {})
        everything = {**self.running, **new}
        done = [site for site in everything.values() if site.id in closed]
        left = [site for site in everything.values() if site.id not in closed]
        self.running = {}
        self.treated.update((site.id, site) for site in done)
        self.waiting.update((site.id, site) for site in left)
        self._carried = {site.id for site in left} | (self._carried & self.waiting.keys())
        places = tuple(
            PlaceAmounts(city=city, county=county, closed=amount)
            for (city, county), amount in amounts_by_county(done).items()
        )
        return YearCountedReport(
            year=year,
            at=at,
            over=True,
            closed=self._amount(done),
            carried_over=self._amount(left),
            found=self._amount(new.values()),
            places=places,
        )

    def number(self, effect: NumberDocuments) -> Numbered:
        """Assign the next numbers of the series; a numbered document keeps its number."""
        for key, series in effect.wanted:
            if key not in self._numbers:
                self._numbers[key] = self._last[series, effect.year] = self._last.get((series, effect.year), 0) + 1
        return Numbered(at=effect.at, year=effect.year, numbers={key: self._numbers[key] for key, _ in effect.wanted})

    def _stocked(self, site: Site) -> Stocked:
        return stocked(site, carried_over=site.id in self._carried)

    def _amount(self, sites: Iterable[Site]) -> Amount:
        return amount_of(map(stocked, sites))
