"""A city's state and its stage."""

from datetime import datetime
from typing import Any

from rules.aggregate import AggregateState
from rules.documents.state import PlannedDocument, TrackedDocument
from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.event import new_field
from schemas.options.county_state import CallState, UnitState
from schemas.options.joint_group import JointGroupState
from schemas.options.patrol_state import PatrolState
from schemas.options.standstill import StandingOrder
from schemas.options.surveys import SurveyState
from schemas.options.sweep import SweepState
from schemas.stages import CityStage, Deployment


class CityNotice(StoredModel):
    """A document of the city itself that waits for the next dispatch."""

    kind: str
    data: dict[str, Any] = {}
    at: Instant
    """When it arose: no document is dated before what it reports."""
    rung: int = 0
    key: str | None = None
    """The document's key, where kind, rung and day do not tell it apart."""
    answers: str | None = None
    approver: str | None = None
    county: str | None = new_field(None)
    """The county or township whose offices it is addressed to; None: those of the city."""


class CityState(AggregateState):
    """Everything a city remembers."""

    received: bool = False
    deployment: Deployment = Deployment.AWAITED
    receipt_signed_at: Instant | None = None
    receipt_late: bool = False
    submitted_at: Instant | None = None
    approved_at: Instant | None = None
    deployment_due: Instant | None = None
    deployment_late: bool = False
    clauses: ClauseNames = new_field({})
    """The clauses of `deployment_due` and `decision_due`."""
    decision_due: Instant | None = None
    decision_late: bool = False
    opening: bool = False
    """Whether the opening of the sites has been asked for."""
    opened: bool = False
    versions: int = 0
    """How many versions of its deployment the city submitted; `returns` of them the province sent back."""
    returns: int = 0
    returned_at: Instant | None = None
    """When the deployment was sent back last."""
    amendment: int = 0
    """The newest amendment that the city knows; `overlay` are the fields of the terms that it changes."""
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
    documents_issued: int = 0
    documents: dict[str, TrackedDocument] = {}
    """The documents under which something is still asked for, by key."""
    issuing: list[PlannedDocument] = []
    """What goes out with the dispatch of `issuing_at`, as soon as it is numbered."""
    issuing_at: Instant | None = None
    conduct: list[str] = []
    """What the unit's own conduct has brought about: `no_receipt`, and `no_deployment:` with its deadline."""
    patrol: PatrolState | None = None
    """From its begin, where the plan has one."""
    settled_at: Instant | None = None
    deployment_due_since: Instant | None = new_field(None)
    """From when the deadline of a deployment counts that was sent back: the engine heard of that then."""
    decision_due_since: Instant | None = new_field(None)
    """From when the deadline of the decision counts, likewise."""
    approval_heard_at: Instant | None = new_field(None)
    """When the engine heard that the deployment was approved: its sites open then."""
    joint_group: JointGroupState | None = new_field(None)
    """From its first meeting or case, where the plan has one."""
    counties: dict[str, UnitState] = new_field({})
    """Its counties and townships, by key (schemas.options.counties)."""
    calls: dict[str, CallState] = new_field({})
    """The calls of its lead counties to departments that are not answered yet, by number."""
    calls_made: int = new_field(0)
    calls_answered: int = new_field(0)
    orders: dict[str, StandingOrder] = new_field({})
    """Number to each order that suspended many of its sites (schemas.options.standstill)."""
    sweep: SweepState | None = new_field(None)
    """From its first batch of patches or its first clue (schemas.options.sweep)."""
    options: dict[str, Any] = new_field({})
    """What options outside the tree remember, by the option's name."""

    @property
    def opens_at(self) -> datetime | None:
        """When its sites open, and their deadlines begin: nobody could know before that."""
        return self.approval_heard_at or self.approved_at


def city_stage(state: CityState) -> CityStage:
    """The stage of a city as a whole."""
    if state.settled_at is not None:
        return CityStage.CLOSED
    return CityStage.ENDED if state.ended_at is not None else CityStage(state.deployment)
