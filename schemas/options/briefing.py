"""The weekly briefing (周调度通报): its measures, and what the ledger freezes so that the ranking can be recomputed."""

from typing import Literal

from schemas.base import Instant, StoredModel
from schemas.deferrals import SuspensionSums
from schemas.event import Event, new_field
from schemas.ladder import UnitLevel, Weights
from schemas.option import Option


class Measures(StoredModel):
    """Counts of sites and of what was done there; a site that was never opened has no requirements yet."""

    sites: int = 0
    closed: int = 0
    overdue: int = 0
    requirements: int = 0
    requirements_done: int = 0
    problems: int = new_field(0)
    """Problems, and those accepted one by one, in plans with closure by problem."""
    problems_closed: int = new_field(0)
    struck_off: int = new_field(0)
    """Strike-offs: a site that was opened again and struck off again has two."""
    relapsed: int = new_field(0)
    """Sites opened again because of themselves: a relapse, a look-back or a sample that failed there."""
    returned: int = new_field(0)
    """Verdicts that returned a site, and sites returned with their unit's batch after a spot check."""

    undeployed: int = new_field(0)
    """Sites that could not open, because their city's deployment is overdue."""

    @property
    def is_late(self) -> bool:
        """Whether something that was due is not there: a site's work, or the deployment without which none opens."""
        return bool(self.overdue or self.undeployed)

    @property
    def nothing_done(self) -> bool:
        """Whether nobody has done anything yet: no requirement, no problem, no strike-off."""
        return not (self.requirements_done or self.problems_closed or self.struck_off or self.closed)


class UnitMeasures(StoredModel):
    """A unit's measures: those of the first register's sites, and separately those of sites found later.

    `city` and `county` are the codes of what a county or township lies in; a city has neither.
    """

    code: str
    name: str
    level: UnitLevel = new_field(UnitLevel.CITY)
    city: str = new_field("")
    county: str = new_field("")
    baseline: Measures = Measures()
    newly_found: Measures = Measures()
    suspensions: SuspensionSums | None = new_field(None)
    """What stood still at the unit's sites, as of the count; None if no site was ever suspended."""

    @property
    def key(self) -> str:
        """The codes from the city down, which no two units share: `410400/410402`."""
        return "/".join(filter(None, (self.city, self.county, self.code)))


class BriefingOrder(StoredModel):
    """Take the measures of a week's briefing; `at` is later than `cutoff` after an outage."""

    campaign_id: str
    week: int
    cutoff: Instant
    at: Instant
    levels: tuple[UnitLevel, ...] = (UnitLevel.CITY,)


class BriefingReport(StoredModel):
    """The measures of all cities, in the order of the plan; `as_of` is the moment by which sites are overdue.

    `below` are the counties and townships, where the plan ranks them.
    """

    week: int
    cutoff: Instant
    as_of: Instant
    cities: tuple[UnitMeasures, ...]
    below: tuple[UnitMeasures, ...] = new_field(())


class RankedUnit(UnitMeasures):
    """A unit in the ranking; `score` has two decimals ("83.25").

    It has neither without baseline sites, and while nothing was done there (`nothing_done`).
    """

    rank: int | None = None
    score: str | None = None
    nothing_done: bool = new_field(False)


class RankedLevel(StoredModel):
    """The ranking of all counties, or of all townships; `bottom` are keys of units."""

    level: UnitLevel
    units: tuple[RankedUnit, ...]
    bottom: tuple[str, ...] = ()


class FrozenBriefing(StoredModel):
    """A briefing as the ledger keeps it; it can be recomputed from `formula`, `base` and `weights`.

    Units are sorted by rank, then by key, those where nothing was done yet after them, and those without baseline
    sites last. `bottom` are the codes of the cities at the bottom. Where `levels` has no city, cities are only counted.
    """

    week: int
    cutoff: Instant
    as_of: Instant
    formula: str
    base: int
    weights: Weights
    cities: tuple[RankedUnit, ...]
    total_baseline: Measures
    total_newly_found: Measures
    bottom: tuple[str, ...] = ()
    levels: tuple[UnitLevel, ...] = (UnitLevel.CITY,)
    below: tuple[RankedLevel, ...] = new_field(())

    @property
    def leading(self) -> RankedLevel:
        """The ranking of the highest ranked level, of which the bottom may get an instrument."""
        if self.levels[0] is UnitLevel.CITY:
            return RankedLevel(level=UnitLevel.CITY, units=self.cities, bottom=self.bottom)
        return next(one for one in self.below if one.level is self.levels[0])


class BriefingFrozen(Event):
    """The week's briefing with its measures and ranking, from which it can be recomputed."""

    kind: Literal["briefing_frozen"] = "briefing_frozen"
    week: int
    briefing: FrozenBriefing


BRIEFING = Option(name="briefing", subject="campaign", events=(BriefingFrozen,))
