"""`CampaignAggregate`: issue the plan, start the cities, anchor the ledger every day, close when all are settled."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from rules.aggregate import Aggregate
from rules.amendments.overlay import EffectiveTerms
from rules.authority import require_authority
from rules.calendar import local_date, start_of
from rules.campaign import amendment as plan_amending
from rules.campaign.options.protocol import Due
from rules.campaign.options.registry import CAMPAIGN_OPTIONS
from rules.campaign.state import CampaignState, apply_event
from rules.command_results import Outcome
from rules.documents.numbering import document_key, written, year_of
from rules.effects import CountSettled, Effect, NumberDocuments, StartCities, StopCities, TakeAnchor
from rules.event_time import EventTime, Question, TimeLimits
from rules.terms.plan import city_terms
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import ENGINE, Actor
from schemas.amendments import Amend, PlanAmended
from schemas.answers import CampaignView
from schemas.calendar import named
from schemas.campaign import CampaignTerms
from schemas.city import CityTerms
from schemas.documents.document import Progress
from schemas.errors import Refused
from schemas.ledger import CampaignRow, DocumentDraft
from schemas.options.briefing import BriefingReport
from schemas.options.spot_checks import DrawSpotCheck
from schemas.stages import CampaignStage
from schemas.streams import campaign_stream
from schemas.work import AnchorReport, CountReport, Numbered

Observation = AnchorReport | BriefingReport | CountReport | Numbered

ANCHOR_HOUR = timedelta(hours=4)
"""The ledger is anchored at four in the morning, when the day before is quiet."""


class CampaignAggregate(Aggregate[CampaignState]):
    """One campaign: state + `advance()` + `observe()` + `next_due()` + `settled`."""

    events: ClassVar = ev.CAMPAIGN_EVENTS

    def __init__(self, terms: CampaignTerms, state: CampaignState | None = None) -> None:
        super().__init__(campaign_stream(terms.campaign_id), state or CampaignState())
        self._effective = EffectiveTerms(terms)

    # -- queries ---------------------------------------------------------------------------------------------------

    @property
    def terms(self) -> CampaignTerms:
        """The terms that are in force: those it began with, under its amendments."""
        return self._effective.with_overlay(self.state.overlay)

    @property
    def settled(self) -> bool:
        """Closed, and no option keeps it open."""
        s, t = self.state, self.terms
        return s.closed_at is not None and not any(option.keeps_open(t, s) for option in CAMPAIGN_OPTIONS)

    def row(self) -> CampaignRow:
        s = self.state
        return CampaignRow(seq=s.seq, state=s.stage, issued_at=s.issued_at, closed_at=s.closed_at)

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
        )

    # -- commands --------------------------------------------------------------------------------------------------

    def unit_names(self) -> Iterator[str]:
        return self.terms.units.names()

    @property
    def time_limits(self) -> TimeLimits:
        issued = Question(self.state.issued_at or self.terms.issues_at, "the plan was issued")
        return TimeLimits(self.terms.calendar, issued, self.terms.late_report)

    def claimed_time(self, command: cmd.Command, received_at: datetime) -> EventTime:
        """An amendment counts from its receipt, whatever it claims."""
        amends = isinstance(command, Amend)
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
                yield from plan_amending.decide_amendment(self._effective.base, self.state, command, when.at)
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
            for option in CAMPAIGN_OPTIONS:
                option.note_asked(self.state, what)
            self._outcome.effects.append(what)

    def _next(self, now: datetime) -> Due | None:
        """The first thing that is due; of two at one instant the one that `_deadlines` has first."""
        return None if self.settled else min(self._deadlines(now), key=lambda due: due[0])

    def _deadlines(self, now: datetime) -> Iterator[Due]:
        s, t = self.state, self.terms
        if s.stage is CampaignStage.ISSUING:
            cities = tuple(city.code for city in t.cities)
            yield t.issues_at, ev.PlanIssued(plan_digest=t.plan_digest, cities=cities)
        else:
            yield self._next_anchor(s.anchored_at or t.issues_at)
        if s.stage is CampaignStage.RUNNING:
            for phase in t.phases:
                if phase.id not in s.phases:
                    yield max(phase.starts_at, t.issues_at), ev.PhaseBegan(phase=phase.id)
            yield t.ends_at, ev.CampaignEnded()
            for option in CAMPAIGN_OPTIONS:
                yield from option.deadlines(t, s, now)

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
            case BriefingReport():
                self._observe_with_options(observation, now)
            case CountReport() if self.state.closed_at is None:
                self._number_closing_report(observation)
            case Numbered() if self.state.closed_at is None and self.state.counted is not None:
                self._close(self.state.counted, observation, now)
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

    def _number_closing_report(self, counted: CountReport) -> None:
        t = self.terms
        self.state.counted = counted
        wanted = ((self._closing_key(counted.at), t.documents.series),)
        self._outcome.effects.append(NumberDocuments(counted.at, year_of(t.calendar, counted.at), wanted))

    def _closing_key(self, at: datetime) -> str:
        return document_key(self.terms.campaign_id, "", "closing_report", 0, self.terms.calendar, at)

    def _close(self, counted: CountReport, numbered: Numbered, now: datetime) -> None:
        counts, documents = {"closed": counted.closed, "carried_over": counted.carried_over}, self.terms.documents
        n = numbered.numbers[self._closing_key(counted.at)]
        number = written(documents.language, documents.series, numbered.year, n)
        self._issue("", "closing_report", counts, counted.at, now, number=number)
        self.record_event(ev.CampaignClosed(**counts), counted.at, now, ENGINE)

    def _issue(
        self,
        city: str,
        kind: str,
        data: dict[str, Any],
        at: datetime,
        now: datetime,
        *,
        number: str,
        progress: Progress | None = None,
    ) -> None:
        t = self.terms
        key = document_key(t.campaign_id, city, kind, 0, t.calendar, at)
        self.record_event(ev.DocumentIssued(key=key, document=kind, rung=0, number=number), at, now, ENGINE)
        draft = DocumentDraft(
            key=key,
            city=city,
            kind=kind,
            rung=0,
            issued_at=at,
            data=data,
            number=number,
            progress=progress or Progress(),
        )
        self._outcome.documents.append(draft)

    def record_event(self, event: ev.Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        super().record_event(event, at, received_at, actor)
        for option in CAMPAIGN_OPTIONS:
            self._outcome.notices.extend(option.notices(self.terms, self.state, event, at))
        if isinstance(event, ev.PlanIssued | PlanAmended):
            for city in plan_amending.newly_issued(self.terms, self.state, event):
                terms = city_terms(self.terms, city, at, received_at)
                data = {
                    "receipt_due": terms.receipt_due.isoformat(),
                    "deployment_due": terms.deployment_due.isoformat(),
                    "clauses": {
                        name: one.model_dump(mode="json")
                        for name, one in named(receipt_due=terms.receipt, deployment_due=terms.deployment).items()
                    },
                }
                self._issue_plan(city.code, terms, data, at, received_at)

    def _issue_plan(self, code: str, city: CityTerms, data: dict[str, Any], at: datetime, now: datetime) -> None:
        """The plan bears its own number, which is the campaign's; its city signs for it."""
        clauses = named(receipt_due=city.receipt)
        awaited = Progress(units=(city.name,), receipt_due=city.receipt_due, clauses=clauses)
        self._issue(code, "plan_issue", data, at, now, number=self.terms.documents.plan_number, progress=awaited)

    def apply(self, event: ev.Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        never_issued = self.state.issued_at is None
        apply_event(self.state, event, at)
        plan_amending.apply_amendment(self.state, event, at)
        effects: list[Effect] = self._outcome.effects
        effects.extend(plan_amending.cities_to_amend(self.state, event, at))
        for option in CAMPAIGN_OPTIONS:
            option.apply(self.state, event, at)
            effects.extend(option.effects(event, at))
        match event:
            case ev.PlanIssued():
                effects.append(StartCities(at))
            case ev.CampaignStopped():
                if never_issued:
                    # Its sites are in the register: the cities start only to carry them over.
                    effects.append(StartCities(at))
                effects.append(StopCities(at, event.reason))
