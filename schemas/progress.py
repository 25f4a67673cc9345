"""How far a campaign by targets is: by area and by count, for the campaign, its cities and their counties."""

from schemas.base import Instant, StoredModel


class Achieved(StoredModel):
    """Areas are hectares of the register's sites. A share of what was not asked for, or is not there, is None.

    Shares are cut to four decimals, so that 1 means all of it; more than the target is more than 1.
    """

    target_ha: float | None = None
    registered_ha: float = 0.0
    closed_ha: float = 0.0
    share_of_target: float | None = None
    """Closed hectares of the target's."""
    sites: int = 0
    closed: int = 0
    share_of_sites: float | None = None
    newly_found: int = 0
    """Of the sites, those that a survey or the register marks so; they are counted apart in briefings."""
    missed: int = 0
    """Of the sites, those that should have been reported with the stock."""


class CountyProgress(Achieved):
    """A county's sites and hectares against its target."""

    code: str
    name: str | None = None
    """As the plan's targets call it."""


class CityProgress(Achieved):
    """The counties of the targets in their order, then others that have sites."""

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
