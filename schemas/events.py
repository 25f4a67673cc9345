"""The data of each kind of ledger entry. Wire names (`kind`) never change; new fields are optional."""

from schemas.amendments import CityAmended, PlanAmended, SitesAmended
from schemas.campaign import Anchored as Anchored
from schemas.campaign import CampaignClosed as CampaignClosed
from schemas.campaign import CampaignEnded as CampaignEnded
from schemas.campaign import CampaignStopped as CampaignStopped
from schemas.campaign import CityReported as CityReported
from schemas.campaign import PhaseBegan as PhaseBegan
from schemas.campaign import PlanIssued as PlanIssued
from schemas.city import CityClosed as CityClosed
from schemas.city import DecisionOverdue as DecisionOverdue
from schemas.city import DeploymentApproved as DeploymentApproved
from schemas.city import DeploymentOverdue as DeploymentOverdue
from schemas.city import DeploymentReturned as DeploymentReturned
from schemas.city import DeploymentSubmitted as DeploymentSubmitted
from schemas.city import Dispatched as Dispatched
from schemas.city import PlanReceived as PlanReceived
from schemas.city import ReceiptOverdue as ReceiptOverdue
from schemas.city import ReceiptSigned as ReceiptSigned
from schemas.city import Reconciled as Reconciled
from schemas.city import SitesOpened as SitesOpened
from schemas.city import SitesSettled as SitesSettled
from schemas.documents import events as paper_events
from schemas.documents.events import DocumentIssued as DocumentIssued
from schemas.event import CommandRefused as CommandRefused
from schemas.event import Event as Event
from schemas.options.registry import event_table
from schemas.site.events import SITE_EVENTS as SITE_EVENTS
from schemas.site.events import AcceptanceOverdue as AcceptanceOverdue
from schemas.site.events import CarriedOver as CarriedOver
from schemas.site.events import Climbed as Climbed
from schemas.site.events import ClimbHeld as ClimbHeld
from schemas.site.events import Closed as Closed
from schemas.site.events import EvidenceRef as EvidenceRef
from schemas.site.events import Extended as Extended
from schemas.site.events import LevelFailed as LevelFailed
from schemas.site.events import LevelPassed as LevelPassed
from schemas.site.events import Opened as Opened
from schemas.site.events import Reminded as Reminded
from schemas.site.events import Resumed as Resumed
from schemas.site.events import RungIssued as RungIssued
from schemas.site.events import RungWithdrawn as RungWithdrawn
from schemas.site.events import Suspended as Suspended
from schemas.site.events import TaskReported as TaskReported
from schemas.site.events import VerificationRequested as VerificationRequested

_CITY: tuple[type[Event], ...] = (
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
    *paper_events.DOCUMENT_EVENTS,
    Dispatched,
    Reconciled,
    CampaignStopped,
    CampaignEnded,
    SitesSettled,
    CityClosed,
    CommandRefused,
)


_CAMPAIGN: tuple[type[Event], ...] = (
    PlanIssued,
    PlanAmended,
    PhaseBegan,
    Anchored,
    CityReported,
    CampaignStopped,
    CampaignEnded,
    DocumentIssued,
    CampaignClosed,
    CommandRefused,
)


CITY_EVENTS = event_table("city", _CITY)
CAMPAIGN_EVENTS = event_table("campaign", _CAMPAIGN)
"""Event kind to its model: the events of every subject and of every option."""
