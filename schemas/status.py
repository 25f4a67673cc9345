"""`starter.py status --json`: a public contract; fields are only added."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from schemas.actor import Role
from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.deferrals import SuspensionSums
from schemas.documents.document import DeliveryState
from schemas.event import new_field
from schemas.options.county_state import CallFacts, UnitFacts
from schemas.options.joint import SigningFacts
from schemas.options.mode_sums import ModeSums
from schemas.options.patrol import PatrolFacts
from schemas.options.sweep import SweepFacts
from schemas.phase_status import PhaseStatus
from schemas.progress import CampaignProgress, CityProgress
from schemas.quantity import Sum

STAGES = ("registered", "rectifying", "verifying", "closed", "carried_over")


class SiteCounts(StoredModel):
    """Counts of sites. `by_stage` has all five stages and its sum is `total`; `by_rung` counts open sites by rung."""

    total: int = 0
    by_stage: dict[str, int] = Field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    suspended: int = 0
    overdue: int = 0
    by_rung: dict[str, int] = Field(default_factory=dict)
    area_ha: dict[str, Sum] = new_field({})
    """Hectares by stage and their `total`, of sites with an area in the register."""


class DeploymentStatus(StoredModel):
    state: str
    due: Instant | None = None
    clauses: ClauseNames = new_field({})
    """The clauses of the city's deadlines, by their names in its state."""
    submitted_at: Instant | None = None
    versions: int = new_field(0)
    """Versions of the implementation opinion, in plans with `opinion`; `returns` of them were returned."""
    returns: int = new_field(0)


class CityStatus(StoredModel):
    code: str
    name: str
    deployment: DeploymentStatus
    sites: SiteCounts
    modes: ModeSums | None = new_field(None)
    """Money and land by mode, in plans that have modes."""
    costs: dict[str, Decimal] = new_field({})
    """Yuan by problem, in plans that book costs."""
    progress: CityProgress | None = new_field(None)
    """By area and by count, in plans that have targets or surveys."""
    patrol: PatrolFacts | None = new_field(None)
    """The city's patrol after closure, once it has begun."""
    counties: tuple[UnitFacts, ...] = new_field(())
    """Its counties and townships with their deployments, in plans with `county_deployment`."""
    calls: tuple[CallFacts, ...] = new_field(())
    """The calls of lead counties to departments that are not answered."""
    calls_made: int = new_field(0)
    calls_answered: int = new_field(0)
    sweep: SweepFacts | None = new_field(None)
    """The counts of its patches and clues, in plans with `sweep`."""
    suspensions: SuspensionSums | None = new_field(None)
    """What stood still, by the city's own orders and by the province's; left out while nothing ever did."""


class CampaignStatus(StoredModel):
    """One campaign as of one moment of campaign time. `day` is 0 before the start and `days` after the end."""

    campaign_id: str
    title: str
    phase: str
    day: int
    days: int
    starts_on: date
    ends_on: date
    as_of: Instant
    today: date | None = None
    """The day of `as_of` in the plan's time zone."""
    sites: SiteCounts
    cities: list[CityStatus]
    documents: dict[str, int] = Field(default_factory=dict)
    """Documents by state (issued: waiting for delivery; sent)."""
    deliveries: dict[str, int] = Field(default_factory=lambda: {state.value: 0 for state in DeliveryState})
    """Deliveries by state; `failed` are dead letters, which can be sent again."""
    unapproved: int = 0
    """Drafts waiting for their approver."""
    uncountersigned: int = new_field(0)
    """Drafts of joint instruments waiting for the signature of an agency."""
    unsigned: int = 0
    """Documents with overdue receipts."""
    unanswered: int = 0
    """Documents with an overdue written reply."""
    unlifted: int = 0
    """Documents whose lifting is overdue: their sites are not closed."""
    refused: int = 0
    """Number of refused commands: the entries `refused` of all streams; the command `refused` lists them."""
    deferrals: dict[str, int] = new_field({})
    """Extensions granted, refused and pending, and suspensions, of all sites together; empty while there is none."""
    suspensions: SuspensionSums | None = new_field(None)
    """What stood still, by the orders of cities and of the province; left out while nothing ever did."""
    cases: dict[str, int] = new_field({})
    """Cases of the police track by their state, in plans that have one."""
    modes: ModeSums | None = new_field(None)
    """Money and land by mode, in plans that have modes."""
    costs: dict[str, Decimal] = new_field({})
    """Yuan by problem, in plans that book costs."""
    progress: CampaignProgress | None = new_field(None)
    """By area and by count, in plans that have targets or surveys."""
    reopened: dict[str, int] = new_field({})
    """Number of reopenings of struck-off sites, by cause."""
    phases: list[PhaseStatus] = new_field([])
    """The phases in the order of the plan: their dates, their state, their gates and milestones."""
    signing: tuple[SigningFacts, ...] = new_field(())
    """The signatures of the agencies under a joint plan, and under the amendment that waits for them."""
    owed: dict[str, Sum] = new_field({})
    """Enterprise to the yuan that counties spent in its place and charged to it."""
    same_unit: dict[str, str] = new_field({})
    """Level to the plan's reason why a unit that worked or judged may judge it too; empty where none may."""

    @property
    def day_in_words(self) -> str:
        """`day 3 of 107`, `before the start` or `after the end`."""
        if self.day == 0:
            return "before the start"
        if self.today is not None and self.today > self.ends_on:
            return "after the end"
        return f"day {self.day} of {self.days}"


class RefusedCommand(StoredModel):
    """A command that the ledger keeps as refused; `stream` is the site, city, spot check or campaign that received it.

    `command` is the name of the message, which need not be one of a command.
    """

    stream: str
    received_at: Instant
    sender: str
    role: Role
    unit: str
    command: str
    command_id: str | None = None
    reason: str

    @property
    def is_from_unknown(self) -> bool:
        """Whether its message did not say who sent it."""
        return self.role is Role.UNKNOWN


class SiteStatus(StoredModel):
    """One site, from its register row and its state row."""

    campaign_id: str
    site: dict[str, Any]
    stage: str
    round: int
    level: str | None
    rung: int
    suspended: bool
    overdue: bool
    due_at: Instant | None
    opened_at: Instant | None
    settled_at: Instant | None
    requirements: int
    requirements_done: int
    extensions: int
    suspensions: int
    days_suspended: float = new_field(0.0)
    """Days of all suspensions up to `as_of`, to one decimal, the running one included."""
    as_of: Instant
    facts: dict[str, Any] = new_field({})
    """Further facts, such as its sign-offs (schemas.facts.SiteFacts)."""
