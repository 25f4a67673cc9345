"""A city's terms, its commands and its events."""

from typing import Any, Literal

from pydantic import Field

from schemas.actor import Units
from schemas.base import Instant, StoredModel
from schemas.calendar import Calendar, Clause
from schemas.clock import Clock
from schemas.command import Command, Reason
from schemas.documents.terms import DocumentTerms
from schemas.event import Event, new_field
from schemas.openings import OpenedDue
from schemas.options.counties import CountiesTerms, UnitBelow
from schemas.options.joint_group import JointGroupTerms
from schemas.options.opinion import Chapter, KeptChapter, OpinionRules
from schemas.options.patrol import PatrolTerms
from schemas.options.sweep import SweepTerms


class CityTerms(StoredModel):
    """Everything a city's aggregate needs; `issued_at` is when the plan was issued to it."""

    campaign_id: str
    code: str
    name: str
    issued_at: Instant
    receipt_due: Instant
    deployment_due: Instant
    receipt: Clause
    """The clause from which `receipt_due` was computed."""
    deployment: Clause
    deployment_decision: Clause
    ends_at: Instant
    amendment: int
    """The amendment of the plan under which these terms were made."""
    late_report: Clause
    reconcile_every_days: int = Field(ge=1)
    calendar: Calendar
    clock: Clock
    documents: DocumentTerms
    units: Units
    surveys: bool
    """Whether surveys may add sites."""
    opinion: OpinionRules | None = None
    """The plan's rules for the city's implementation opinion."""
    patrol: PatrolTerms | None = None
    joint_group: JointGroupTerms | None = new_field(None)
    """The group that leads the city's patrol."""
    counties: CountiesTerms | None = new_field(None)
    """Its counties and townships, where they deploy as it does (schemas.options.counties)."""
    daily_list: bool = new_field(False)
    """Whether its head receives the list of open sites of high hazard on every working day."""
    sweep: SweepTerms | None = new_field(None)
    """The two-way sweep, where the plan has one."""
    options: dict[str, Any] = new_field({})
    """The terms of options outside the tree, by the option's name."""


class CityName(StoredModel):
    code: str
    name: str
    levels: dict[str, tuple[str, ...]]
    units: Units
    joint_group: JointGroupTerms | None = new_field(None)
    counties: tuple[UnitBelow, ...] = new_field(())
    """Its counties and townships, where the plan has `county_deployment`."""
    sweep: SweepTerms | None = new_field(None)


class SubmitDeployment(Command):
    """The city submits its deployment with its implementation opinion (实施意见)."""

    kind: Literal["submit_deployment"] = "submit_deployment"
    opinion: Reason
    points: int | None = Field(default=None, ge=0)
    requirements: str | None = Field(default=None, max_length=4000)
    chapters: tuple[Chapter, ...] = Field(default=(), max_length=30)


class ReturnDeployment(Command):
    """The province sends the deployment back with its reasons."""

    kind: Literal["return_deployment"] = "return_deployment"
    reason: Reason


class ApproveDeployment(Command):
    """The province approves the deployment: the city's sites open."""

    kind: Literal["approve_deployment"] = "approve_deployment"


# --- a city -------------------------------------------------------------------------------------------------------


class PlanReceived(Event):
    kind: Literal["plan_received"] = "plan_received"
    receipt_due: Instant
    deployment_due: Instant
    amendment: int = new_field(0)
    """The last amendment in the plan; 0: none."""


class ReceiptSigned(Event):
    kind: Literal["receipt_signed"] = "receipt_signed"


class ReceiptOverdue(Event):
    kind: Literal["receipt_overdue"] = "receipt_overdue"
    due: Instant


class DeploymentSubmitted(Event):
    kind: Literal["deployment_submitted"] = "deployment_submitted"
    opinion: str
    points: int | None = None
    requirements: str | None = None
    decision_due: Instant
    chapters: tuple[KeptChapter, ...] = new_field(())


class DeploymentReturned(Event):
    kind: Literal["deployment_returned"] = "deployment_returned"
    reason: str
    due: Instant


class DeploymentApproved(Event):
    kind: Literal["deployment_approved"] = "deployment_approved"


class DeploymentOverdue(Event):
    kind: Literal["deployment_overdue"] = "deployment_overdue"
    due: Instant


class DecisionOverdue(Event):
    """The province did not decide on a deployment in time."""

    kind: Literal["decision_overdue"] = "decision_overdue"
    due: Instant


class SitesOpened(Event):
    """`due` is the general deadline, `varied` are the sites that have another one."""

    kind: Literal["sites_opened"] = "sites_opened"
    sites: int
    due: Instant | None = None
    by_county: bool = new_field(False)
    """Whether the sites of its counties open with their own deployments; they are not counted here."""
    varied: tuple[OpenedDue, ...] = new_field(())


class Dispatched(Event):
    """A dispatch hour was processed; the pending documents were issued."""

    kind: Literal["dispatched"] = "dispatched"
    documents: int


class Reconciled(Event):
    """Sites that were open in the register without a running workflow were restarted."""

    kind: Literal["reconciled"] = "reconciled"
    restarted: tuple[str, ...]


class SitesSettled(Event):
    kind: Literal["sites_settled"] = "sites_settled"
    closed: int
    carried_over: int


class CityClosed(Event):
    kind: Literal["city_closed"] = "city_closed"
