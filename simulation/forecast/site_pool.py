"""The sites of a simulated campaign: opened, told, opened again and settled, as the activities do it on the engine."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from rules import effects as ef
from rules.aggregate import Outcome, Received
from rules.city.aggregate import CityAggregate
from rules.site.aggregate import SiteAggregate
from rules.site.escalation import escalation_command
from rules.site.reopening import reopen_command
from rules.terms.plan import site_terms
from schemas.clock import Clock
from schemas.options.reopening import ReopenedReport
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.site.terms import SiteTerms
from schemas.stages import Stage
from schemas.streams import site_stream
from schemas.work import NotifiedReport, SettledReport, SitesOpenedReport
from simulation.forecast.archive import Archive
from simulation.forecast.chronicle import Chronicle
from simulation.people.register import Register

_ITS_OWN: dict[str, Any] = {"id": "", "name": ""} | dict.fromkeys(
    ("latitude", "longitude", "planned_cny", "planned_ha", "planned_mu")
)
"""Fields of a site of which its terms know nothing; sites that differ in no other share them."""


class SitePool:
    """`cases` are the open sites by stream; `live` has one of them judge commands and let its deadlines happen."""

    def __init__(
        self,
        frozen: FrozenPlan,
        register: Register,
        counties: dict[str, str],
        case: type[SiteAggregate],
        live: Callable[[SiteAggregate, Sequence[Received], datetime], Outcome],
        *,
        keep_settled: bool,
    ) -> None:
        self._frozen = frozen
        self._clock = Clock()
        self._register = register
        self._county = counties
        self._case = case
        self._live = live
        self._keep_settled = keep_settled
        self._settled: dict[str, SiteAggregate] = {}
        """Sites that are settled, where the plan has a way to open them again."""
        self.cases: dict[str, SiteAggregate] = {}

    def leave(self, case: SiteAggregate) -> None:
        """A site is settled."""
        self.cases.pop(case.stream, None)
        if self._keep_settled:
            self._settled[case.stream] = case

    def open(self, desk: CityAggregate, effect: ef.OpenSites, now: datetime) -> SitesOpenedReport:
        """A city's first register, or what one survey found there."""
        sites, at = self._register.opening(desk.terms.code, effect.survey), effect.at
        due, alike = None, dict[Site, SiteTerms]()
        for site in sites:
            kind = site.model_copy(update=_ITS_OWN)
            if kind not in alike:
                alike[kind] = site_terms(self._frozen, site, at, self._clock)
            # Sites of a kind share their terms: thousands of equal ones would fill the memory.
            case = self._case(alike[kind].model_copy(update={"site_id": site.id}))
            self.cases[case.stream], due = case, case.terms.due
            self._live(case, (), now)
        return SitesOpenedReport(sites=len(sites), due=due, survey=effect.survey)

    def tell(self, effect: ef.NotifySites, archive: Archive, now: datetime) -> NotifiedReport:
        """Sites that are settled need no news."""
        told = 0
        for about in archive.proposals_of(effect.document, effect.sites):
            case = self.cases.get(site_stream(self._frozen.plan.id, about.site_id))
            if case is not None:
                self._live(case, (Received(escalation_command(effect, about), now),), now)
                told += 1
        return NotifiedReport(sites=told)

    def reopen(self, effect: ef.ReopenSites, now: datetime, city: str | None = None) -> ReopenedReport:
        """Struck-off sites (of the city that asks) hear the order; what is open or carried over is left as it is."""
        counties: dict[str, str] = {}
        for one in effect.sites:
            stream = site_stream(self._frozen.plan.id, one.site_id)
            case = self._settled.get(stream) or self.cases.get(stream)  # a closed one may live on for its case
            if case is None or case.state.stage is not Stage.CLOSED or city not in (None, case.terms.city):
                continue
            self.cases[stream] = case
            self._settled.pop(stream, None)
            self._live(case, (Received(reopen_command(one, effect.at, effect.cause, effect.origin), now),), now)
            if effect.origin in case.state.reopened:
                counties[one.site_id] = self._county[one.site_id]
        return ReopenedReport(at=effect.at, origin=effect.origin, reopened=tuple(counties), counties=counties)

    def settle(self, desk: CityAggregate, at: datetime, chronicle: Chronicle, now: datetime) -> SettledReport:
        """Sites that opened carry themselves over at the end; the others are opened to be carried over."""
        code = desk.terms.code
        for site in self._register.unopened(code):
            self._live(self._case(site_terms(self._frozen, site, None, self._clock)), (), now)
        for case in [case for case in self.cases.values() if case.terms.city == code]:
            self._live(case, (), now)
        ended = chronicle.ended_in(code)
        return SettledReport(at=at, closed=ended["closed"], carried_over=ended["carried_over"])
