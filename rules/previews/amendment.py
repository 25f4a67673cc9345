"""What an amendment does to one site or one desk: found by letting it happen to a copy, by the rules themselves."""

from datetime import date, datetime

from rules.aggregate import Received
from rules.city.aggregate import CityAggregate
from rules.site.aggregate import SiteAggregate
from rules.site.deadlines import next_climb
from rules.site.work import in_force
from schemas.amendments import AmendCity, AmendSite
from schemas.base import Instant, StoredModel
from schemas.stages import OPEN


class Moved(StoredModel):
    """A deadline before and after; equal where it stays."""

    before: Instant | None = None
    after: Instant | None = None

    @property
    def moves(self) -> bool:
        return self.before != self.after


class Climb(StoredModel):
    """The rung that comes next, and its day."""

    rung: int
    on: date


class SiteImpact(StoredModel):
    """What changes at a site; quantities are those of the requirement, whatever is done of it.

    `due` is the deadline of what is awaited: the work's, or the verdict's. `recalled` says that the site goes back from
    verification to work, `completed` that nothing is left to do, so that it is verified.
    """

    site_id: str
    city: str
    stage: str
    stage_after: str
    due: Moved
    ends: Moved
    added: dict[str, float] = {}
    removed: dict[str, float] = {}
    changed: dict[str, tuple[float, float]] = {}
    rung: int = 0
    rung_after: int = 0
    climb: Climb | None = None
    climb_after: Climb | None = None
    recalled: bool = False
    completed: bool = False

    @property
    def touched(self) -> bool:
        """Whether anything of it changes that its people must know."""
        return (
            self.due.moves
            or bool(self.added or self.removed or self.changed)
            or self.climb != self.climb_after
            or self.rung != self.rung_after
            or self.stage != self.stage_after
        )


class CityImpact(StoredModel):
    """What changes of a desk's own deadlines."""

    city: str
    receipt: Moved = Moved()
    deployment: Moved = Moved()
    decision: Moved = Moved()


def impact_on_site(case: SiteAggregate, command: AmendSite, now: datetime) -> SiteImpact | None:
    """What the amendment does to this site at `now`; None for one that is not open by then. The case lives on in it."""
    case.advance((), now)
    if case.state.stage not in OPEN:
        return None
    stage, due, ends, climb = case.state.stage, case.current_due(), case.terms.ends_at, _climb(case, now)
    rung, before = case.state.rung, {r.id: r.quantity for r in in_force(case.terms, case.state)}
    case.advance([Received(command, now)], now)
    after = {r.id: r.quantity for r in in_force(case.terms, case.state)}
    stage_after = case.state.stage
    return SiteImpact(
        site_id=case.terms.site_id,
        city=case.terms.city,
        stage=stage,
        stage_after=stage_after,
        due=Moved(before=due, after=case.current_due()),
        ends=Moved(before=ends, after=case.terms.ends_at),
        added={one: quantity for one, quantity in after.items() if one not in before},
        removed={one: quantity for one, quantity in before.items() if one not in after},
        changed={one: (before[one], after[one]) for one in after if one in before and before[one] != after[one]},
        rung=rung,
        rung_after=case.state.rung,
        climb=climb,
        climb_after=_climb(case, now),
        recalled=stage == "verifying" and stage_after == "rectifying",
        completed=stage == "rectifying" and stage_after == "verifying",
    )


def impact_on_city(desk: CityAggregate, command: AmendCity, now: datetime) -> CityImpact:
    """What the amendment does to this desk at `now`."""
    before = _deadlines(desk)
    if desk.state.ended_at is None:
        for event in list(desk.decide(command, now)):
            desk.apply(event, now, command.actor)
    receipt, deployment, decision = (Moved(before=b, after=a) for b, a in zip(before, _deadlines(desk), strict=True))
    return CityImpact(city=desk.terms.code, receipt=receipt, deployment=deployment, decision=decision)


def _climb(case: SiteAggregate, now: datetime) -> Climb | None:
    found = next_climb(case.terms, case.state, now)
    return Climb(rung=found[1].rung, on=found[0]) if found is not None else None


def _deadlines(desk: CityAggregate) -> tuple[datetime | None, datetime | None, datetime | None]:
    s = desk.state
    return (desk.terms.receipt_due if s.receipt_signed_at is None else None, s.deployment_due, s.decision_due)
