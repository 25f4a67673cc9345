"""What happened: the data of each kind of ledger entry. Wire names (`kind`) never change; new fields are optional."""

from typing import Literal

from schemas import paper_events
from schemas.amending import CityAmended, PlanAmended, SitesAmended
from schemas.base import Instant
from schemas.briefing import FrozenBriefing
from schemas.event import CommandRefused as CommandRefused
from schemas.event import Event as Event
from schemas.event import added_later
from schemas.opinion import KeptChapter
from schemas.paper_events import DocumentIssued as DocumentIssued
from schemas.patrol_messages import PATROL_EVENTS
from schemas.patrol_messages import PatrolReported as PatrolReported
from schemas.site_events import SITE_EVENTS as SITE_EVENTS
from schemas.site_events import AcceptanceOverdue as AcceptanceOverdue
from schemas.site_events import CarriedOver as CarriedOver
from schemas.site_events import Climbed as Climbed
from schemas.site_events import ClimbHeld as ClimbHeld
from schemas.site_events import Closed as Closed
from schemas.site_events import EvidenceRef as EvidenceRef
from schemas.site_events import Extended as Extended
from schemas.site_events import LevelFailed as LevelFailed
from schemas.site_events import LevelPassed as LevelPassed
from schemas.site_events import Opened as Opened
from schemas.site_events import Reminded as Reminded
from schemas.site_events import Resumed as Resumed
from schemas.site_events import RungIssued as RungIssued
from schemas.site_events import RungWithdrawn as RungWithdrawn
from schemas.site_events import Suspended as Suspended
from schemas.site_events import TaskReported as TaskReported
from schemas.site_events import VerificationRequested as VerificationRequested
from schemas.spot_check import SpotCheckOrdered as SpotCheckOrdered
from schemas.survey import SURVEY_EVENTS

# --- a city -------------------------------------------------------------------------------------------------------


class PlanReceived(Event):
    kind: Literal["plan_received"] = "plan_received"
    receipt_due: Instant
    deployment_due: Instant
    amendment: int = added_later(0)
    """Under which amendment of the plan; 0: as it was issued first."""


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
    chapters: tuple[KeptChapter, ...] = added_later(())


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
    kind: Literal["sites_opened"] = "sites_opened"
    sites: int
    due: Instant | None = None


class Dispatched(Event):
    """A dispatch hour passed; what was pending has been issued."""

    kind: Literal["dispatched"] = "dispatched"
    documents: int


class Reconciled(Event):
    """Sites that were open in the register without a running workflow were found and started again."""

    kind: Literal["reconciled"] = "reconciled"
    restarted: tuple[str, ...]


class SitesSettled(Event):
    kind: Literal["sites_settled"] = "sites_settled"
    closed: int
    carried_over: int


class CityClosed(Event):
    kind: Literal["city_closed"] = "city_closed"


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


class BriefingFrozen(Event):
    """The week's briefing with its measures and ranking (schemas.briefing): what it said can be worked out again."""

    kind: Literal["briefing_frozen"] = "briefing_frozen"
    week: int
    briefing: FrozenBriefing


class CampaignStopped(Event):
    """On the campaign's stream and on each city's: the campaign was stopped before its end."""

    kind: Literal["stopped"] = "stopped"
    reason: str


class CampaignEnded(Event):
    """The last day is over; the cities settle what is open."""

    kind: Literal["ended"] = "ended"


class CampaignClosed(Event):
    kind: Literal["campaign_closed"] = "campaign_closed"
    closed: int
    carried_over: int


CITY_EVENTS: tuple[type[Event], ...] = (
    PlanReceived,
    ReceiptSigned,
    ReceiptOverdue,
    DeploymentSubmitted,
    DeploymentReturned,
    DeploymentApproved,
    DeploymentOverdue,
    DecisionOverdue,
    SitesOpened,
    CityAmended,
    SitesAmended,
    *paper_events.PAPER_EVENTS,
    *PATROL_EVENTS,
    *SURVEY_EVENTS,
    Dispatched,
    Reconciled,
    CampaignStopped,
    CampaignEnded,
    SitesSettled,
    CityClosed,
    CommandRefused,
)
CAMPAIGN_EVENTS: tuple[type[Event], ...] = (
    PlanIssued,
    PlanAmended,
    PhaseBegan,
    Anchored,
    CityReported,
    PatrolReported,
    BriefingFrozen,
    SpotCheckOrdered,
    CampaignStopped,
    CampaignEnded,
    DocumentIssued,
    CampaignClosed,
    CommandRefused,
)
