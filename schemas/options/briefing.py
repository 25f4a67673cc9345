"""The weekly briefing (周调度通报): what is counted, and what the ledger freezes so that it can be worked out again."""

from typing import Literal

from schemas.base import Instant, StoredModel
from schemas.event import Event
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
    """A city's measures: those of the register's first sites, and apart from them those that were found later."""

    code: str
    name: str
    baseline: Measures = Measures()
    newly_found: Measures = Measures()


class BriefingOrder(StoredModel):
    """Take the measures of a week's briefing; `at` is when it is taken, after an outage later than its `cutoff`."""

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
    """A briefing as the ledger keeps it: with `formula`, `base` and `weights` anybody can work it out again.

    `cities` stand by rank, then by code, those without a rank at the end. `bottom` are the codes of the last rank.
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
    """The week's briefing with its measures and ranking: what it said can be worked out again."""

    kind: Literal["briefing_frozen"] = "briefing_frozen"
    week: int
    briefing: FrozenBriefing


BRIEFING = Option(name="briefing", subject="campaign", events=(BriefingFrozen,))
