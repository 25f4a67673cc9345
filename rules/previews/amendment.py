"""The impact of an amendment on one site or one city: the rules apply it to a copy."""

from datetime import date, datetime
from typing import NamedTuple

from rules.city.aggregate import CityAggregate
from rules.command_results import Received
from rules.event_time import EventTime
from rules.site.aggregate import SiteAggregate
from rules.site.deadlines import next_climb
from rules.site.work import in_force
from schemas.amendments import AmendCity, AmendSite
from schemas.base import Instant, StoredModel
from schemas.plan import Plan
from schemas.quantity import Sum
from schemas.stages import OPEN


class Moved(StoredModel):
    """A deadline before and after the amendment."""

    before: Instant | None = None
    after: Instant | None = None

    @property
    def moves(self) -> bool:
        return self.before != self.after


class Climb(StoredModel):
    """The next rung, and its day."""

    rung: int
    on: date


class SiteImpact(StoredModel):
    """The changes at a site; quantities are those of the requirement, independent of the work done.

    `due` is the present deadline, of the work or of the verdict. `recalled`: the site returns from verification to
    rectification. `completed`: no work is left, so that verification is requested.
    """

    site_id: str
    city: str
    stage: str
    stage_after: str
    due: Moved
    ends: Moved
    added: dict[str, Sum] = {}
    removed: dict[str, Sum] = {}
    changed: dict[str, tuple[Sum, Sum]] = {}
    rung: int = 0
    rung_after: int = 0
    climb: Climb | None = None
    climb_after: Climb | None = None
    recalled: bool = False
    completed: bool = False

    @property
    def touched(self) -> bool:
        """Whether anything changes that people must know."""
        return (
            self.due.moves
            or bool(self.added or self.removed or self.changed)
            or self.climb != self.climb_after
            or self.rung != self.rung_after
            or self.stage != self.stage_after
        )


class CityImpact(StoredModel):
    """The changes of a city's own deadlines."""

    city: str
    receipt: Moved = Moved()
    deployment: Moved = Moved()
    decision: Moved = Moved()


class PhaseMoved(NamedTuple):
    """The dates of a phase before and after the amendment, `FROM to DAY`; None if it has none."""

    id: str
    before: str | None
    after: str | None


def moved_phases(before: Plan, after: Plan) -> list[PhaseMoved]:
    """The phases whose dates an amendment changes; the deadlines that count to their ends move with them."""
    old, new = ({p.id: f"{p.starts_on} to {p.ends_on}" for p in plan.phases} for plan in (before, after))
    return [PhaseMoved(one, old.get(one), new.get(one)) for one in {**old, **new} if old.get(one) != new.get(one)]


def impact_on_site(site: SiteAggregate, command: AmendSite, now: datetime) -> SiteImpact | None:
    """The impact on this site at `now`; None if it is not open then. Modifies `site`."""
    site.advance((), now)
    if site.state.stage not in OPEN:
        return None
    stage, due, ends, climb = site.state.stage, site.current_due(), site.terms.ends_at, _climb(site, now)
    rung, before = site.state.rung, {r.id: r.quantity for r in in_force(site.terms, site.state)}
    site.advance([Received(command, now)], now)
    after = {r.id: r.quantity for r in in_force(site.terms, site.state)}
    stage_after = site.state.stage
    return SiteImpact(
        site_id=site.terms.site_id,
        city=site.terms.city,
        stage=stage,
        stage_after=stage_after,
        due=Moved(before=due, after=site.current_due()),
        ends=Moved(before=ends, after=site.terms.ends_at),
        added={one: quantity for one, quantity in after.items() if one not in before},
        removed={one: quantity for one, quantity in before.items() if one not in after},
        changed={one: (before[one], after[one]) for one in after if one in before and before[one] != after[one]},
        rung=rung,
        rung_after=site.state.rung,
        climb=climb,
        climb_after=_climb(site, now),
        recalled=stage == "verifying" and stage_after == "rectifying",
        completed=stage == "rectifying" and stage_after == "verifying",
    )


def impact_on_city(city: CityAggregate, command: AmendCity, now: datetime) -> CityImpact:
    """The impact on this city at `now`. Modifies `city`."""
    before = _deadlines(city)
    if city.state.ended_at is None:
        for event in list(city.decide(command, EventTime(now, now))):
            city.apply(event, now, now, command.actor)
    receipt, deployment, decision = (Moved(before=b, after=a) for b, a in zip(before, _deadlines(city), strict=True))
    return CityImpact(city=city.terms.code, receipt=receipt, deployment=deployment, decision=decision)


def _climb(site: SiteAggregate, now: datetime) -> Climb | None:
    found = next_climb(site.terms, site.state, now)
    return Climb(rung=found[1].rung, on=found[0]) if found is not None else None


def _deadlines(city: CityAggregate) -> tuple[datetime | None, datetime | None, datetime | None]:
    s = city.state
    return (city.terms.receipt_due if s.receipt_signed_at is None else None, s.deployment_due, s.decision_due)
