"""The campaign's terms, its commands and its events."""

from datetime import date
from typing import Literal

from schemas.actor import Actor, Units
from schemas.base import Instant, StoredModel
from schemas.calendar import Calendar, Clause
from schemas.city import CityName
from schemas.clock import Clock
from schemas.command import Command, Reason
from schemas.documents.terms import DocumentTerms
from schemas.event import Event, new_field
from schemas.ladder import Briefing
from schemas.options.counties import CountyDeployment
from schemas.options.joint import SigningTerms
from schemas.options.opinion import OpinionRules
from schemas.options.patrol import PatrolTerms
from schemas.options.phases import Gate, Milestone
from schemas.options.spot_checks import SpotCheckPlan
from schemas.targets import Targets


class PhaseTerms(StoredModel):
    """A phase; `ends_at` is the midnight that ends its last day."""

    id: str
    starts_at: Instant
    ends_at: Instant
    gate: Gate | None = new_field(None)
    holds_next: bool = new_field(False)
    milestones: tuple[Milestone, ...] = new_field(())
    summary: bool = new_field(False)
    rounds: tuple[str, ...] = new_field(())
    """The survey rounds announced for a day up to its end."""

    @property
    def acts(self) -> bool:
        """Whether measures are taken at its end."""
        return self.gate is not None or bool(self.milestones) or self.summary


class CampaignTerms(StoredModel):
    """Everything the campaign's aggregate needs; `issues_at` is when the plan is issued at the earliest.

    The plan's full text stays in Postgres under `plan_digest`: the aggregate needs its clauses only.
    """

    campaign_id: str
    plan_digest: str
    issues_at: Instant
    ends_at: Instant
    phases: tuple[PhaseTerms, ...] = ()
    cities: tuple[CityName, ...]
    receipt: Clause
    deployment: Clause
    deployment_decision: Clause
    late_report: Clause
    amendment: int
    calendar: Calendar
    clock: Clock
    starts_on: date
    surveys: bool
    documents: DocumentTerms
    briefing: Briefing | None = None
    spot_check: SpotCheckPlan | None = None
    units: Units
    opinion: OpinionRules | None = None
    patrol: PatrolTerms | None = None
    targets: Targets | None = None
    county_deployment: CountyDeployment | None = new_field(None)
    signing: SigningTerms | None = None
    """In a plan with several issuing agencies: it is not issued before each has signed."""
    started_at: Instant | None = None
    """When and by whom it was started; a year of a programme is started by the engine."""
    started_by: Actor | None = None
    daily_list: bool = new_field(False)
    """Whether the heads of cities receive the list of open sites of high hazard (`grading.daily_list`)."""


class Stop(Command):
    """The campaign ends now; open sites are carried over."""

    kind: Literal["stop"] = "stop"
    reason: Reason


class CitySettled(Command):
    """A city notifies the campaign that it has no open site any more."""

    kind: Literal["city_settled"] = "city_settled"
    code: str


# --- the campaign -------------------------------------------------------------------------------------------------


class PlanIssued(Event):
    kind: Literal["plan_issued"] = "plan_issued"
    plan_digest: str
    cities: tuple[str, ...]


class PhaseBegan(Event):
    kind: Literal["phase_began"] = "phase_began"
    phase: str


class Anchored(Event):
    """A digest over the heads of all streams, visible in the database snapshot `snapshot`.

    `digest` is the SHA-256 over the lines `stream seq hash`, sorted by stream, each ended by a newline.
    """

    kind: Literal["anchored"] = "anchored"
    digest: str
    streams: int
    entries: int
    snapshot: str


class CityReported(Event):
    kind: Literal["city_settled"] = "city_settled"
    code: str


class CampaignStopped(Event):
    """The campaign was stopped before its end; on the campaign's stream and on each city's."""

    kind: Literal["stopped"] = "stopped"
    reason: str


class CampaignEnded(Event):
    """The last day is over; the cities carry over their open sites."""

    kind: Literal["ended"] = "ended"


class CampaignClosed(Event):
    kind: Literal["campaign_closed"] = "campaign_closed"
    closed: int
    carried_over: int
