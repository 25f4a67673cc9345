"""A city's state, the transitions of its deployment, and how its events are applied."""

from datetime import datetime
from typing import Any

from rules.aggregate import AggregateState
from rules.city.patrol_state import PatrolState
from rules.documents.state import PlannedDocument, TrackedDocument
from schemas import events as ev
from schemas.base import Instant, StoredModel
from schemas.documents.events import DocumentDrafted, UnitClimbed
from schemas.errors import Refused
from schemas.stages import CityStage, Deployment


class SurveyState(StoredModel):
    """From when the desk heard of it until its sites run. `sites` are those of the city."""

    digest: str
    added_at: Instant
    sites: int
    newly_found: int = 0
    missed: int = 0
    opening: bool = False
    """Whether the opening of its sites has been asked for."""
    opened_at: Instant | None = None
    """From when the deadline of its sites counts."""


_A, _S, _R, _OK = Deployment.AWAITED, Deployment.SUBMITTED, Deployment.RETURNED, Deployment.APPROVED


DEPLOYMENT: dict[tuple[Deployment, str], Deployment] = {
    (_A, "deployment_submitted"): _S,
    (_R, "deployment_submitted"): _S,
    (_S, "deployment_submitted"): _S,
    (_S, "deployment_returned"): _R,
    (_S, "deployment_approved"): _OK,
}
"""(deployment, event) -> deployment. A submission may be replaced until it is decided."""


COMMANDS_OF: dict[str, str] = {
    "submit_deployment": "deployment_submitted",
    "return_deployment": "deployment_returned",
    "approve_deployment": "deployment_approved",
}


def require_deployment(deployment: Deployment, command: str) -> None:
    """Raises Refused, naming state, command and what is allowed."""
    if (deployment, COMMANDS_OF[command]) in DEPLOYMENT:
        return
    allowed = [c for c, kind in COMMANDS_OF.items() if (deployment, kind) in DEPLOYMENT]
    raise Refused(
        f"{command} is not allowed while the deployment is {deployment}; allowed: {', '.join(allowed) or 'nothing'}"
    )


class CityNotice(StoredModel):
    """A document of the desk itself that waits for the next dispatch."""

    kind: str
    data: dict[str, Any] = {}
    at: Instant | None = None
    """When it arose: no document is dated before what it reports."""
    rung: int = 0
    key: str | None = None
    """The document's key, where kind, rung and day do not tell it apart."""
    answers: str | None = None
    approver: str | None = None


ENDED = "the campaign ended"
"""The `end_reason` of a city whose campaign was not stopped."""


class CityState(AggregateState):
    """Everything a city's desk remembers."""

    received: bool = False
    deployment: Deployment = Deployment.AWAITED
    receipt_signed_at: Instant | None = None
    receipt_late: bool = False
    submitted_at: Instant | None = None
    approved_at: Instant | None = None
    deployment_due: Instant | None = None
    deployment_late: bool = False
    decision_due: Instant | None = None
    decision_late: bool = False
    opening: bool = False
    """Whether the opening of the sites has been asked for."""
    opened: bool = False
    versions: int = 0
    """How many versions of its deployment the city submitted; `returns` of them the province sent back."""
    returns: int = 0
    returned_at: Instant | None = None
    """When the deployment was sent back last: its new deadline counts from then."""
    amendment: int = 0
    """The newest amendment that the desk knows; `overlay` is what it lays over the terms."""
    overlay: dict[str, Any] = {}
    sites_amended: int = 0
    """The newest amendment of which its sites were told."""
    surveys: dict[str, SurveyState] = {}
    """The surveys that added sites to the city's register, by id."""
    waiting: list[CityNotice] = []
    last_dispatch: Instant | None = None
    """The dispatch hour that was gathered last, with or without documents."""
    dispatched_at: Instant | None = None
    """The dispatch that issued documents last."""
    last_reconciled: Instant | None = None
    reconciled_at: Instant | None = None
    ended_at: Instant | None = None
    end_reason: str | None = None
    settle_at: Instant | None = None
    settle_asked: int = 0
    sites_settled: bool = False
    documents: int = 0
    papers: dict[str, TrackedDocument] = {}
    """The documents under which something is still asked for, by key."""
    issuing: list[PlannedDocument] = []
    """What goes out with the dispatch of `issuing_at`, as soon as it is numbered."""
    issuing_at: Instant | None = None
    conduct: list[str] = []
    """What the unit's own conduct has brought about: `no_receipt`, and `no_deployment:` with its deadline."""
    patrol: PatrolState | None = None
    """From its begin, where the plan has one."""
    settled_at: Instant | None = None

    @property
    def nothing_climbs(self) -> bool:
        """Whether no site will climb any more, whatever is issued still."""
        return self.sites_settled and (self.patrol is None or self.patrol.settled or self.patrol.closed_at is not None)


