"""The simulator's stand-in for Postgres: pending notices, numbers of documents, and the state of sites.

Each method returns what the activity of the same effect returns on the engine.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from rules.city.dispatch import still_overdue
from rules.documents.high_hazard import KIND as HIGH_HAZARD_LIST
from rules.documents.high_hazard import daily_list
from rules.documents.numbering import document_key
from rules.effects import GatherNotices, NumberDocuments, TakeBriefing, TakePhaseMeasures
from rules.previews.offline_merge import corrected
from rules.site.aggregate import SiteAggregate
from rules.site.variations import grade_in_force
from schemas.documents.document import Lot
from schemas.documents.high_hazard import OpenSite
from schemas.facts import SiteFacts
from schemas.ledger import LEAD_COUNTY, CityRow, Notice
from schemas.offices import City
from schemas.options.briefing import BriefingReport, Measures
from schemas.options.patrol import LookBackDue
from schemas.options.phases import PhaseMeasures, PhaseReport
from schemas.plan import FrozenPlan
from schemas.ranked_units import Counted, city_measures, measures_below
from schemas.register import Hazard, Proposal, Site
from schemas.reopening import Cause
from schemas.stages import OPEN, Deployment
from schemas.streams import site_stream
from schemas.work import Gathered, Numbered
from simulation.forecast.recorder import ForecastRecorder


class SimulatedStore:
    """`aggregates` are the simulator's open sites by stream; `recorder` has the settled ones."""

    def __init__(
        self,
        frozen: FrozenPlan,
        sites: Sequence[Site],
        aggregates: Mapping[str, SiteAggregate],
        recorder: ForecastRecorder,
    ) -> None:
        self._frozen = frozen
        self._aggregates = aggregates
        self._recorder = recorder
        self._sites_of: dict[str, list[Site]] = defaultdict(list)
        for site in sites:
            self._sites_of[site.city].append(site)
        self._waiting: dict[str, list[Notice]] = defaultdict(list)
        self._proposals: dict[str, list[Proposal]] = {}
        """Document key to the proposals of its notices."""
        self._last: dict[tuple[str, int], int] = defaultdict(int)
        """Series and year to the last assigned number."""
        self._numbers: dict[str, int] = {}

    def add_sites(self, sites: Sequence[Site]) -> None:
        """Add the sites of a survey to the register."""
        for site in sites:
            self._sites_of[site.city].append(site)

    def add_notices(self, city: str, notices: Sequence[Notice]) -> None:
        """Keep notices until the dispatch hour of their city."""
        if notices:
            self._waiting[city].extend(notices)

    def gather(self, city: str, effect: GatherNotices) -> Gathered:
        """The pending notices of a city for this dispatch, and the state of the sites of its drafts and listings."""
        at, lots = effect.at, defaultdict[tuple[str, int, str], list[Notice]](list)
        waiting = self._waiting[city]
        for notice in waiting:
            if notice.at <= at:
                lots[notice.kind, notice.rung, notice.data.get(LEAD_COUNTY, "")].append(notice)
        self._waiting[city] = [notice for notice in waiting if notice.at > at]
        found = tuple(self._lot(city, *place, lots[place], at) for place in sorted(lots))
        if effect.high_hazard:
            key = document_key(self._frozen.plan.id, city, HIGH_HAZARD_LIST, 0, self._frozen.calendar, at)
            found = (*found, *daily_list(self._high_hazard(city), key))
        overdue = {
            key: self._overdue(self._recorder.rung_of(key), self._recorder.listed(key), at) for key in effect.approved
        }
        for lot in found:
            if lot.key is not None and (lot.kind, lot.rung) in effect.rungs:
                overdue[lot.key] = self._overdue(lot.rung, lot.sites, at)
        return Gathered(
            at=at,
            lots=found,
            overdue=overdue,
            open_sites={key: self._open(key) for key in effect.listing},
            look_backs=_look_backs(lots) if effect.look_backs else (),
        )

    def number(self, effect: NumberDocuments) -> Numbered:
        """Assign the next numbers of the series; a numbered document keeps its number."""
        for key, series in effect.wanted:
            if key not in self._numbers:
                self._last[series, effect.year] += 1
                self._numbers[key] = self._last[series, effect.year]
        return Numbered(at=effect.at, year=effect.year, numbers={key: self._numbers[key] for key, _ in effect.wanted})

    def proposals_of(self, document: str, sites: Sequence[str]) -> list[Proposal]:
        """The proposals of a document for `sites`, or for all sites that it lists if that is empty."""
        wanted = set(sites or self._recorder.listed(document))
        return [about for about in self._proposals.get(document, ()) if about.site_id in wanted]

    def briefing(self, effect: TakeBriefing, desks: Iterable[CityRow]) -> BriefingReport:
        """The measures of every city, in the order of the plan, and below, by the present state of its sites."""
        late = {desk.code for desk in desks if _deploys_late(desk, effect.at)}
        plan, at = self._frozen.plan, effect.at
        counted = [self._counted(site, at, late) for city in plan.cities for site in self._sites_of[city.code]]
        cities = city_measures(((city.code, city.name) for city in plan.cities), counted, at)
        below = measures_below(plan, effect.levels, counted, at)
        return BriefingReport(
            week=effect.week, cutoff=effect.cutoff, as_of=at, cities=tuple(cities), below=tuple(below)
        )

    def phase_measures(
        self, effect: TakePhaseMeasures, approved: Collection[str], surveys: tuple[str, ...]
    ) -> PhaseReport:
        """The measures of every city, by the present state of its sites; `approved` are cities by code."""
        cities = [self._phase_measures(city, city.code in approved) for city in self._frozen.plan.cities]
        return PhaseReport(phase=effect.phase, as_of=effect.at, cities=tuple(cities), surveys=surveys)

    # -- one lot, one site -----------------------------------------------------------------------------------------

    def _lot(self, city: str, kind: str, rung: int, county: str, notices: list[Notice], at: datetime) -> Lot:
        key = document_key(self._frozen.plan.id, city, kind, rung, self._frozen.calendar, at, county or None)
        sites = sorted({notice.site_id for notice in notices if notice.site_id is not None})
        self._proposals[key] = sorted(
            Proposal(notice.site_id, notice.data["round"], notice.data.get("proposal", 1))
            for notice in notices
            if notice.site_id is not None and "round" in notice.data
        )
        without_site = [notice for notice in notices if notice.site_id is None]
        newest = max(without_site, key=lambda notice: (notice.at, notice.key), default=None)
        data = newest.data if newest is not None else {}
        return Lot(kind=kind, rung=rung, sites=tuple(sites), key=key, data=data, county=county or None)

    def _high_hazard(self, city: str) -> Iterator[OpenSite]:
        for site in self._sites_of[city]:
            aggregate = self._aggregate(site.id)
            if aggregate is None or aggregate.state.stage not in OPEN:
                continue
            grade = grade_in_force(aggregate.terms, aggregate.state)
            if (site.hazard if grade is None else grade.hazard) is not Hazard.HIGH:
                continue
            row, facts = aggregate.row(), aggregate.row().facts
            record = corrected(site, aggregate.state)
            clauses = facts.clauses if facts is not None else {}
            yield OpenSite(
                site=site.id,
                name=record["name"],
                county=row.county or site.county,
                stage=row.stage,
                due=row.due_at,
                suspended=row.suspended,
                responsible=tuple(record["responsible"]),
                clauses={name: one.model_dump(mode="json") for name, one in clauses.items()},
            )

    def _overdue(self, rung: int, sites: Sequence[str], at: datetime) -> tuple[str, ...]:
        """The open sites that a document of this rung still concerns."""
        aggregates = filter(None, map(self._aggregate, sites))
        return still_overdue(rung, (aggregate.row() for aggregate in aggregates), at)

    def _open(self, key: str) -> int:
        """How many sites of a document are not struck off; carried-over sites are among them."""
        return sum(self._recorder.stage_of(site) != "closed" for site in self._recorder.listed(key))

    def _counted(self, site: Site, at: datetime, late: Container[str]) -> Counted:
        """One site as the engine counts its row; as `briefings/measures.sql`."""
        aggregate = self._aggregate(site.id)
        row = aggregate.row() if aggregate is not None else self._recorder.rows.get(site.id)
        if row is None:  # it was not opened yet
            waits = Measures(sites=1, undeployed=int(site.city in late))
            return Counted(site.city, site.county, site.township, site.newly_found, waits)
        facts = row.facts or SiteFacts()
        times, batches = sum(facts.reopened.values()), facts.reopened.get(Cause.RETURNED_BATCH, 0)
        closed = int(row.stage == "closed")
        measures = Measures(
            sites=1,
            closed=closed,
            # A struck-off site is open as long as its police case is.
            overdue=int(aggregate is not None and aggregate.is_overdue(at)),
            requirements=row.requirements,
            requirements_done=row.requirements_done,
            problems=facts.problems,
            problems_closed=facts.problems_closed,
            struck_off=closed + times,
            relapsed=times - batches,
            returned=max(row.round - 1 - times, 0) + batches,
        )
        county, deferrals = row.county or site.county, (facts.deferrals,) if facts.deferrals is not None else ()
        return Counted(site.city, county, site.township, site.newly_found, measures, deferrals)

    def _phase_measures(self, city: City, deployed: bool) -> PhaseMeasures:
        sites, stage_of = self._sites_of[city.code], self._recorder.stage_of
        closed = [site for site in sites if stage_of(site.id) == "closed"]
        return PhaseMeasures(
            code=city.code,
            name=city.name,
            deployed=deployed,
            sites=len(sites),
            unopened=sum(site.survey is not None and not self._was_opened(site.id) for site in sites),
            in_work=sum(self._recorder.is_in_work(site.id) for site in sites),
            closed=len(closed),
            hectares=sum((site.area_ha or Decimal() for site in sites), Decimal()),
            hectares_closed=sum((site.area_ha or Decimal() for site in closed), Decimal()),
        )

    def _was_opened(self, site: str) -> bool:
        aggregate = self._aggregate(site)
        row = aggregate.row() if aggregate is not None else self._recorder.rows.get(site)
        return row is not None and row.opened_at is not None

    def _aggregate(self, site: str) -> SiteAggregate | None:
        return self._aggregates.get(site_stream(self._frozen.plan.id, site))


def _deploys_late(desk: CityRow, at: datetime) -> bool:
    """Whether a city's deployment, or its next version, is overdue."""
    waits = desk.deployment in (Deployment.AWAITED, Deployment.RETURNED)
    return waits and desk.deployment_due is not None and desk.deployment_due < at


def _look_backs(lots: Mapping[tuple[str, int, str], list[Notice]]) -> tuple[LookBackDue, ...]:
    """The look-backs of the sites whose closure this dispatch reports."""
    return tuple(
        LookBackDue.model_validate({"site_id": notice.site_id, **one})
        for (kind, *_), notices in sorted(lots.items())
        if kind == "closure"
        for notice in notices
        if notice.site_id is not None
        for one in notice.data.get("look_backs", ())
    )
