"""The discrete-event simulator: the three pure cores and the simulated people, without servers and without latency.

It does what the workflow shell does (validate, judge, carry out effects in order, observe), instant by instant of
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
from rules.aggregate import Aggregate, Outcome, Received
from rules.calendar import start_of
from rules.campaign.aggregate import CampaignAggregate
from rules.campaign.options.spot_checks import spot_check_terms
from rules.city.aggregate import CityAggregate
from rules.effects import StartSpotCheck
from rules.site.aggregate import SiteAggregate
from rules.site.options.modes import mode_view
from rules.spot_check.aggregate import SpotCheckAggregate
from rules.terms.plan import campaign_terms, city_terms
from schemas.answers import Verdict
from schemas.clock import Clock
from schemas.options.surveys import AddSurvey, PlannedSurvey
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.work import CountReport, ReconcileReport
from simulation.behaviour.actions import Action, MessageHandlers, Reply
from simulation.behaviour.temperament import Temperament
from simulation.forecast.archive import Archive
from simulation.forecast.chronicle import Chronicle
from simulation.forecast.fast_site import FastSite
from simulation.forecast.result import Forecast
from simulation.forecast.site_pool import SitePool
from simulation.forecast.spot_check_frames import SpotCheckFrames
from simulation.people.everybody import People
from simulation.people.register import Register
from simulation.people.surveyors import word_of

Progress = Callable[[int, int], None]
"""Called with the day of the campaign and its last day, once a day."""

_SITE, _PERSON, _CITY, _BOARD, _CHECK = range(5)
"""At one instant sites come before people, and whoever gathers from them comes after."""


def forecast(
    frozen: FrozenPlan,
    sites: Sequence[Site],
    temperament: Temperament,
    seed: int,
    progress: Progress | None = None,
    *,
    keep_ledger: bool = False,
    surveys: Sequence[PlannedSurvey] = (),
) -> Forecast:
    """The whole campaign, from the issue of the plan to the closing report; the same arguments give the same result.

    `surveys` add their sites on their days.
    """
    with _few_collections():
        return _Simulator(frozen, sites, temperament, seed, progress, keep_ledger, surveys).run()


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Millions of small objects and hardly a cycle: looking for cycles would take a sixth of a forecast's time."""
    before = gc.get_threshold()
    gc.set_threshold(5_000_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _moves_deadlines(outcome: Outcome) -> bool:
    """A report alone does not."""
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
    ) -> None:
        self._frozen = frozen
        self._clock = Clock()
        self._people = People(frozen, sites, temperament, seed, surveys)
        self._register, everywhere = Register(sites, surveys), Register.everywhere(sites, surveys)
        self._chronicle = Chronicle(frozen, sites, temperament, seed, progress, keep_ledger=keep_ledger)
        self._checks = SpotCheckFrames(frozen, everywhere)
        self._sites = SitePool(
            frozen,
            self._register,
            {site.id: site.county for site in everywhere},
            SiteAggregate if keep_ledger else FastSite,
            self._on_site,
            keep_settled=frozen.plan.patrol is not None or self._checks.reopens,
        )
        self._wakes: dict[str, datetime] = {}
        """When each stream wakes next; a wake of the heap that is not this one is out of date."""
        self._desks: dict[str, CityAggregate] = {}
        self._archive = Archive(frozen, sites, self._sites.cases, self._chronicle)
        started_at = start_of(frozen.calendar, frozen.plan.starts_on)
        self._board = CampaignAggregate(campaign_terms(frozen, started_at, self._clock))
        self._heap: list[tuple[datetime, int, str, int, Action | None]] = []
        self._count = itertools.count()

    def run(self) -> Forecast:
        self._wake(self._board, self._board.terms.issues_at, _BOARD)
        while self._heap:
            now, rank, key, _, action = heapq.heappop(self._heap)
            if action is None and self._wakes.get(key) != now:
                continue
            self._chronicle.pass_to(now)
            if action is not None:
                self._act(action, now)
                continue
            del self._wakes[key]
            if rank == _SITE:
                self._on_site(self._sites.cases[key], (), now)
            elif rank == _CITY:
                self._on_city(self._desks[key], (), now)
            elif rank == _CHECK:
                self._on_check(self._checks.cases[key], (), now)
            else:
                self._on_board((), now)
        facts = {desk.terms.code: desk.row().facts for desk in self._desks.values()}
        patrols = {code: one.patrol for code, one in facts.items() if one is not None and one.patrol is not None}
        return self._chronicle.closed(self._board.state.closed_at, patrols)

    # -- people ----------------------------------------------------------------------------------------------------

    def _act(self, action: Action, now: datetime) -> None:
        core: Aggregate[Any] | None = self._sites.cases.get(action.stream) or self._desks.get(action.stream)
        core = core or self._checks.cases.get(action.stream)
        if isinstance(action.command, AddSurvey):  # its sites are registered first, as by whoever brings a survey
            self._enter(self._register.add(action.command.survey))
        reply = Reply(MessageHandlers.GONE) if core is None or core.settled else self._tell(core, action, now)
        self._chronicle.heard(reply)
        if action.waits:
            self._expect(self._people.on_reply(action, reply))

    def _tell(self, core: Aggregate[Any], action: Action, now: datetime) -> Reply:
        """As the shell does: an update is validated first, and leaves no trace when it is refused."""
        if action.waits and core.refusal(action.command, now) is not None:
            return Reply(MessageHandlers.REFUSED)
        received = (Received(action.command, now),)
        if isinstance(core, SiteAggregate):
            outcome = self._on_site(core, received, now)
            s = core.state
            state = {"stage": s.stage, "round": s.round, "level": s.level}
            if action.waits:
                state["outstanding"] = core.outstanding()
                if core.terms.acceptance is not None:
                    view = core.view(now)
                    state |= {"panel": view.panel, "problems": view.problems}
                state |= mode_view(core.terms, s)
        elif isinstance(core, SpotCheckAggregate):
            outcome, state = self._on_check(core, received, now)
        else:
            assert isinstance(core, CityAggregate)
            outcome, state = self._on_city(core, received, now), word_of(core.state)
        judged = outcome.judgements[action.command.command_id]
        return Reply(MessageHandlers.REFUSED if judged.verdict is Verdict.REFUSED else MessageHandlers.ACCEPTED, state)

    def _expect(self, actions: Sequence[Action]) -> None:
        for action in actions:
            event = (action.sent_at, _PERSON, action.command.command_id, next(self._count), action)
            heapq.heappush(self._heap, event)

    # -- the three cores -------------------------------------------------------------------------------------------

    def _on_site(self, case: SiteAggregate, commands: Sequence[Received], now: datetime) -> Outcome:
        outcome = case.advance(commands, now)
        self._archive.take_in(case.terms.city, outcome.notices)
        self._chronicle.site(case, outcome)
        self._checks.note(case, commands, outcome)
        if case.settled:
            self._sites.leave(case)
            self._wakes.pop(case.stream, None)
        elif case.stream not in self._wakes or outcome.notices or _moves_deadlines(outcome):
            self._wake(case, case.next_due(now), _SITE)
        return outcome

    def _on_city(self, desk: CityAggregate, commands: Sequence[Received], now: datetime) -> Outcome:
        outcome = desk.advance(commands, now)
        self._carry_out_of_city(desk, outcome, now)
        self._wake(desk, None if desk.settled else desk.next_due(now), _CITY)
        return outcome

    def _on_board(self, commands: Sequence[Received], now: datetime) -> None:
        board = self._board
        self._carry_out_of_board(board.advance(commands, now), now)
        self._wake(board, None if board.settled else board.next_due(now), _BOARD)

    def _on_check(
        self, case: SpotCheckAggregate, commands: Sequence[Received], now: datetime
    ) -> tuple[Outcome, dict[str, Any]]:
        lived = self._checks.live(case, commands, now, self._record, self._archive, self._sites.reopen)
        self._wake(case, None if case.settled else case.next_due(now), _CHECK)
        return lived

    def _wake(self, core: Aggregate[Any], due: datetime | None, rank: int) -> None:
        if due is None:
            self._wakes.pop(core.stream, None)
        elif self._wakes.get(core.stream) != due:
            self._wakes[core.stream] = due
            heapq.heappush(self._heap, (due, rank, core.stream, next(self._count), None))

    # -- effects ---------------------------------------------------------------------------------------------------

    def _carry_out_of_city(self, desk: CityAggregate, outcome: Outcome, now: datetime) -> None:
        self._record(outcome)
        for effect in outcome.effects:
            match effect:
                case ef.OpenSites():
                    observed = desk.observe(self._sites.open(desk, effect, now), now)
                case ef.GatherNotices():
                    observed = desk.observe(self._archive.gather(desk.terms.code, effect), now)
                case ef.NumberDocuments():
                    observed = desk.observe(self._archive.number(effect), now)
                case ef.NotifySites():
                    observed = desk.observe(self._sites.tell(effect, self._archive, now), now)
                case ef.ReconcileSites(at):
                    observed = desk.observe(ReconcileReport(at=at), now)
                case ef.SettleSites(at):
                    observed = desk.observe(self._sites.settle(desk, at, self._chronicle, now), now)
                case ef.ReopenSites():
                    observed = desk.observe(self._sites.reopen(effect, now, desk.terms.code), now)
                case ef.NotifyCampaign():
                    self._on_board((Received(effect.command, now),), now)
                    continue
                case _:
                    raise AssertionError(f"not a city's effect: {effect}")
            self._carry_out_of_city(desk, observed, now)

    def _record(self, outcome: Outcome) -> None:
        """What an office says is kept, and whom it concerns hears of its documents."""
        self._chronicle.office(outcome)
        for document in outcome.documents:
            self._expect(self._people.on_document(document))

    def _carry_out_of_board(self, outcome: Outcome, now: datetime) -> None:
        self._record(outcome)
        for notice in outcome.notices:
            assert notice.city is not None  # the board has no city of its own
            self._archive.take_in(notice.city, (notice,))
        for effect in outcome.effects:
            match effect:
                case ef.StartCities(issued_at):
                    for city in self._board.terms.cities:
                        desk = CityAggregate(city_terms(self._board.terms, city, issued_at))
                        self._desks[desk.stream] = desk
                        self._on_city(desk, (), now)
                    self._expect(self._people.on_plan_issued(issued_at))
                case ef.CountSettled(at):
                    ended = self._chronicle.ended
                    count = CountReport(at=at, closed=ended["closed"], carried_over=ended["carried_over"])
                    self._carry_out_of_board(self._board.observe(count, now), now)
                case StartSpotCheck():
                    check = self._checks.open(spot_check_terms(self._board.terms, effect))
                    self._on_check(check, (), now)
                case ef.TakeBriefing():
                    self._carry_out_of_board(self._board.observe(self._archive.brief(effect), now), now)
                case ef.NumberDocuments():
                    self._carry_out_of_board(self._board.observe(self._archive.number(effect), now), now)
                case _:
                    pass  # anchors prove a ledger in Postgres; nobody here stops a campaign

    def _enter(self, found: Sequence[Site]) -> None:
        self._archive.enter(found)
        self._chronicle.enter(found)
