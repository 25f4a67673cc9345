"""What happened: the data of each kind of ledger entry. Wire names (`kind`) never change; new fields are optional."""

from datetime import date
from typing import Literal

from schemas.base import Instant, Kept


class Event(Kept):
    """Base of all event data; `kind` is written beside the data, not inside it."""

    command_id: str | None = None
    fingerprint: str | None = None
    """First 16 hex digits of the SHA-256 of the command's content: the same id with other content is told apart."""
    claimed_at: Instant | None = None
    """The sender's event time, where it was too late (or in the future) to be judged by."""


# --- a site -------------------------------------------------------------------------------------------------------


class Opened(Event):
    kind: Literal["opened"] = "opened"
    due: Instant
    requirements: dict[str, float]


class EvidenceRef(Kept):
    phase: str
    ref: str


class TaskReported(Event):
    kind: Literal["task_reported"] = "task_reported"
    requirement: str
    quantity: float
    evidence: tuple[EvidenceRef, ...] = ()
    note: str | None = None


class VerificationRequested(Event):
    """All requirements are reported complete with their evidence: the first level is asked."""

    kind: Literal["verification_requested"] = "verification_requested"
    round: int
    level: str
    due: Instant


class LevelPassed(Event):
    kind: Literal["level_passed"] = "level_passed"
    round: int
    level: str
    opinion: str | None = None
    next_level: str
    due: Instant


class LevelFailed(Event):
    """The rectification opinion: what to do again, until when; the next round begins."""

    kind: Literal["level_failed"] = "level_failed"
    round: int
    level: str
    opinion: str | None = None
    failed_requirements: tuple[str, ...]
    due: Instant
    rounds_exhausted: bool = False


class Closed(Event):
    kind: Literal["closed"] = "closed"
    round: int
    level: str
    opinion: str | None = None


class Extended(Event):
    kind: Literal["extended"] = "extended"
    until: date
    due: Instant
    reason: str


class Suspended(Event):
    kind: Literal["suspended"] = "suspended"
    reason: str


class Resumed(Event):
    """`due` and `level_due` are the deadlines after the time that stood still is given back."""

    kind: Literal["resumed"] = "resumed"
    reason: str | None = None
    due: Instant | None = None
    level_due: Instant | None = None
    climbs_from: date | None = None
    """The first day on which the site may climb again."""


class Reminded(Event):
    kind: Literal["reminded"] = "reminded"
    round: int
    days_before: int
    due: Instant


class Climbed(Event):
    """The site reached a rung of the ladder on the working day `on`; the document follows at the next dispatch."""

    kind: Literal["climbed"] = "climbed"
    round: int
    rung: int
    instrument: str
    on: date
    due: Instant


class AcceptanceOverdue(Event):
    """A level did not give its verdict in time; the site does not climb for it."""

    kind: Literal["acceptance_overdue"] = "acceptance_overdue"
    round: int
    level: str
    due: Instant


class CarriedOver(Event):
    kind: Literal["carried_over"] = "carried_over"
    reason: str


class CommandRefused(Event):
    """A command that the rules did not allow or that could not be read; nothing is lost silently."""

    kind: Literal["refused"] = "refused"
    command: str
    reason: str
    content: str


# --- a city -------------------------------------------------------------------------------------------------------


class PlanReceived(Event):
    kind: Literal["plan_received"] = "plan_received"
    receipt_due: Instant
    deployment_due: Instant


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


class DocumentIssued(Event):
    """A document left this desk. `sites` lists its subjects; the rendered text lives with the document."""

    kind: Literal["document_issued"] = "document_issued"
    key: str
    document: str
    rung: int
    sites: tuple[str, ...] = ()


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


SITE_EVENTS: tuple[type[Event], ...] = (
    Opened,
    TaskReported,
    VerificationRequested,
    LevelPassed,
    LevelFailed,
    Closed,
    Extended,
    Suspended,
    Resumed,
    Reminded,
    Climbed,
    AcceptanceOverdue,
    CarriedOver,
    CommandRefused,
)
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
    DocumentIssued,
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
    PhaseBegan,
    Anchored,
    CityReported,
    CampaignStopped,
    CampaignEnded,
    DocumentIssued,
    CampaignClosed,
    CommandRefused,
)
