"""`CityAggregate`: a city receives the plan, deploys, opens its sites, issues one document per kind and dispatch day.

The city never counts sites and never relies on their messages alone: notices of its sites are kept in Postgres and
gathered at the dispatch hour of each working day, and once a day it looks for sites that lost their workflow.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from rules.aggregate import Aggregate, EventTime, Outcome, Question, TimeLimits
from rules.amendments.overlay import EffectiveTerms
from rules.authority import require_authority
from rules.calendar import clause_end, local_date
from rules.city import amendment as city_amending
from rules.city.apply import apply_event
from rules.city.deadlines import next_deadline, note_asked
from rules.city.deployment import DeploymentCommand, decide_deployment, deployment_question
from rules.city.documents import CityDocuments, plan_key
from rules.city.facts import row_of_city, view_of_city
from rules.city.options.counties.opening import counties_apart
from rules.city.options.registry import CITY_OPTIONS
from rules.city.state import CityState
from rules.documents.rules import (
    DocumentCommand,
    decide_document,
    document_named,
    document_question,
    require_own_city,
)
from rules.effects import NotifyCampaign
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import ENGINE, Actor
from schemas.amendments import AmendCity, SitesAmended, SitesAmendedReport
from schemas.answers import CityView
from schemas.calendar import named
from schemas.city import CityTerms
from schemas.errors import Refused
from schemas.ledger import CityRow
from schemas.options.standstill import SitesToldReport
from schemas.reopening import ReopenedReport
from schemas.streams import city_stream
from schemas.work import Gathered, NotifiedReport, Numbered, ReconcileReport, SettledReport, SitesOpenedReport

Observation = (
    SitesOpenedReport
    | Gathered
    | Numbered
    | NotifiedReport
    | ReconcileReport
    | SettledReport
    | ReopenedReport
    | SitesAmendedReport
    | SitesToldReport
)


class CityAggregate(Aggregate[CityState]):
    """One city: state + `advance()` + `observe()` + `next_due()` + `settled`."""

    events: ClassVar = ev.CITY_EVENTS

    def __init__(self, terms: CityTerms, state: CityState | None = None) -> None:
        super().__init__(city_stream(terms.campaign_id, terms.code), state or CityState())
        self._effective = EffectiveTerms(terms)
        self._documents = CityDocuments(self)

    # -- queries ---------------------------------------------------------------------------------------------------

    @property
    def base(self) -> CityTerms:
        """The terms that it began with."""
        return self._effective.base

    @property
    def terms(self) -> CityTerms:
        """The terms that are in force: those it began with, under its amendments."""
        return self._effective.with_overlay(self.state.overlay)

    @property
    def outcome(self) -> Outcome:
        """What the present call has brought about so far."""
        return self._outcome

    @property
    def settled(self) -> bool:
        return self.state.settled_at is not None

    def row(self) -> CityRow:
        return row_of_city(self.terms, self.state)

    def view(self, now: datetime) -> CityView:
        return view_of_city(self.terms, self.state, now)

    def unit_names(self) -> Iterator[str]:
        yield from self.terms.units.names()
        for units in self.terms.documents.levels.values():
            yield from units
        for unit in self.terms.counties.units if self.terms.counties is not None else ():
            yield from unit.units

    def begin(self, now: datetime) -> None:
        """The first event of a city: the plan reaches it. What was due before it could know is due counted from now."""
        if not self.state.received:
            t = self.terms
            late = t.issued_at < now < t.ends_at
            received = ev.PlanReceived(
                receipt_due=clause_end(t.calendar, now, t.receipt) if late and t.receipt_due <= now else t.receipt_due,
                deployment_due=clause_end(t.calendar, now, t.deployment)
                if late and t.deployment_due <= now
                else t.deployment_due,
            )
            received.amendment = t.amendment
            received.clauses = named(receipt_due=t.receipt, deployment_due=t.deployment)
            self.record_event(received, t.issued_at, now, ENGINE)

    # -- commands --------------------------------------------------------------------------------------------------

    @property
    def time_limits(self) -> TimeLimits:
        terms = self.terms
        return TimeLimits(terms.calendar, Question(terms.issued_at, "the plan was issued"), terms.late_report)

    def answers(self, command: cmd.Command) -> Question | None:
        if isinstance(command, DeploymentCommand):
            return deployment_question(self.state, isinstance(command, cmd.SubmitDeployment))
        if isinstance(command, DocumentCommand) and not self._signs_plan(command):
            return self._document_question(command)
        option = CITY_OPTIONS.owner_of(command.kind)
        return option.answers(self.state, command) if option is not None else None

    def _document_question(self, command: DocumentCommand) -> Question | None:
        try:
            return document_question(
                document_named(self.state.documents, self.terms.campaign_id, command.document or "")
            )
        except Refused:
            return None

    def decide(self, command: cmd.Command, when: EventTime) -> Iterator[ev.Event]:
        kind: str = command.kind
        option = CITY_OPTIONS.owner_of(kind)
        units = self.terms.units if option is None else option.units(self.terms, self.state, command)
        require_authority(command.actor, kind, units)
        if isinstance(command, DocumentCommand) and not self._signs_plan(command):
            yield from self._decide_document(command, kind, when)
        elif option is not None:
            if not option.after_the_end:
                self._require_running(kind)
            for other in CITY_OPTIONS.having("check_command"):
                other.check_command(self.terms, self.state, command, when)
            yield from option.decide(self.terms, self.state, command, when)
        else:
            if not city_amending.comes_in_time(self.base, self.state, command):
                self._require_running(kind)
            yield from self._decide_own(command, when)

    def _decide_document(self, command: DocumentCommand, kind: str, when: EventTime) -> Iterator[ev.Event]:
        if self.settled:
            raise Refused(f"{kind} is not allowed: the city's file is closed; allowed: nothing")
        yield from decide_document(self.state.documents, self.terms, command, when)

    def _require_running(self, kind: str) -> None:
        if self.state.ended_at is not None:
            raise Refused(f"{kind} is not allowed: {self.state.end_reason}; allowed: nothing")

    def _decide_own(self, command: cmd.Command, when: EventTime) -> Iterator[ev.Event]:
        s, t = self.state, self.terms
        match command:
            case cmd.SignReceipt():
                require_own_city(t, command.actor)
                if s.receipt_signed_at is not None:
                    signed_on = local_date(t.calendar, s.receipt_signed_at)
                    raise Refused(f"the receipt was signed already, on {signed_on}")
                yield ev.ReceiptSigned()
            case cmd.SubmitDeployment() | cmd.ReturnDeployment() | cmd.ApproveDeployment():
                yield decide_deployment(t, s.deployment, command, when)
            case AmendCity():
                yield from city_amending.decide_amendment(self.base, t, s, command, when.heard_at)
            case cmd.Stop():
                yield ev.CampaignStopped(reason=command.reason)

    def _signs_plan(self, command: cmd.Command) -> bool:
        """Whether it is the plan that is signed for: named by nothing, by its number, or by its key."""
        if not isinstance(command, cmd.SignReceipt):
            return False
        t = self.terms
        key = plan_key(t)
        return command.document in (None, t.documents.plan_number, key, key.removeprefix(f"{t.campaign_id}/"))

    # -- deadlines -------------------------------------------------------------------------------------------------

    def next_due(self, now: datetime) -> datetime | None:
        found = next_deadline(self.terms, self.state, now)
        return found[0] if found else None

    def run_deadlines(self, limit: datetime, now: datetime) -> None:
        while (found := next_deadline(self.terms, self.state, now)) is not None and found[0] <= limit:
            at, what = found
            if isinstance(what, ev.Event):
                self.record_event(what, at, now, ENGINE)
            else:
                note_asked(self.terms, self.state, what, at, now)
                self._outcome.effects.append(what)

    # -- results of effects ----------------------------------------------------------------------------------------

    def observe(self, observation: Observation, now: datetime) -> Outcome:
        """Take in the result of an effect; the same result again changes nothing."""
        s = self.state
        match observation:
            case Gathered() if s.dispatched_at is None or s.dispatched_at < observation.at:
                self._dispatch(observation, now)
            case Numbered() if s.issuing and s.issuing_at == observation.at:
                self._documents.issue(observation, now)
                self._close_when_quiet(observation.at, now)
            case SettledReport():
                if self._observe_settled(observation, now):
                    self._documents.withdraw_drafts(observation.at, now)
            case _:
                self._observe_own(observation, now)
                self._observe_with_options(observation, now)
        outcome, self._outcome = self._outcome, Outcome()
        return outcome

    def _observe_own(self, observation: Observation, now: datetime) -> None:
        s = self.state
        match observation:
            case SitesOpenedReport(survey=None, county=None) if not s.opened:
                opened = ev.SitesOpened(
                    sites=observation.sites,
                    due=observation.due,
                    by_county=bool(counties_apart(self.terms)),
                    varied=observation.varied,
                    clauses=observation.clauses,
                )
                self.record_event(opened, s.opens_at or now, now, ENGINE)
            case ReconcileReport() if observation.restarted and s.reconciled_at != observation.at:
                self.record_event(ev.Reconciled(restarted=observation.restarted), observation.at, now, ENGINE)
            case SitesAmendedReport() if observation.amendment > s.sites_amended:
                told = SitesAmended(amendment=observation.amendment, told=observation.told)
                self.record_event(told, now, now, ENGINE)
            case _:
                pass

    def _observe_settled(self, report: SettledReport, now: datetime) -> bool:
        """Whether the sites are settled by this report; after that no draft of a rung is issued."""
        if self.state.ended_at is None or self.state.sites_settled or report.open:
            return self._observe_with_options(report, now)
        settled = ev.SitesSettled(closed=report.closed, carried_over=report.carried_over)
        # At the end all sites settle at one midnight; at a stop one by one, when they receive it.
        at = report.at if report.at >= self.terms.ends_at else max(report.at, now)
        self.record_event(settled, at, now, ENGINE)
        return True

    def _observe_with_options(self, observation: Observation, now: datetime) -> bool:
        """Whether anything follows."""
        before = self.state.seq
        for option in CITY_OPTIONS:
            for event, at in option.observe(self.terms, self.state, observation, now):
                self.record_event(event, at, now, ENGINE)
        return self.state.seq > before

    def _dispatch(self, gathered: Gathered, now: datetime) -> None:
        for option in CITY_OPTIONS:
            for event in option.of_dispatch(self.terms, self.state, gathered, now):
                self.record_event(event, gathered.at, now, ENGINE)
        self._documents.draft_and_number(gathered, now)
        self._close_when_quiet(gathered.at, now)

    def _close_when_quiet(self, at: datetime, now: datetime) -> None:
        """After the end the city stays for what its last documents ask for, until nothing is due any more.

        A dispatch that was under way when its sites settled has not gathered their last notices: one more follows.
        """
        s, t = self.state, self.terms
        if not s.sites_settled or self.settled or s.issuing or (s.last_dispatch or at) > at:
            return
        quiet = self._documents.quiet
        kept = (option.closing(t, s, at, now, quiet) for option in CITY_OPTIONS)
        events = next((found for found in kept if found is not None), [ev.CityClosed()] if quiet else [])
        for event in events:
            self.record_event(event, at, now, ENGINE)

    # -- applying --------------------------------------------------------------------------------------------------

    def apply(self, event: ev.Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        s, t, effects = self.state, self.terms, self._outcome.effects
        apply_event(s, event, at, received_at)
        if isinstance(event, ev.PlanReceived):
            if event.receipt_due != t.receipt_due:
                s.overlay = {**s.overlay, "receipt_due": event.receipt_due.isoformat()}
            if event.deployment_due != t.deployment_due:
                s.deployment_due_since = received_at
        city_amending.apply_amendment(s, event, at, t)
        effects.extend(city_amending.sites_to_amend(s, event, at))
        self._documents.apply(event, at, actor)
        for option in CITY_OPTIONS:
            option.apply(self.terms, s, event, at, received_at)
            effects.extend(option.effects(self.terms, event, at))
        if isinstance(event, ev.CityClosed):
            told = cmd.CitySettled(command_id=f"{self.stream}:settled", actor=ENGINE, effective_at=at, code=t.code)
            effects.append(NotifyCampaign(at, told))
