"""What a sender hears back, and what the status queries say."""

from enum import StrEnum
from typing import Any

from schemas.base import Instant, Kept


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class Answer(Kept):
    """The verdict on one command, and where its subject stands after it.

    `state` is the subject's short view (the same object its `status` query returns).
    """

    command_id: str
    verdict: Verdict
    reason: str | None = None
    state: dict[str, Any] = {}


class SiteView(Kept):
    """A site as its own workflow sees it. `outstanding` maps requirement to the quantity still to do."""

    campaign_id: str
    site_id: str
    city: str
    stage: str
    round: int
    level: str | None
    outstanding: dict[str, float]
    done: dict[str, float]
    due: Instant | None
    overdue: bool
    rung: int
    suspended: bool
    as_of: Instant
    refused: tuple[dict[str, str], ...] = ()


class CityView(Kept):
    """A city as its own workflow sees it."""

    campaign_id: str
    code: str
    name: str
    deployment: str
    receipt_signed_at: Instant | None
    submitted_at: Instant | None
    due: Instant | None
    opened: bool
    settled: bool
    documents: int
    as_of: Instant
    refused: tuple[dict[str, str], ...] = ()


class CampaignView(Kept):
    """A campaign as its own workflow sees it; counts by stage are read from Postgres, never from here."""

    campaign_id: str
    state: str
    phase: str
    cities_settled: int
    cities: int
    as_of: Instant
    refused: tuple[dict[str, str], ...] = ()
