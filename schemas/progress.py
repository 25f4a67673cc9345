"""The progress against targets, by area and by count, of the campaign, its cities, their counties and townships."""

from decimal import Decimal

from schemas.base import Instant, StoredModel
from schemas.event import new_field
from schemas.quantity import Sum
from schemas.targets import TargetUnit


class Achieved(StoredModel):
    """Areas are hectares of the register's sites. A share without a target or without sites is None.

    Shares are truncated to four decimals, so that 1 means all; above the target they exceed 1.
    """

    unit: TargetUnit | None = None
    """What the target is measured in."""
    target: Sum | None = None
    """The target as the plan says it, per cent where it is a share."""
    asked: Sum | None = None
    """The hectares or sites that this comes to."""
    met: bool | None = None
    """Whether the closed hectares or sites reach it."""
    registered_ha: Sum = Decimal()
    closed_ha: Sum = Decimal()
    share_of_target: Sum | None = None
    """Closed hectares or sites as a share of what the target asks for."""
    sites: int = 0
    closed: int = 0
    share_of_sites: Sum | None = None
    newly_found: int = 0
    """The sites marked newly found by a survey or the register; briefings count them separately."""
    missed: int = 0
    """The sites marked missed: they should have been reported with the stock."""


class TownshipProgress(Achieved):
    """A township's sites and hectares against its target."""

    code: str
    name: str | None = None
    """Its name in the plan's targets."""


class CountyProgress(Achieved):
    """A county's sites and hectares against its target; its townships where the plan splits the target to them."""

    code: str
    name: str | None = None
    townships: list[TownshipProgress] = new_field([])
    """The townships of the targets in order, then other townships with sites."""


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
