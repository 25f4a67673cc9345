"""The progress against targets, by area and by count, of the campaign, its cities and their counties."""

from decimal import Decimal

from schemas.base import Instant, StoredModel
from schemas.quantity import Sum


class Achieved(StoredModel):
    """Areas are hectares of the register's sites. A share without a target or without sites is None.

    Shares are truncated to four decimals, so that 1 means all; above the target they exceed 1.
    """

    target_ha: Sum | None = None
    registered_ha: Sum = Decimal()
    closed_ha: Sum = Decimal()
    share_of_target: Sum | None = None
    """Closed hectares as a share of the target."""
    sites: int = 0
    closed: int = 0
    share_of_sites: Sum | None = None
    newly_found: int = 0
    """The sites marked newly found by a survey or the register; briefings count them separately."""
    missed: int = 0
    """The sites marked missed: they should have been reported with the stock."""


class CountyProgress(Achieved):
    """A county's sites and hectares against its target."""

    code: str
    name: str | None = None
    """Its name in the plan's targets."""


class CityProgress(Achieved):
    """The counties of the targets in order, then other counties with sites."""

    counties: list[CountyProgress]


class SurveyLine(StoredModel):
    """One survey of the campaign."""

    id: str
    at: Instant
    digest: str
    sites: int
    newly_found: int
    missed: int
    cities: list[str]


class CampaignProgress(Achieved):
    """The campaign's sites and hectares against the targets of its plan, and its surveys."""

    surveys: list[SurveyLine]
    """Oldest first."""