def apply_event(state: CityState, event: ev.Event, at: datetime) -> None:
    """Fold one event into the state, in place. KeyError if the deployment table does not have the transition."""
    kind: str = event.kind
    if kind in COMMANDS_OF.values():
        state.deployment = DEPLOYMENT[state.deployment, kind]
    match event:
        case ev.PlanReceived():
            state.received = True
            state.amendment = event.amendment
            state.deployment_due = event.deployment_due
            state.last_dispatch = state.last_reconciled = at
        case ev.ReceiptSigned():
            state.receipt_signed_at = at
        case ev.ReceiptOverdue():
            state.receipt_late = True
            _wait(state, "receipt_overdue", at, due=event.due)
        case ev.DeploymentSubmitted():
            state.submitted_at = at
            state.versions += 1
            state.decision_due, state.decision_late = event.decision_due, False
        case ev.DeploymentReturned():
            state.deployment_due, state.deployment_late = event.due, False
            state.returned_at = at
            state.returns += 1
            state.decision_due = None
            _wait(state, "deployment_returned", at, due=event.due, reason=event.reason)
        case ev.DeploymentApproved():
            state.approved_at = at
            state.decision_due = None
            _wait(state, "deployment_approved", at)
        case ev.DeploymentOverdue():
            state.deployment_late = True
            _wait(state, "deployment_overdue", at, due=event.due)
        case ev.DecisionOverdue():
            state.decision_late = True
            _wait(state, "decision_overdue", at, due=event.due)
        case ev.SitesOpened():
            state.opened = True
            state.last_reconciled = at
            _wait(state, "rectification_notice", at, sites=event.sites, due=event.due)
        case ev.DocumentIssued():
            state.documents += 1
        case DocumentDrafted():
            state.waiting = [n for n in state.waiting if (n.kind, n.rung) != (event.document, event.rung)]
        case ev.Dispatched():
            state.last_dispatch = state.dispatched_at = at
            state.issuing = []  # also where an attempt that was cut off had issued it
            state.waiting = [notice for notice in state.waiting if notice.at is not None and notice.at > at]
        case ev.CampaignEnded():
            state.ended_at, state.end_reason = at, ENDED
        case ev.CampaignStopped():
            state.ended_at, state.end_reason = at, f"the campaign was stopped: {event.reason}"
        case ev.SitesSettled():
            state.sites_settled = True
            state.last_dispatch = max(state.last_dispatch or at, at)  # one more dispatch, after all is said
        case ev.CityClosed():
            state.settled_at = at
        case ev.Reconciled():
            state.last_reconciled = max(state.last_reconciled or at, at)
            state.reconciled_at = at
        case UnitClimbed():
            state.conduct = [*state.conduct, conduct_key(event.conduct, event.due)]
            _wait(state, event.conduct, at, due=event.due, instrument=event.instrument)


def conduct_key(conduct: str, due: datetime) -> str:
    """Once for the plan's receipt, once for each deadline of a deployment."""
    return conduct if conduct == "no_receipt" else f"{conduct}:{due.isoformat()}"


def _wait(state: CityState, kind: str, at: datetime, *, due: datetime | None = None, **data: Any) -> None:
    """A desk document waits for the next dispatch; a later one of the same kind takes the place of an earlier."""
    if due is not None:
        data["due"] = due.isoformat()
    others = [notice for notice in state.waiting if notice.kind != kind]
    state.waiting = [*others, CityNotice(kind=kind, data=data, at=at)]


def city_stage(state: CityState) -> CityStage:
    """The stage of a city's desk."""
    if state.settled_at is not None:
        return CityStage.CLOSED
    return CityStage.ENDED if state.ended_at is not None else CityStage(state.deployment)
