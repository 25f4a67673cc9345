"""What the simulator keeps where the engine has Postgres: notices that wait, numbers, and how sites stand.

Each question is answered as the activity of the same name answers it on the engine.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from rules.city.dispatch import still_overdue
from rules.documents.numbering import document_key
from rules.effects import GatherNotices, NumberDocuments, TakeBriefing
from rules.site.aggregate import SiteAggregate
from schemas.briefing import BriefingReport, CityMeasures, Measures
from schemas.documents.document import Lot
from schemas.ledger import Notice
from schemas.options.patrol import LookBackDue
from schemas.plan import FrozenPlan
from schemas.register import Proposal, Site
from schemas.streams import site_stream
from schemas.work import Gathered, Numbered
from simulation.forecast.chronicle import Chronicle


class Archive:
    """`cases` are the open sites by stream, as the simulator has them; what is settled the chronicle knows."""

    def __init__(
        self, frozen: FrozenPlan, sites: Sequence[Site], cases: Mapping[str, SiteAggregate], chronicle: Chronicle
    ) -> None:
        self._frozen = frozen
        self._cases = cases
        self._chronicle = chronicle
        self._sites_of: dict[str, list[Site]] = defaultdict(list)
        for site in sites:
            self._sites_of[site.city].append(site)
        self._waiting: dict[str, list[Notice]] = defaultdict(list)
        self._proposals: dict[str, list[Proposal]] = {}
        """Document key to what its notices say of sites."""
        self._last: dict[tuple[str, int], int] = defaultdict(int)
        """Series and year to the last number given."""
        self._numbers: dict[str, int] = {}

    def enter(self, sites: Sequence[Site]) -> None:
        """A survey adds sites to the register."""
        for site in sites:
            self._sites_of[site.city].append(site)

    def take_in(self, city: str, notices: Sequence[Notice]) -> None:
        """Notices wait for their city's dispatch hour."""
        if notices:
            self._waiting[city].extend(notices)

    def gather(self, city: str, effect: GatherNotices) -> Gathered:
        """What waits in a city for this dispatch, and how the sites of these drafts and listings stand."""
        at, lots = effect.at, defaultdict[tuple[str, int], list[Notice]](list)
        waiting = self._waiting[city]
        for notice in waiting:
            if notice.at <= at:
                lots[notice.kind, notice.rung].append(notice)
        self._waiting[city] = [notice for notice in waiting if notice.at > at]
        found = tuple(self._lot(city, kind, rung, lots[kind, rung], at) for kind, rung in sorted(lots))
        overdue = {
            key: self._overdue(self._chronicle.rung_of(key), self._chronicle.listed(key), at) for key in effect.approved
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
        """The next numbers of their series; a document that has its number keeps it."""
        for key, series in effect.wanted:
            if key not in self._numbers:
                self._last[series, effect.year] += 1
                self._numbers[key] = self._last[series, effect.year]
        return Numbered(at=effect.at, year=effect.year, numbers={key: self._numbers[key] for key, _ in effect.wanted})

    def proposals_of(self, document: str, sites: Sequence[str]) -> list[Proposal]:
        """What a document proposed or issued for its sites (those it lists, if none are named)."""
        wanted = set(sites or self._chronicle.listed(document))
        return [about for about in self._proposals.get(document, ()) if about.site_id in wanted]

    def brief(self, effect: TakeBriefing) -> BriefingReport:
        """The measures of every city, in the order of the plan, as its sites stand now."""
        cities = []
        for city in self._frozen.plan.cities:
            baseline, newly_found = [0] * 5, [0] * 5
            for site in self._sites_of[city.code]:
                counts = newly_found if site.newly_found else baseline
                for place, count in enumerate(self._measure(site.id, effect.at)):
                    counts[place] += count
            cities.append(
                CityMeasures(
                    code=city.code, name=city.name, baseline=_measures(baseline), newly_found=_measures(newly_found)
                )
            )
        return BriefingReport(week=effect.week, cutoff=effect.cutoff, as_of=effect.at, cities=tuple(cities))

    # -- one lot, one site -----------------------------------------------------------------------------------------

    def _lot(self, city: str, kind: str, rung: int, notices: list[Notice], at: datetime) -> Lot:
        key = document_key(self._frozen.plan.id, city, kind, rung, self._frozen.calendar, at)
        sites = sorted({notice.site_id for notice in notices if notice.site_id is not None})
        self._proposals[key] = sorted(
            Proposal(notice.site_id, notice.data["round"], notice.data.get("proposal", 1))
            for notice in notices
            if notice.site_id is not None and "round" in notice.data
        )
        without_site = [notice for notice in notices if notice.site_id is None]
        newest = max(without_site, key=lambda notice: (notice.at, notice.key), default=None)
        data = newest.data if newest is not None else {}
        return Lot(kind=kind, rung=rung, sites=tuple(sites), key=key, data=data)

    def _overdue(self, rung: int, sites: Sequence[str], at: datetime) -> tuple[str, ...]:
        """The sites that a document of this rung still concerns; what is settled it does not."""
        cases = filter(None, map(self._case, sites))
        return still_overdue(rung, (case.row() for case in cases), at)

    def _open(self, key: str) -> int:
        """How many sites of a document are not struck off; what is carried over is not either."""
        return sum(self._chronicle.stage_of(site) != "closed" for site in self._chronicle.listed(key))

    def _measure(self, site: str, at: datetime) -> tuple[int, int, int, int, int]:
        """Sites, closed, overdue, requirements, requirements done: of one site, as its row says."""
        case = self._case(site)
        row = case.row() if case is not None else self._chronicle.rows.get(site)
        if row is None:  # it was not opened yet
            return 1, 0, 0, 0, 0
        # A struck-off site may live on for its case.
        overdue = case is not None and case.is_overdue(at)
        return 1, int(row.stage == "closed"), int(overdue), row.requirements, row.requirements_done

    def _case(self, site: str) -> SiteAggregate | None:
        return self._cases.get(site_stream(self._frozen.plan.id, site))


def _look_backs(lots: Mapping[tuple[str, int], list[Notice]]) -> tuple[LookBackDue, ...]:
    """What is inspected again of the sites whose strike-off is told with this dispatch."""
    return tuple(
        LookBackDue(site_id=notice.site_id, requirement=one["requirement"], due=one["due"])
        for notice in lots.get(("closure", 0), ())
        if notice.site_id is not None
        for one in notice.data.get("look_backs", ())
    )


def _measures(counts: Sequence[int]) -> Measures:
    sites, closed, overdue, requirements, done = counts
    return Measures(sites=sites, closed=closed, overdue=overdue, requirements=requirements, requirements_done=done)
