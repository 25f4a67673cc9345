"""`CityAggregate`: a city receives the plan, deploys, opens its sites, issues one document per kind and dispatch day.

The desk never counts sites and never trusts a happy signal: what its sites have to say waits in Postgres and is
gathered at the dispatch hour of each working day, and once a day the desk looks for sites that lost their workflow.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from rules.aggregate import EventTime, Outcome
from rules.amendments.overlay import EffectiveTerms
from rules.authority import require_authority
from rules.calendar import dispatch_due, is_too_late, local_date
from rules.city import amendment as city_amending
from rules.city import patrol
from rules.city.dispatch import anything_goes_out, gathering
from rules.city.documents import CityDocuments, plan_key
from rules.city.facts import row_of_city, view_of_city
from rules.city.opinion import decide_deployment
from rules.city.patrol_apply import apply_patrol
from rules.city.state import CityState, apply_event, require_deployment
from rules.city.surveys import apply_survey, decide_survey, missed_surveys, next_of_surveys, note_opening, opening
from rules.documents.rules import DocumentCommand, decide_document, document_named, require_own_city
from rules.effects import (
    Effect,
    GatherNotices,
    NotifyCampaign,
    OpenSites,
    ReconcileSites,
    ReopenSites,
    SettleSites,
)
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import ENGINE, Actor
from schemas.amendments import AmendCity, SitesAmended, SitesAmendedReport
from schemas.answers import CityView
from schemas.city import CityTerms
from schemas.errors import Refused
from schemas.ledger import CityRow
from schemas.options.patrol import PatrolClosed
from schemas.options.reopening import ReopenedReport
from schemas.options.surveys import AddSurvey
from schemas.stages import Deployment
from schemas.streams import city_stream as city_stream
from schemas.work import Gathered, NotifiedReport, Numbered, ReconcileReport, SettledReport, SitesOpenedReport

_SETTLE_FIRST, _SETTLE_LAST = timedelta(minutes=1), timedelta(hours=6)
"""Between two passes over what is still open after the end, twice as long each time; five real seconds at least."""
_SETTLING = timedelta(days=3)
"""After this the desk dispatches even if a site has not settled."""

Observation = (
    SitesOpenedReport
    | Gathered
    | Numbered
    | NotifiedReport
    | ReconcileReport
    | SettledReport
    | ReopenedReport
    | SitesAmendedReport
)


class CityAggregate(CityDocuments):
    """One city: state + `advance()` + `observe()` + `next_due()` + `settled`."""

    events: ClassVar = {e.model_fields["kind"].default: e for e in ev.CITY_EVENTS}

    def __init__(self, terms: CityTerms, state: CityState | None = None) -> None:
        super().__init__(city_stream(terms.campaign_id, terms.code), state or CityState())
        self._effective = EffectiveTerms(terms)

    # -- what others ask -------------------------------------------------------------------------------------------

    @property
    def base(self) -> CityTerms:
        """The terms that it began with."""
        return self._effective.base

    @property
    def terms(self) -> CityTerms:
        """The terms that it began with, and what amendments have laid over them since."""
        return self._effective.with_overlay(self.state.overlay)

    @property
    def settled(self) -> bool:
        return self.state.settled_at is not None

    def row(self) -> CityRow:
        return row_of_city(self.terms, self.state)

    def view(self, now: datetime) -> CityView:
        return view_of_city(self.terms, self.state, now)

    def begin(self, now: datetime) -> None:
        """The first thing that happens to a desk is that the plan reaches it."""
        if not self.state.received:
            t = self.terms
            received = ev.PlanReceived(receipt_due=t.receipt_due, deployment_due=t.deployment_due)
            received.amendment = t.amendment
            self.record_event(received, t.issued_at, now, ENGINE)

    # -- commands --------------------------------------------------------------------------------------------------

    def event_time(self, command: cmd.Command, received_at: datetime) -> EventTime:
        """The event time within the tolerance, but not before the plan came, nor a decision before what it decides."""
        claimed, earliest = command.effective_at, self.terms.issued_at
        if isinstance(command, cmd.ApproveDeployment | cmd.ReturnDeployment):
            earliest = max(earliest, self.state.submitted_at or earliest)
        elif isinstance(command, DocumentCommand) and command.document is not None:
            earliest = max(earliest, self._since(command.document) or earliest)
        elif isinstance(command, patrol.PatrolCommand) and self.state.patrol is not None:
            earliest = max(earliest, self.state.patrol.began_at)
        if claimed < earliest or is_too_late(self.terms.calendar, claimed, received_at, self.terms.late_report):
            return EventTime(received_at, claimed)
        return super().event_time(command, received_at)

    def decide(self, command: cmd.Command, at: datetime) -> Iterator[ev.Event]:
        kind: str = command.kind
        require_authority(command.actor, kind, self.terms.units)
        if isinstance(command, DocumentCommand) and not self._signs_plan(command):
            if self.terms.papers is None:
                raise Refused(
                    f"{kind} of a document is not known in a campaign that began before documents had numbers"
                )
            if self.settled:
                raise Refused(f"{kind} is not allowed: the city's file is closed; allowed: nothing")
            yield from decide_document(self.state.papers, self.terms, command, at)
            return
        if isinstance(command, patrol.PatrolCommand):
            yield from patrol.decide_patrol(self.terms, self.state, command, at)
            return
        if self.state.ended_at is not None:
            raise Refused(f"{kind} is not allowed: {self.state.end_reason}; allowed: nothing")
        t = self.terms
        match command:
            case cmd.SignReceipt():
                if t.papers is not None:
                    require_own_city(t, command.actor)
                if self.state.receipt_signed_at is not None:
                    signed_on = local_date(t.calendar, self.state.receipt_signed_at)
                    raise Refused(f"the receipt was signed already, on {signed_on}")
                yield ev.ReceiptSigned()
            case cmd.SubmitDeployment() | cmd.ReturnDeployment() | cmd.ApproveDeployment():
                require_deployment(self.state.deployment, kind)
                yield decide_deployment(t, command, at)
            case AddSurvey():
                yield from decide_survey(t, self.state, command)
            case AmendCity():
                yield from city_amending.decide_amendment(self._effective.base, t, self.state, command, at)
            case cmd.Stop():
                yield ev.CampaignStopped(reason=command.reason)

    # -- deadlines -------------------------------------------------------------------------------------------------

    def next_due(self, now: datetime) -> datetime | None:
        found = self._next(now)
        return found[0] if found else None

    def run_deadlines(self, limit: datetime, now: datetime) -> None:
        while (found := self._next(now)) is not None and found[0] <= limit:
            at, what = found
            if isinstance(what, ev.Event):
                self.record_event(what, at, now, ENGINE)
            else:
                self._note_asked(what, at, now)
                self._outcome.effects.append(what)

    def _note_asked(self, effect: Effect, at: datetime, now: datetime) -> None:
        """An effect is asked for once; a desk that is started again from its ledger asks again."""
        s = self.state
        match effect:
            case OpenSites():
                note_opening(s, effect)
            case ReopenSites():
                patrol.note_reopening(s, effect)
            case SettleSites():
                wait = min(_SETTLE_FIRST * 2 ** min(s.settle_asked, 16), _SETTLE_LAST)
                s.settle_at = max(at, now) + max(wait, timedelta(seconds=5 * self.terms.clock.rate))
                s.settle_asked += 1
            case ReconcileSites():
                # After an outage one look stands for all that were missed.
                every = timedelta(days=self.terms.reconcile_every_days)
                s.last_reconciled = at + (now - at) // every * every
            case GatherNotices():
                s.last_dispatch = at

    def _next(self, now: datetime) -> tuple[datetime, ev.Event | Effect] | None:
        s, t = self.state, self.terms
        if self.settled or s.last_dispatch is None:
            return None
        found = list(self._next_while_running(now) if s.ended_at is None else self._next_after_the_end(s.ended_at))
        found.extend(self._next_of_documents(now))
        found.extend(patrol.next_of_patrol(t, s, now))
        running = s.opened and s.ended_at is None
        if s.waiting or running or s.sites_settled or anything_goes_out(s.papers):
            at = dispatch_due(t.calendar, s.last_dispatch, now)
            found.append((at, gathering(t, s, at)))
        elif s.opened and s.ended_at is not None:
            # A site that does not settle must not keep back what the others have to say.
            at = dispatch_due(t.calendar, max(s.last_dispatch, s.ended_at + _SETTLING), now)
            found.append((at, gathering(t, s, at)))
        return min(found, key=lambda pair: pair[0], default=None)

    def _next_while_running(self, now: datetime) -> Iterator[tuple[datetime, ev.Event | Effect]]:
        s, t = self.state, self.terms
        yield t.ends_at, ev.CampaignEnded()
        yield from self._next_of_conduct(now)
        if s.receipt_signed_at is None and not s.receipt_late:
            yield t.receipt_due, ev.ReceiptOverdue(due=t.receipt_due)
        awaited = s.deployment in (Deployment.AWAITED, Deployment.RETURNED)
        if awaited and s.deployment_due is not None and not s.deployment_late:
            yield s.deployment_due, ev.DeploymentOverdue(due=s.deployment_due)
        if s.deployment is Deployment.SUBMITTED and s.decision_due is not None and not s.decision_late:
            yield s.decision_due, ev.DecisionOverdue(due=s.decision_due)
        if s.approved_at is not None and not s.opened and not s.opening:
            yield s.approved_at, OpenSites(s.approved_at)
        yield from next_of_surveys(s)
        if s.opened and s.last_reconciled is not None:
            at = s.last_reconciled + timedelta(days=t.reconcile_every_days)
            yield at, ReconcileSites(at)

    def _next_after_the_end(self, ended_at: datetime) -> Iterator[tuple[datetime, ev.Event | Effect]]:
        s = self.state
        if not s.sites_settled:
            reason = s.end_reason or "the campaign ended"
            yield s.settle_at or ended_at, SettleSites(ended_at, reason, again=s.settle_asked > 0)

    # -- what the shell brings back --------------------------------------------------------------------------------

    def observe(self, observation: Observation, now: datetime) -> Outcome:
        """Take in the result of an effect; the same result again changes nothing."""
        s = self.state
        match observation:
            case SitesOpenedReport():
                for event, at in opening(s, observation, now):
                    self.record_event(event, at, now, ENGINE)
            case Gathered() if s.dispatched_at is None or s.dispatched_at < observation.at:
                for told in patrol.of_dispatch(self.terms, s, observation):
                    self.record_event(told, observation.at, now, ENGINE)
                if self.terms.papers is None:
                    self._dispatch(observation, now)
                else:
                    self._draft_and_number(observation, now)
            case Numbered() if s.issuing and s.issuing_at == observation.at:
                self._issue_numbered(observation, now)
            case ReconcileReport():
                if observation.restarted and s.reconciled_at != observation.at:
                    self.record_event(ev.Reconciled(restarted=observation.restarted), observation.at, now, ENGINE)
                for heard in missed_surveys(self.terms, s, observation):
                    self.record_event(heard, observation.at, now, ENGINE)
            case SitesAmendedReport() if observation.amendment > s.sites_amended:
                told = SitesAmended(amendment=observation.amendment, told=observation.told)
                self.record_event(told, now, now, ENGINE)
            case SettledReport() if not s.sites_settled and not observation.open:
                settled = ev.SitesSettled(closed=observation.closed, carried_over=observation.carried_over)
                # At the end all sites settle at one midnight; at a stop one by one, as they hear of it.
                at = observation.at if observation.at >= self.terms.ends_at else max(observation.at, now)
                self.record_event(settled, at, now, ENGINE)
                self._withdraw_drafts(at, now)
            case SettledReport():
                for over in patrol.after_settling(s, observation):
                    self.record_event(over, observation.at, now, ENGINE)
                    self._withdraw_drafts(observation.at, now)
            case ReopenedReport():
                for reopened in patrol.after_reopening(s, observation):
                    self.record_event(reopened, observation.at, now, ENGINE)
            case _:
                pass
        outcome, self._outcome = self._outcome, Outcome()
        return outcome

    def _since(self, document: str) -> datetime | None:
        try:
            return document_named(self.state.papers, self.terms.campaign_id, document).since
        except Refused:
            return None

    def apply(self, event: ev.Event, at: datetime, actor: Actor) -> None:
        apply_event(self.state, event, at)
        city_amending.apply_amendment(self.state, event, at, self.terms)
        self._outcome.effects.extend(city_amending.sites_to_amend(self.state, event, at))
        apply_survey(self.terms, self.state, event, at)
        self._apply_to_papers(event, at, actor)
        apply_patrol(self.terms, self.stream, self.state, event, at)
        if isinstance(event, ev.CityClosed | PatrolClosed):
            self._outcome.effects.append(NotifyCampaign(at, patrol=isinstance(event, PatrolClosed)))

    def _signs_plan(self, command: cmd.Command) -> bool:
        """Whether it is the plan that is signed for: named by nothing, by its number, or by its key."""
        if not isinstance(command, cmd.SignReceipt):
            return False
        t = self.terms
        number = t.papers.plan_number if t.papers is not None else None
        key = plan_key(t)
        return command.document is None or command.document in (number, key, key.removeprefix(f"{t.campaign_id}/"))
