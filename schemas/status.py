"""`starter.py status --json`: a contract that others rely on; it only grows."""

from datetime import date
from typing import Any

from pydantic import Field

from schemas.base import Instant, Kept
from schemas.documents import DeliveryState

STAGES = ("registered", "rectifying", "verifying", "closed", "carried_over")


class SiteCounts(Kept):
    """Counts of sites. `by_stage` has all five stages and adds up to `total`; `by_rung` counts open sites by rung."""

    total: int = 0
    by_stage: dict[str, int] = Field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    suspended: int = 0
    overdue: int = 0
    by_rung: dict[str, int] = Field(default_factory=dict)


class DeploymentStatus(Kept):
    state: str
    due: Instant | None = None
    submitted_at: Instant | None = None


class CityStatus(Kept):
    code: str
    name: str
    deployment: DeploymentStatus
    sites: SiteCounts


class CampaignStatus(Kept):
    """One campaign as of one moment of campaign time. `day` is 0 before the start and `days` after the end."""

    campaign_id: str
    title: str
    phase: str
    day: int
    days: int
    starts_on: date
    ends_on: date
    as_of: Instant
    sites: SiteCounts
    cities: list[CityStatus]
    documents: dict[str, int] = Field(default_factory=dict)
    """Documents by state (issued: waiting for delivery; sent)."""
    deliveries: dict[str, int] = Field(default_factory=lambda: {state.value: 0 for state in DeliveryState})
    """Ways of documents through their channels; `failed` are dead letters, which can be sent again."""
    unapproved: int = 0
    """Drafts that wait for their approver."""
    unsigned: int = 0
    """Documents that not every unit has signed by its day."""
    unanswered: int = 0
    """Documents whose written reply is past its day."""
    unlifted: int = 0
    """Documents that should have been lifted by now: their sites are not closed."""
    refused: int = 0
    """Commands refused so far; `ledger` shows each."""


class SiteStatus(Kept):
    """One site as its register row and state table have it."""

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
    as_of: Instant
