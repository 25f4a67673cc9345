"""How the city's own events change its state; each option applies its events itself."""

from datetime import datetime
from typing import Any

from rules.amendments.ends import CAMPAIGN_ENDED
from rules.city.deployment_table import COMMANDS_OF, DEPLOYMENT
from rules.city.notices import cancel_notices, put_notice
from rules.city.state import CityNotice, CityState
from schemas import events as ev
from schemas.calendar import named
from schemas.documents.events import DocumentDrafted, UnitClimbed


def apply_event(state: CityState, event: ev.Event, at: datetime, received_at: datetime) -> None:
    """Apply one event to the state, in place. KeyError if the deployment table does not have the transition.

    Clauses count from `received_at`, when the engine heard of the event.
    """
    kind: str = event.kind
    if kind in COMMANDS_OF.values():
        state.deployment = DEPLOYMENT[state.deployment, kind]
        _apply_to_deployment(state, event, at, received_at)
    match event:
        case ev.PlanReceived():
            state.received = True
            state.amendment = event.amendment
            state.deployment_due = event.deployment_due
            state.clauses = named(deployment_due=event.clauses.get("deployment_due"))
            state.last_dispatch = state.last_reconciled = at
        case ev.ReceiptSigned():
            state.receipt_signed_at = at
        case ev.ReceiptOverdue():
            state.receipt_late = True
            _notify(state, "receipt_overdue", at, event)
        case ev.DeploymentOverdue():
            state.deployment_late = True
            _notify(state, "deployment_overdue", at, event)
        case ev.DecisionOverdue():
            state.decision_late = True
            _notify(state, "decision_overdue", at, event)
        case ev.SitesOpened():
            state.opened = True
            state.last_reconciled = at
            if event.sites or not event.by_county:
                varied = [one.model_dump(mode="json") for one in event.varied]
                _notify(state, "rectification_notice", at, event, sites=event.sites, varied=varied)
        case ev.CampaignEnded():
            state.ended_at, state.end_reason = at, CAMPAIGN_ENDED
        case ev.CampaignStopped():
            state.ended_at, state.end_reason = at, f"the campaign was stopped: {event.reason}"
        case ev.SitesSettled():
            state.sites_settled = True
            state.last_dispatch = max(state.last_dispatch or at, at)  # one more dispatch, with the last notices
        case ev.CityClosed():
            state.settled_at = at
        case ev.Reconciled():
            state.last_reconciled = max(state.last_reconciled or at, at)
            state.reconciled_at = at
        case UnitClimbed():
            state.conduct = [*state.conduct, conduct_key(event.conduct, event.due)]
            _notify(state, event.conduct, at, event, instrument=event.instrument)
        case _:
            _apply_to_dispatch(state, event, at)


def _apply_to_deployment(state: CityState, event: ev.Event, at: datetime, received_at: datetime) -> None:
    match event:
        case ev.DeploymentSubmitted():
            state.submitted_at = at
            state.versions += 1
            state.decision_due, state.decision_due_since, state.decision_late = event.decision_due, received_at, False
            state.clauses = {**state.clauses, **event.clauses}
        case ev.DeploymentReturned():
            state.deployment_due, state.deployment_due_since, state.deployment_late = event.due, received_at, False
            state.clauses = {**state.clauses, **named(deployment_due=event.clauses.get("due"))}
            state.returned_at = at
            state.returns += 1
            state.decision_due = None
            _notify(state, "deployment_returned", at, event, reason=event.reason)
        case ev.DeploymentApproved():
            state.approved_at, state.approval_heard_at = at, received_at
            state.decision_due = None
            _notify(state, "deployment_approved", at)


def _apply_to_dispatch(state: CityState, event: ev.Event, at: datetime) -> None:
    match event:
        case ev.DocumentIssued():
            state.documents_issued += 1
        case DocumentDrafted(document=kind, rung=rung):
            cancel_notices(state, lambda notice: (notice.kind, notice.rung) == (kind, rung))
        case ev.Dispatched():
            state.last_dispatch = max(state.last_dispatch or at, at)  # its sites may have settled while it was numbered
            state.dispatched_at = at
            state.issuing = []  # also where an attempt that was cut off had issued it
            cancel_notices(state, lambda notice: notice.at <= at)


def conduct_key(conduct: str, due: datetime) -> str:
    """Once for the plan's receipt, once for each deadline of a deployment."""
    return conduct if conduct == "no_receipt" else f"{conduct}:{due.isoformat()}"


def _notify(state: CityState, kind: str, at: datetime, event: ev.Event | None = None, **data: Any) -> None:
    """Put a notice; with the deadline of the event, if one is given, and the clause of that."""
    due: datetime | None = getattr(event, "due", None)
    if event is not None and due is not None:
        data["due"] = due.isoformat()
        data["clauses"] = {name: one.model_dump(mode="json") for name, one in event.clauses.items()}
    put_notice(state, CityNotice(kind=kind, data=data, at=at))
