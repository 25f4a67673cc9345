"""The discrete-event simulator: the pure aggregates and the simulated people, without servers and without latency.

It does what the workflow runner does (validate, decide, perform effects in order, observe), instant by instant of
campaign time. The same people on the real engine write the same ledger.
"""

import contextlib
import gc
import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from rules import effects as ef
from rules.aggregate import Aggregate
from rules.calendar import start_of
from rules.campaign.aggregate import CampaignAggregate
from rules.campaign.options.spot_checks import spot_check_terms
from rules.city.aggregate import CityAggregate
from rules.command_results import Outcome, Received
from rules.effects import StartSpotCheck
from rules.site.aggregate import SiteAggregate
from rules.site.options.modes import mode_view
from rules.spot_check.aggregate import SpotCheckAggregate
from rules.terms.plan import campaign_terms, city_terms
from schemas.answers import Verdict
from schemas.base import iso_utc
from schemas.clock import Clock
from schemas.options.surveys import PlannedSurvey
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.stages import Deployment
from schemas.work import CountReport, ReconcileReport
from simulation.behaviour.actions import Action, Reply, ReplyStatus
from simulation.behaviour.temperament import Temperament
from simulation.forecast.recorder import ForecastRecorder
from simulation.forecast.result import Forecast
from simulation.forecast.site_pool import FastSite, SitePool
from simulation.forecast.spot_check_frames import SpotCheckFrames
from simulation.forecast.store import SimulatedStore
from simulation.people.county_offices import county_reply
from simulation.people.everybody import People
from simulation.people.joint_group import group_reply
from simulation.people.register import Register
from simulation.people.signers import begins_at, starter
from simulation.people.surveyors import survey_reply
from simulation.people.sweepers import survey_of

Progress = Callable[[int, int], None]
"""Called once a campaign day with the number of the day and of the last day."""

_SITE, _PERSON, _CITY, _CAMPAIGN, _CHECK = range(5)
"""Order at one instant: sites before people, and after them the aggregates that gather from both."""


