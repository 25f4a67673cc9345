"""`CityDesk`: a city receives the plan, deploys, opens its sites, and issues one document per kind and dispatch day.

The desk never counts sites and never trusts a happy signal: what its sites have to say waits in Postgres and is
gathered at the dispatch hour of each working day, and once a day the desk looks for sites that lost their workflow.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from rules.authority import require_authority
from rules.calendar import clause_end, dispatch_due
from rules.city_state import CityState, Deployment, applied, require_deployment
from rules.core import Core, Outcome, Reading
from rules.documents import document_key
from rules.effects import GatherNotices, OpenSites, ReconcileSites, SettleSites, TellCampaign
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import ENGINE, Actor
from schemas.answers import CityView
from schemas.errors import Refused
from schemas.ledger import CityRow, DocumentDraft
from schemas.terms import CityTerms
from schemas.work import Gathered, ReconcileReport, SettledReport, SitesOpenedReport

Observation = SitesOpenedReport | Gathered | ReconcileReport | SettledReport


def city_stream(campaign_id: str, code: str) -> str:
    """The workflow id and ledger stream of a city."""
    return f"city/{campaign_id}/{code}"


class CityDesk(Core[CityState]):
    """One city: state + `advance()` + `observe()` + `next_due()` + `settled`."""

    events: ClassVar = {e.model_fields["kind"].default: e for e in ev.CITY_EVENTS}

    def __init__(self, terms: CityTerms, state: CityState | None = None) -> None:
        super().__init__(city_stream(terms.campaign_id, terms.code), state or CityState())
        self.terms = terms

    # -- what others ask -------------------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        return self.state.settled_at is not None

    def row(self) -> CityRow:
        s = self.state
        return CityRow(
            code=self.terms.code,
            seq=s.seq,
            deployment=s.deployment,
            deployment_due=s.deployment_due,
            submitted_at=s.submitted_at,
            receipt_signed_at=s.receipt_signed_at,
            opened=s.opened,
            settled=self.settled,
        )

    def view(self, now: datetime) -> CityView:
        s = self.state
        return CityView(
            campaign_id=self.terms.campaign_id,
            code=self.terms.code,
            name=self.terms.name,
            deployment=s.deployment,
            receipt_signed_at=s.receipt_signed_at,
            submitted_at=s.submitted_at,
            due=s.deployment_due,
            opened=s.opened,
            settled=self.settled,
            documents=s.documents,
            as_of=now,
            refused=tuple(s.refusals),
        )

    def begin(self, now: datetime) -> None:
        """The first thing that happens to a desk is that the plan reaches it."""
        if not self.state.received:
            t = self.terms
            received = ev.PlanReceived(receipt_due=t.receipt_due, deployment_due=t.deployment_due)
            self.happen(received, t.issued_at, now, ENGINE)

    # -- commands --------------------------------------------------------------------------------------------------

    def reading(self, command: cmd.Command, received_at: datetime) -> Reading:
        """The event time, unless it lies in the future or before the plan reached the city."""
        if command.effective_at < self.terms.issued_at:
            return Reading(received_at, command.effective_at)
        return super().reading(command, received_at)

    def decide(self, command: cmd.Command, at: datetime) -> Iterator[ev.Event]:
        kind: str = command.kind  # type: ignore[attr-defined]
        require_authority(command.actor, kind)
        if self.state.ended_at is not None:
            raise Refused(f"{kind} is not allowed: {self.state.end_reason}; allowed: nothing")
        t = self.terms
        match command:
            case cmd.SignReceipt():
                if self.state.receipt_signed_at is not None:
                    raise Refused(f"the receipt was signed already, on {self.state.receipt_signed_at:%Y-%m-%d}")
                yield ev.ReceiptSigned()
            case cmd.SubmitDeployment():
                require_deployment(self.state.deployment, kind)
                yield ev.DeploymentSubmitted(
                    opinion=command.opinion,
                    points=command.points,
                    requirements=command.requirements,
                    decision_due=clause_end(t.calendar, at, t.deployment_decision),
                )
            case cmd.ReturnDeployment():
                require_deployment(self.state.deployment, kind)
                yield ev.DeploymentReturned(reason=command.reason, due=clause_end(t.calendar, at, t.deployment))
            case cmd.ApproveDeployment():
                require_deployment(self.state.deployment, kind)
                yield ev.DeploymentApproved()
            case cmd.Stop():
                yield ev.CampaignStopped(reason=command.reason)

    # -- deadlines -------------------------------------------------------------------------------------------------

    def next_due(self, now: datetime) -> datetime | None:
        found = self._next(now)
        return found[0] if found else None

    def fire_until(self, limit: datetime, now: datetime) -> None:
        while (found := self._next(now)) is not None and found[0] <= limit:
            at, what = found
            if isinstance(what, ev.Event):
                self.happen(what, at, now, ENGINE)
            elif isinstance(what, ReconcileSites):
                # After an outage one look stands for all that were missed.
                every = timedelta(days=self.terms.reconcile_every_days)
                self.state.last_reconciled = at + (now - at) // every * every
                self._outcome.effects.append(what)
            else:
                self.state.last_dispatch = at
                self._outcome.effects.append(what)

    def _next(self, now: datetime) -> tuple[datetime, ev.Event | ReconcileSites | GatherNotices] | None:
        s, t = self.state, self.terms
        if self.settled or s.last_dispatch is None:
            return None
        found: list[tuple[datetime, ev.Event | ReconcileSites | GatherNotices]] = []
        if s.ended_at is None:
            found.append((t.ends_at, ev.CampaignEnded()))
            if s.receipt_signed_at is None and not s.receipt_late:
                found.append((t.receipt_due, ev.ReceiptOverdue(due=t.receipt_due)))
            awaited = s.deployment in (Deployment.AWAITED, Deployment.RETURNED)
            if awaited and s.deployment_due is not None and not s.deployment_late:
                found.append((s.deployment_due, ev.DeploymentOverdue(due=s.deployment_due)))
            if s.deployment is Deployment.SUBMITTED and s.decision_due is not None and not s.decision_late:
                found.append((s.decision_due, ev.DecisionOverdue(due=s.decision_due)))
            if s.opened and s.last_reconciled is not None:
                at = s.last_reconciled + timedelta(days=t.reconcile_every_days)
                found.append((at, ReconcileSites(at)))
        if s.waiting or (s.opened and s.ended_at is None) or s.sites_settled:
            at = dispatch_due(t.calendar, s.last_dispatch, now)
            found.append((at, GatherNotices(at)))
        return min(found, key=lambda pair: pair[0], default=None)

    # -- what the shell brings back --------------------------------------------------------------------------------

    def observe(self, observation: Observation, now: datetime) -> Outcome:
        """Take in the result of an effect; the same result again changes nothing."""
        s = self.state
        match observation:
            case SitesOpenedReport() if not s.opened:
                opened = ev.SitesOpened(sites=observation.sites, due=observation.due)
                self.happen(opened, s.approved_at or now, now, ENGINE)
            case Gathered() if s.dispatched_at != observation.at:
                self._dispatch(observation, now)
            case ReconcileReport() if observation.restarted and s.reconciled_at != observation.at:
                self.happen(ev.Reconciled(restarted=observation.restarted), observation.at, now, ENGINE)
            case SettledReport() if not s.sites_settled:
                settled = ev.SitesSettled(closed=observation.closed, carried_over=observation.carried_over)
                # At the end all sites settle at one midnight; at a stop one by one, as they hear of it.
                at = observation.at if observation.at >= self.terms.ends_at else max(observation.at, now)
                self.happen(settled, at, now, ENGINE)
            case _:
                pass
        outcome, self._outcome = self._outcome, Outcome()
        return outcome

    def _dispatch(self, gathered: Gathered, now: datetime) -> None:
        waiting, issued = [n for n in self.state.waiting if n.at is None or n.at <= gathered.at], 0
        for notice in waiting:
            self._issue(notice.kind, 0, (), notice.data, gathered.at, now)
            issued += 1
        for lot in gathered.lots:
            self._issue(lot.kind, lot.rung, lot.sites, {}, gathered.at, now)
            issued += 1
        if issued:
            self.happen(ev.Dispatched(documents=issued), gathered.at, now, ENGINE)
        if self.state.sites_settled and not self.settled:
            self.happen(ev.CityClosed(), gathered.at, now, ENGINE)

    def _issue(
        self, kind: str, rung: int, sites: tuple[str, ...], data: dict[str, Any], at: datetime, now: datetime
    ) -> None:
        t = self.terms
        key = document_key(t.campaign_id, t.code, kind, rung, t.calendar, at)
        if any(d.key == key for d in self._outcome.documents):
            return
        self.happen(ev.DocumentIssued(key=key, document=kind, rung=rung, sites=sites), at, now, ENGINE)
        self._outcome.documents.append(
            DocumentDraft(key=key, city=t.code, kind=kind, rung=rung, issued_at=at, sites=sites, data=data)
        )

    def apply(self, event: ev.Event, at: datetime, actor: Actor) -> None:
        applied(self.state, event, at)
        s, effects = self.state, self._outcome.effects
        match event:
            case ev.DeploymentApproved():
                effects.append(OpenSites(at))
            case ev.CampaignEnded() | ev.CampaignStopped():
                effects.append(SettleSites(at, s.end_reason or "the campaign ended"))
            case ev.CityClosed():
                effects.append(TellCampaign(at))
            case _:
                pass
