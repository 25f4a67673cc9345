"""The weekly briefing (周调度通报): its measures, and what the ledger freezes so that the ranking can be recomputed."""

from typing import Literal

from schemas.base import Instant, StoredModel
from schemas.deferrals import SuspensionSums
from schemas.event import Event, new_field
from schemas.ladder import Weights
from schemas.option import Option


class Measures(StoredModel):
    """Counts of sites and of their requirements; a site that was never opened has no requirements yet."""

    sites: int = 0
    closed: int = 0
    overdue: int = 0
    requirements: int = 0
    requirements_done: int = 0


class CityMeasures(StoredModel):
    """A city's measures: those of the first register's sites, and separately those of sites found later."""

    code: str
    name: str
    baseline: Measures = Measures()
    newly_found: Measures = Measures()
    suspensions: SuspensionSums | None = new_field(None)
    """What stood still at the city's sites, as of the count; None if no site was ever suspended."""


class BriefingOrder(StoredModel):
    """Take the measures of a week's briefing; `at` is later than `cutoff` after an outage."""

    campaign_id: str
    week: int
    cutoff: Instant
    at: Instant


class BriefingReport(StoredModel):
    """The measures of all cities, in the order of the plan; `as_of` is the moment by which sites are overdue."""

    week: int
    cutoff: Instant
    as_of: Instant
    cities: tuple[CityMeasures, ...]


class RankedCity(CityMeasures):
    """A city in the ranking; `score` has two decimals ("83.25"). Without baseline sites it has neither."""

    rank: int | None = None
    score: str | None = None


class FrozenBriefing(StoredModel):
    """A briefing as the ledger keeps it; it can be recomputed from `formula`, `base` and `weights`.

    `cities` are sorted by rank, then by code, those without a rank last. `bottom` are the codes of the last rank.
    """

    week: int
    cutoff: Instant
    as_of: Instant
    formula: str
    base: int
    weights: Weights
    cities: tuple[RankedCity, ...]
    total_baseline: Measures
    total_newly_found: Measures
    bottom: tuple[str, ...] = ()


class BriefingFrozen(Event):
    """The week's briefing with its measures and ranking, from which it can be recomputed."""

    kind: Literal["briefing_frozen"] = "briefing_frozen"
    week: int
    briefing: FrozenBriefing


BRIEFING = Option(name="briefing", subject="campaign", events=(BriefingFrozen,))