def forecast(
    frozen: FrozenPlan,
    sites: Sequence[Site],
    temperament: Temperament,
    seed: int,
    progress: Progress | None = None,
    *,
    keep_ledger: bool = False,
    surveys: Sequence[PlannedSurvey] = (),
    by_programme: bool = False,
) -> Forecast:
    """Simulate a campaign from its start to the closing report; the same arguments give the same result.

    `surveys` add their sites on their days. With `keep_ledger` the result has all ledger entries. A year of a programme
    is started by the engine on its first day (`by_programme`), else somebody of the first agency starts it.
    """
    with _few_collections():
        return _Simulator(frozen, sites, temperament, seed, progress, keep_ledger, surveys, by_programme).run()


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Collect cycles rarely: there are few among millions of objects, and their search takes a sixth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(5_000_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _moves_deadlines(outcome: Outcome) -> bool:
    """Whether an outcome may move a deadline; a report alone does not."""
    return any(entry.kind != "task_reported" for entry in outcome.entries)


class _Simulator:
    def __init__(
        self,
        frozen: FrozenPlan,
        sites: Sequence[Site],
        temperament: Temperament,
        seed: int,
        progress: Progress | None,
        keep_ledger: bool,
        surveys: Sequence[PlannedSurvey],
        by_programme: bool,
    ) -> None:
        self._frozen = frozen
        self._clock = Clock()
        self._people = People(frozen, sites, temperament, seed, surveys)
        self._register, all_sites = Register(sites, surveys), Register.all_sites(sites, surveys)
        self._recorder = ForecastRecorder(frozen, sites, temperament, seed, progress, keep_ledger=keep_ledger)
        self._checks = SpotCheckFrames(frozen, all_sites)
        self._sites = SitePool(
            frozen,
            self._register,
            {site.id: site for site in all_sites},
            SiteAggregate if keep_ledger else FastSite,
            self._on_site,
            keep_settled=frozen.plan.patrol is not None or self._checks.reopens,
        )
        self._wakes: dict[str, datetime] = {}
        """Stream to its next wake; any other wake of it in the heap is out of date."""
        self._cities: dict[str, CityAggregate] = {}
        self._store = SimulatedStore(frozen, sites, self._sites.aggregates, self._recorder)
        by = None if by_programme else starter(frozen.plan)
        self._started_at = start_of(frozen.calendar, frozen.plan.starts_on) if by_programme else begins_at(frozen)
        self._campaign = CampaignAggregate(campaign_terms(frozen, self._started_at, self._clock, by))
        self._heap: list[tuple[datetime, int, str, int, Action | None]] = []
        self._count = itertools.count()

    def run(self) -> Forecast:
        self._schedule_wake(self._campaign, self._started_at, _CAMPAIGN)
        while self._heap:
            now, rank, key, _, action = heapq.heappop(self._heap)
            if action is None and self._wakes.get(key) != now:
                continue
            self._recorder.advance_to(now)
            if action is not None:
                self._perform_action(action, now)
                continue
            del self._wakes[key]
            if rank == _SITE:
                self._on_site(self._sites.aggregates[key], (), now)
            elif rank == _CITY:
                self._on_city(self._cities[key], (), now)
            elif rank == _CHECK:
                self._on_check(self._checks.aggregates[key], (), now)
            else:
                self._on_campaign((), now)
        facts = {city.terms.code: city.row().facts for city in self._cities.values()}
        patrols = {code: one.patrol for code, one in facts.items() if one is not None and one.patrol is not None}
        return self._recorder.forecast(self._campaign.row(), patrols)

    # -- people ----------------------------------------------------------------------------------------------------

    def _perform_action(self, action: Action, now: datetime) -> None:
        aggregate: Aggregate[Any] | None = self._sites.aggregates.get(action.stream) or self._cities.get(action.stream)
        aggregate = aggregate or self._checks.aggregates.get(action.stream)
        if action.stream == self._campaign.stream:
            aggregate = self._campaign
        if (survey := survey_of(action.command)) is not None:  # a client adds the sites before it notifies a city
            self._add_sites(self._register.add(survey))
        reply = Reply(ReplyStatus.GONE)
        if aggregate is not None and not aggregate.settled:
            reply = self._submit(aggregate, action, now)
        self._recorder.count_reply(reply)
        if action.waits:
            self._schedule(self._people.on_reply(action, reply))

    def _submit(self, aggregate: Aggregate[Any], action: Action, now: datetime) -> Reply:
        """As the runner does: an update is validated first, and a refused one is not recorded."""
        if action.waits and aggregate.refusal(action.command, now) is not None:
            return Reply(ReplyStatus.REFUSED)
        received = (Received(action.command, now),)
        if isinstance(aggregate, SiteAggregate):
            outcome = self._on_site(aggregate, received, now)
            s = aggregate.state
            state = {"stage": s.stage, "round": s.round, "level": s.level}
            if action.waits:
                state["outstanding"] = aggregate.outstanding()
                due = aggregate.current_due()
                state["due"] = None if due is None else iso_utc(due)
                if aggregate.terms.acceptance is not None:
                    view = aggregate.view(now)
                    state |= {"panel": view.panel, "problems": view.problems}
                state |= mode_view(aggregate.terms, s)
        elif isinstance(aggregate, SpotCheckAggregate):
            outcome, state = self._on_check(aggregate, received, now)
        elif isinstance(aggregate, CampaignAggregate):
            outcome, state = self._on_campaign(received, now), {}
        else:
            assert isinstance(aggregate, CityAggregate)
            outcome = self._on_city(aggregate, received, now)
            state = survey_reply(aggregate.state) | group_reply(aggregate.state) | county_reply(aggregate, now)
        result = outcome.result_of(action.command.command_id)
        return Reply(ReplyStatus.REFUSED if result.verdict is Verdict.REFUSED else ReplyStatus.ACCEPTED, state)

    def _schedule(self, actions: Sequence[Action]) -> None:
        for action in actions:
            event = (action.sent_at, _PERSON, action.command.command_id, next(self._count), action)
            heapq.heappush(self._heap, event)

    # -- aggregates ------------------------------------------------------------------------------------------------

    def _on_site(self, aggregate: SiteAggregate, commands: Sequence[Received], now: datetime) -> Outcome:
        outcome = aggregate.advance(commands, now)
        self._store.add_notices(aggregate.terms.city, outcome.notices)
        self._recorder.site(aggregate, outcome)
        self._checks.observe_site(aggregate, commands, outcome)
        if aggregate.settled:
            self._sites.remove(aggregate)
            self._wakes.pop(aggregate.stream, None)
        elif aggregate.stream not in self._wakes or outcome.notices or _moves_deadlines(outcome):
            self._schedule_wake(aggregate, aggregate.next_due(now), _SITE)
        return outcome

    def _on_city(self, city: CityAggregate, commands: Sequence[Received], now: datetime) -> Outcome:
        outcome = city.advance(commands, now)
        self._perform_for_city(city, outcome, now)
        self._schedule_wake(city, None if city.settled else city.next_due(now), _CITY)
        return outcome

    def _on_campaign(self, commands: Sequence[Received], now: datetime) -> Outcome:
        campaign = self._campaign
        outcome = campaign.advance(commands, now)
        self._perform_for_campaign(outcome, now)
        self._schedule_wake(campaign, None if campaign.settled else campaign.next_due(now), _CAMPAIGN)
        return outcome

    def _on_check(
        self, aggregate: SpotCheckAggregate, commands: Sequence[Received], now: datetime
    ) -> tuple[Outcome, dict[str, Any]]:
        advanced = self._checks.advance(aggregate, commands, now, self._record, self._store, self._sites.reopen)
        self._schedule_wake(aggregate, None if aggregate.settled else aggregate.next_due(now), _CHECK)
        return advanced

    def _schedule_wake(self, aggregate: Aggregate[Any], due: datetime | None, rank: int) -> None:
        if due is None:
            self._wakes.pop(aggregate.stream, None)
        elif self._wakes.get(aggregate.stream) != due:
            self._wakes[aggregate.stream] = due
            heapq.heappush(self._heap, (due, rank, aggregate.stream, next(self._count), None))

    # -- effects ---------------------------------------------------------------------------------------------------

    def _perform_for_city(self, city: CityAggregate, outcome: Outcome, now: datetime) -> None:
        self._record(outcome)
        for effect in outcome.effects:
            match effect:
                case ef.OpenSites():
                    observed = city.observe(self._sites.open(city.terms.code, effect, now), now)
                case ef.GatherNotices():
                    observed = city.observe(self._store.gather(city.terms.code, effect), now)
                case ef.NumberDocuments():
                    observed = city.observe(self._store.number(effect), now)
                case ef.NotifySites():
                    observed = city.observe(self._sites.notify(effect, self._store, now), now)
                case ef.ReconcileSites(at):
                    observed = city.observe(ReconcileReport(at=at), now)
                case ef.SettleSites(at):
                    observed = city.observe(self._sites.settle(city.terms.code, at, self._recorder, now), now)
                case ef.ReopenSites():
                    observed = city.observe(self._sites.reopen(effect, now, city.terms.code), now)
                case ef.TellSites():
                    observed = city.observe(self._sites.tell(city.terms.code, effect, now), now)
                case ef.NotifyCampaign():
                    self._on_campaign((Received(effect.command, now),), now)
                    continue
                case _:
                    raise AssertionError(f"not a city's effect: {effect}")
            self._perform_for_city(city, observed, now)

    def _record(self, outcome: Outcome) -> None:
        """Record an outcome, and let the people act on its documents."""
        self._recorder.record_documents(outcome)
        for document in outcome.documents:
            self._schedule(self._people.on_document(document))

    def _perform_for_campaign(self, outcome: Outcome, now: datetime) -> None:
        self._record(outcome)
        for notice in outcome.notices:
            assert notice.city is not None  # notices of a campaign name their city
            self._store.add_notices(notice.city, (notice,))
        for effect in outcome.effects:
            match effect:
                case ef.StartCities(issued_at):
                    for terms in self._campaign.terms.cities:
                        city = CityAggregate(city_terms(self._campaign.terms, terms, issued_at))
                        self._cities[city.stream] = city
                        self._on_city(city, (), now)
                case ef.CountSettled(at):
                    ended = self._recorder.ended
                    count = CountReport(at=at, closed=ended["closed"], carried_over=ended["carried_over"])
                    self._perform_for_campaign(self._campaign.observe(count, now), now)
                case StartSpotCheck():
                    check = self._checks.open(spot_check_terms(self._campaign.terms, effect))
                    self._on_check(check, (), now)
                case ef.TakeBriefing():
                    taken = self._store.briefing(effect, (city.row() for city in self._cities.values()))
                    self._perform_for_campaign(self._campaign.observe(taken, now), now)
                case ef.TakePhaseMeasures():
                    rows = [city.row() for city in self._cities.values()]
                    approved = {row.code for row in rows if row.deployment == Deployment.APPROVED}
                    report = self._store.phase_measures(effect, approved, self._register.surveys)
                    self._perform_for_campaign(self._campaign.observe(report, now), now)
                case ef.NumberDocuments():
                    self._perform_for_campaign(self._campaign.observe(self._store.number(effect), now), now)
                case _:
                    pass  # there is no ledger in Postgres to anchor, and nobody stops a campaign

    def _add_sites(self, found: Sequence[Site]) -> None:
        self._store.add_sites(found)
        self._recorder.add_sites(found)
