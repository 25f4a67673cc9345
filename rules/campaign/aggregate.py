"""`CampaignAggregate`: issue the plan, start the cities, anchor the ledger every day, close when all are settled."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from rules.aggregate import Aggregate
from rules.amendments.overlay import EffectiveTerms
from rules.authority import require_authority
from rules.calendar import local_date, start_of
from rules.campaign import amendment as plan_amending
from rules.campaign.documents import CampaignDocuments
from rules.campaign.options.joint import decide_proposal, decide_signature, opening, signing_facts
from rules.campaign.options.protocol import Due
from rules.campaign.options.registry import CAMPAIGN_OPTIONS
from rules.campaign.state import CampaignState, apply_event
from rules.command_results import Outcome
from rules.effects import CountSettled, Effect, NumberDocuments, StartCities, StopCities, TakeAnchor
from rules.event_time import EventTime, Question, TimeLimits
from rules.terms.plan import city_terms
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import ENGINE, Actor
from schemas.amendments import Amend, PlanAmended
from schemas.answers import CampaignView
from schemas.campaign import CampaignTerms
from schemas.errors import Refused
from schemas.ledger import CampaignRow
from schemas.options.briefing import BriefingReport
from schemas.options.joint import SignPlan
from schemas.options.phases import PhaseReport
from schemas.options.spot_checks import DrawSpotCheck
from schemas.stages import CampaignStage
from schemas.streams import campaign_stream
from schemas.work import AnchorReport, CountReport, Numbered

Observation = AnchorReport | BriefingReport | CountReport | Numbered | PhaseReport

ANCHOR_HOUR = timedelta(hours=4)
"""The ledger is anchored at four in the morning, when the day before is quiet."""


class CampaignAggregate(Aggregate[CampaignState]):
    """One campaign: state + `advance()` + `observe()` + `next_due()` + `settled`."""

    events: ClassVar = ev.CAMPAIGN_EVENTS

    def __init__(self, terms: CampaignTerms, state: CampaignState | None = None) -> None:
        super().__init__(campaign_stream(terms.campaign_id), state or CampaignState())
        self._effective = EffectiveTerms(terms)
        self._documents = CampaignDocuments(self)

    # -- queries ---------------------------------------------------------------------------------------------------

    @property
    def terms(self) -> CampaignTerms:
        """The terms that are in force: those it began with, under its amendments."""
        return self._effective.with_overlay(self.state.overlay)

    @property
    def outcome(self) -> Outcome:
        """The outcome that is being made."""
        return self._outcome

    @property
    def settled(self) -> bool:
        """Closed, and no option keeps it open."""
        s, t = self.state, self.terms
        return s.closed_at is not None and not any(option.keeps_open(t, s) for option in CAMPAIGN_OPTIONS)

    def row(self) -> CampaignRow:
        s = self.state
        signing = signing_facts(self.terms, s)
        return CampaignRow(seq=s.seq, state=s.stage, issued_at=s.issued_at, closed_at=s.closed_at, signing=signing)

    def view(self, now: datetime) -> CampaignView:
        s = self.state
        return CampaignView(
            campaign_id=self.terms.campaign_id,
            state=s.stage,
            phase=s.phases[-1] if s.phases else "",
            cities_settled=len(s.cities_settled),
            cities=len(self.terms.cities),
            as_of=now,
            refused=tuple(s.refusals),
            unsigned={one.document: one.signatures.missing for one in signing_facts(self.terms, s)},
        )

    def begin(self, now: datetime) -> None:
        """The first entries of a campaign: who started it, and whose signature that is."""
        if self.state.seq == 0:
            for event, at, actor in opening(self.terms, now):
                self.record_event(event, at, now, actor)

    # -- commands --------------------------------------------------------------------------------------------------

    def unit_names(self) -> Iterator[str]:
        return self.terms.units.names()

    @property
    def time_limits(self) -> TimeLimits:
        issued = Question(self.state.issued_at or self.terms.issues_at, "the plan was issued")
        return TimeLimits(self.terms.calendar, issued, self.terms.late_report)

    def claimed_time(self, command: cmd.Command, received_at: datetime) -> EventTime:
        """An amendment and the signatures of agencies count from their receipt, whatever they claim."""
        amends = isinstance(command, Amend | SignPlan)
        return EventTime(received_at, received_at) if amends else super().claimed_time(command, received_at)

    def answers(self, command: cmd.Command) -> Question | None:
        """A sample is drawn under the plan, so not before its issue."""
        return Question(self.state.issued_at, "the plan was issued") if isinstance(command, DrawSpotCheck) else None

    def decide(self, command: cmd.Command, when: EventTime) -> Iterator[ev.Event]:
        kind: str = command.kind
        require_authority(command.actor, kind, self.terms.units)
        match command:
            case cmd.Stop():
                if self.state.stage not in (CampaignStage.ISSUING, CampaignStage.RUNNING):
                    raise Refused(f"stop is not allowed while the campaign is {self.state.stage}; allowed: nothing")
                yield ev.CampaignStopped(reason=command.reason)
            case Amend():
                amended = plan_amending.decide_amendment(self._effective.base, self.state, command, when.at)
                yield from (
                    amended
                    if self.terms.signing is None
                    else decide_proposal(self.terms, self.state, command, amended, when.heard_at)
                )
            case SignPlan():
                yield from decide_signature(self.terms, self.state, command, when.heard_at)
            case cmd.CitySettled():
                if command.code not in {city.code for city in self.terms.cities}:
                    raise Refused(f"the campaign has no city {command.code!r}")
                if command.code not in self.state.cities_settled:
                    yield ev.CityReported(code=command.code)
            case _:
                if (option := CAMPAIGN_OPTIONS.owner_of(kind)) is not None:
                    yield from option.decide(self.terms, self.state, command)

    def after_command(self, at: datetime, received_at: datetime, actor: Actor) -> None:
        self._count_when_all_settled(at)

    # -- deadlines -------------------------------------------------------------------------------------------------

    def next_due(self, now: datetime) -> datetime | None:
        found = self._next(now)
        return found[0] if found else None

    def run_deadlines(self, limit: datetime, now: datetime) -> None:
        self._count_when_all_settled(limit)  # the last city may have been settled by an entry of the ledger
        while (found := self._next(now)) is not None and found[0] <= limit:
            at, what = found
            if isinstance(what, ev.Event):
                self.record_event(what, at, now, ENGINE)
                self._count_when_all_settled(at)
                continue
            if isinstance(what, TakeAnchor):
                # After an outage one anchor stands for all that were missed.
                self.state.anchored_at = max(at, now)
            self._ask(what)

    def _ask(self, effect: Effect) -> None:
        if isinstance(effect, NumberDocuments):
            self._documents.note_asked(effect)
        for option in CAMPAIGN_OPTIONS:
            option.note_asked(self.state, effect)
        self._outcome.effects.append(effect)

    def _next(self, now: datetime) -> Due | None:
        """The first thing that is due; of two at one instant the one that `_deadlines` has first."""
        return None if self.settled else min(self._deadlines(now), key=lambda due: due[0])

    def _deadlines(self, now: datetime) -> Iterator[Due]:
        s, t = self.state, self.terms
        if s.stage is CampaignStage.ISSUING:
            cities = tuple(city.code for city in t.cities)
            earliest = [option.issues_at(t, s) for option in CAMPAIGN_OPTIONS]
            if (at := _latest(earliest)) is not None:
                yield at, ev.PlanIssued(plan_digest=t.plan_digest, cities=cities)
            yield t.ends_at, ev.CampaignEnded()
        else:
            yield self._next_anchor(s.anchored_at or t.issues_at)
        yield from self._documents.deadline(now)
        if s.stage in (CampaignStage.ISSUING, CampaignStage.RUNNING):
            for option in CAMPAIGN_OPTIONS:
                yield from option.before_the_end(t, s, now)
        if s.stage is CampaignStage.RUNNING:
            for option in CAMPAIGN_OPTIONS:
                yield from option.deadlines(t, s, now)
            yield t.ends_at, ev.CampaignEnded()  # after what is due at the same instant: a phase that ends with it

    def _next_anchor(self, last: datetime) -> tuple[datetime, TakeAnchor]:
        calendar = self.terms.calendar
        day = local_date(calendar, last)
        at = start_of(calendar, day) + ANCHOR_HOUR
        if at <= last:
            at = start_of(calendar, day + timedelta(days=1)) + ANCHOR_HOUR
        return at, TakeAnchor(at)

    # -- results of effects ----------------------------------------------------------------------------------------

    def observe(self, observation: Observation, now: datetime) -> Outcome:
        """Take in the result of an effect; the same result again changes nothing."""
        match observation:
            case AnchorReport():
                if not self.settled and self.state.anchor_at != observation.at:
                    self._anchor(observation, now)
            case BriefingReport() | PhaseReport():
                self._observe_with_options(observation, now)
            case CountReport() if self.state.closed_at is None:
                self._documents.number_closing_report(observation)
            case Numbered() if self.state.closed_at is None:
                self._documents.issue_numbered(observation, now)
            case _:
                pass
        outcome, self._outcome = self._outcome, Outcome()
        return outcome

    def _anchor(self, report: AnchorReport, now: datetime) -> None:
        """Record the anchor, and the cities that the ledger knows as settled: their command may have been lost."""
        anchored = ev.Anchored(
            digest=report.digest, streams=report.streams, entries=report.entries, snapshot=report.snapshot
        )
        self.record_event(anchored, report.at, now, ENGINE)
        for code in report.settled_cities:
            if code not in self.state.cities_settled:
                self.record_event(ev.CityReported(code=code), report.at, now, ENGINE)
        self._observe_with_options(report, now)
        self._count_when_all_settled(report.at)

    def _observe_with_options(self, observation: Observation, now: datetime) -> None:
        for option in CAMPAIGN_OPTIONS:
            for event, at in option.observe(self.terms, self.state, observation):
                self.record_event(event, at, now, ENGINE)

    def _count_when_all_settled(self, at: datetime) -> None:
        s = self.state
        if s.stage is CampaignStage.CLOSING and not s.counting and len(s.cities_settled) == len(self.terms.cities):
            s.counting = True
            self._outcome.effects.append(CountSettled(at))

    def record_event(self, event: ev.Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        super().record_event(event, at, received_at, actor)
        for option in CAMPAIGN_OPTIONS:
            self._outcome.notices.extend(option.notices(self.terms, self.state, event, at))
        if isinstance(event, ev.PlanIssued | PlanAmended):
            for city in plan_amending.newly_issued(self.terms, self.state, event):
                self._documents.issue_plan(city.code, city_terms(self.terms, city, at, received_at), at, received_at)

    def apply(self, event: ev.Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        never_issued = self.state.issued_at is None
        apply_event(self.state, event, at)
        plan_amending.apply_amendment(self.state, event, at)
        effects: list[Effect] = self._outcome.effects
        effects.extend(plan_amending.cities_to_amend(self.state, event, at))
        for option in CAMPAIGN_OPTIONS:
            known = len(self.state.unissued)
            option.apply(self.state, event, at)
            self._documents.number_at_once(known, at)
            effects.extend(option.effects(event, at))
            self._documents.bring(option.documents(self.terms, self.state, event, at), at)
        match event:
            case ev.PlanIssued():
                effects.append(StartCities(at))
            case ev.CampaignEnded() if never_issued:
                effects.append(StartCities(at))  # they carry over the sites of a plan that nobody signed in time
            case ev.CampaignStopped():
                if never_issued:
                    # Its sites are in the register: the cities start only to carry them over.
                    effects.append(StartCities(at))
                effects.append(StopCities(at, event.reason))


def _latest(moments: Sequence[datetime | None]) -> datetime | None:
    """The latest of these moments; None if one of them is not known yet."""
    known = [moment for moment in moments if moment is not None]
    return max(known) if len(known) == len(moments) else None
