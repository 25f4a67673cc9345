"""The sites of a simulated campaign: opened, notified, reopened and settled, as by the activities of the engine."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from rules import effects as ef
from rules.command_results import Outcome, Received
from rules.site.aggregate import SiteAggregate
from rules.site.escalation import escalation_command
from rules.site.orders import fits, order_command
from rules.site.reopening import reopen_command
from rules.terms.plan import opened_report, opening_clause, site_terms, with_opened
from schemas.actor import Actor
from schemas.clock import Clock
from schemas.event import Event
from schemas.ledger import LedgerEntry
from schemas.options.standstill import SitesToldReport
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.reopening import ReopenedReport
from schemas.site.terms import SiteTerms
from schemas.stages import OPEN, Stage
from schemas.streams import site_stream
from schemas.work import NotifiedReport, SettledReport, SitesOpenedReport
from simulation.forecast.recorder import ForecastRecorder
from simulation.forecast.store import SimulatedStore
from simulation.people.register import Register

_ITS_OWN: dict[str, Any] = {"id": "", "name": ""} | dict.fromkeys(
    ("latitude", "longitude", "planned_cny", "planned_ha", "planned_mu")
)
"""Fields of a site that its terms do not depend on; sites that are equal in all others share their terms."""


class SitePool:
    """`aggregates` are the open sites by stream; `advance` decides commands of one of them and runs its deadlines."""

    def __init__(
        self,
        frozen: FrozenPlan,
        register: Register,
        sites: Mapping[str, Site],
        aggregate: type[SiteAggregate],
        advance: Callable[[SiteAggregate, Sequence[Received], datetime], Outcome],
        *,
        keep_settled: bool,
    ) -> None:
        self._frozen = frozen
        self._clock = Clock()
        self._register = register
        self._sites = sites
        self._aggregate_type = aggregate
        self._advance = advance
        self._keep_settled = keep_settled
        self._settled: dict[str, SiteAggregate] = {}
        """Settled sites, where the plan has an option that reopens sites."""
        self.aggregates: dict[str, SiteAggregate] = {}

    def remove(self, aggregate: SiteAggregate) -> None:
        """Remove a settled site from the open ones."""
        self.aggregates.pop(aggregate.stream, None)
        if self._keep_settled:
            self._settled[aggregate.stream] = aggregate

    def open(self, city: str, effect: ef.OpenSites, now: datetime) -> SitesOpenedReport:
        """Open the sites of a city's first register, or those of one survey or one county."""
        sites, at = self._register.opening(city, effect), effect.at
        report, alike = opened_report(self._frozen, at, effect), dict[Site, SiteTerms]()
        for site in sites:
            kind = site.model_copy(update=_ITS_OWN)
            if kind not in alike:
                alike[kind] = site_terms(self._frozen, site, at, self._clock)
            # Equal sites share their terms, to save memory.
            aggregate = self._aggregate_type(alike[kind].model_copy(update={"site_id": site.id}))
            self.aggregates[aggregate.stream] = aggregate
            report = with_opened(report, aggregate.terms, opening_clause(self._frozen, at, site))
            self._advance(aggregate, (), now)
        return report

    def notify(self, effect: ef.NotifySites, store: SimulatedStore, now: datetime) -> NotifiedReport:
        """Notify the open sites of a document of its proposals."""
        notified = 0
        for about in store.proposals_of(effect.document, effect.sites):
            aggregate = self.aggregates.get(site_stream(self._frozen.plan.id, about.site_id))
            if aggregate is not None:
                self._advance(aggregate, (Received(escalation_command(effect, about), now),), now)
                notified += 1
        return NotifiedReport(sites=notified)

    def reopen(self, effect: ef.ReopenSites, now: datetime, city: str | None = None) -> ReopenedReport:
        """Reopen struck-off sites (of `city`, if it is given); open and carried-over sites are left unchanged."""
        counties: dict[str, str] = {}
        for one in effect.sites:
            stream = site_stream(self._frozen.plan.id, one.site_id)
            # A closed site is not settled as long as its police case is open.
            aggregate = self._settled.get(stream) or self.aggregates.get(stream)
            if aggregate is None or aggregate.state.stage is not Stage.CLOSED:
                continue
            if city not in (None, aggregate.terms.city):
                continue
            self.aggregates[stream] = aggregate
            self._settled.pop(stream, None)
            self._advance(aggregate, (Received(reopen_command(one, effect.at, effect.cause, effect.origin), now),), now)
            if effect.origin in aggregate.state.reopened:
                counties[one.site_id] = self._sites[one.site_id].county
        return ReopenedReport(at=effect.at, origin=effect.origin, reopened=tuple(counties), counties=counties)

    def tell(self, city: str, effect: ef.TellSites, now: datetime) -> SitesToldReport:
        """Suspend or resume the open sites that an order is about, by id, as the activity of the engine does."""
        told = 0
        mine = [one for one in self.aggregates.values() if one.terms.city == city]
        for aggregate in sorted(mine, key=lambda one: one.terms.site_id):
            suspensions, resumes = aggregate.state.suspensions, effect.lifted_by is not None
            if resumes:
                concerned = aggregate.state.suspended and suspensions[-1].order == effect.order.number
            else:
                knows = any(one.order == effect.order.number for one in suspensions)
                site = self._sites[aggregate.terms.site_id]
                concerned = not (aggregate.state.suspended or knows) and fits(
                    self._frozen.plan, effect.order.scope, site
                )
            if concerned and aggregate.state.stage in OPEN:
                command = order_command(effect, aggregate.terms.opened_at)
                self._advance(aggregate, (Received(command, now),), now)
                told += 1
        return SitesToldReport(number=effect.order.number, told=told, resumed=effect.lifted_by is not None)

    def settle(self, city: str, at: datetime, recorder: ForecastRecorder, now: datetime) -> SettledReport:
        """Advance all sites of a city to the end, where they carry over; those never opened are opened for that."""
        for site in self._register.unopened(city):
            self._advance(self._aggregate_type(site_terms(self._frozen, site, None, self._clock)), (), now)
        for aggregate in [aggregate for aggregate in self.aggregates.values() if aggregate.terms.city == city]:
            self._advance(aggregate, (), now)
        ended = recorder.ended_in(city)
        return SettledReport(at=at, closed=ended["closed"], carried_over=ended["carried_over"])


class Trace(NamedTuple):
    """The part of a ledger entry that the burn-down and the load of offices need."""

    kind: str
    at: datetime
    by: Actor


class FastSite(SiteAggregate):
    """A site aggregate without hashes, for forecasts without a ledger: the same decisions in less time.

    Its entries are traces. Its head is a number that changes with each entry that may move a deadline.
    """

    def record_event(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        """Apply an event without hashing an entry."""
        kind = event.kind
        state = self.state
        state.seq += 1
        if kind != "task_reported":
            state.head = str(state.seq)
        self._outcome.entries.append(cast(LedgerEntry, Trace(kind, at, actor)))
        self._remember(event)
        self.apply(event, at, received_at, actor)
