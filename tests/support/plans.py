"""A small campaign for workflow tests: one city or two, two requirements, two levels of acceptance."""

from datetime import UTC, datetime, timedelta
from typing import Any

from intake.plan.freeze import freeze
from rules.calendar import start_of
from schemas.actor import Actor, Role
from schemas.clock import Clock
from schemas.evidence import Evidence
from schemas.plan import FrozenPlan, Plan
from schemas.register import Problem, Site
from schemas.site.commands import CompleteTask, Verify

CREW = Actor(id="crew-1", role=Role.CITY, unit="east")
COUNTY = Actor(id="inspector-1", role=Role.COUNTY, unit="first county")
CITY_BUREAU = Actor(id="inspector-2", role=Role.CITY, unit="Duty desk")
PROVINCE = Actor(id="province-1", role=Role.PROVINCE, unit="Province")

PLAN: dict[str, Any] = {
    "title": "Remediation of the east",
    "issuing_agencies": [{"name": "Department of Natural Resources"}],
    "province": "Province",
    "language": "en",
    "starts_on": "2021-07-17",
    "ends_on": "2021-10-31",
    "clauses": {
        "deployment": {"amount": 5, "unit": "working_days"},
        "rectification": {"amount": 45, "unit": "calendar_days"},
        "re_rectification": {"amount": 10, "unit": "working_days"},
    },
    "division_codes": "free",
    "catalogue": [
        {"id": "signs", "title": "Warning signs", "unit": "piece"},
        {"id": "seal", "title": "Seal the adit", "unit": "adit", "problems": ["adit"], "evidence": ["before", "after"]},
    ],
    "cities": [{"code": "east", "name": "East", "lead": "Mayor's office", "recipients": [{"name": "Duty desk"}]}],
    "reminder_days": [7, 3],
    "ladder": [
        {"rung": 2, "instrument": "supervision_order", "after": {"amount": 1, "unit": "calendar_days"}},
        {"rung": 3, "instrument": "circular", "after": {"amount": 5, "unit": "working_days"}},
    ],
    "verification": {
        "levels": [{"id": "county", "title": "County", "by": "county"}, {"id": "city", "title": "City", "by": "city"}]
    },
}


def frozen_plan(campaign_id: str, **changes: Any) -> FrozenPlan:
    """The plan under another id, with changes to its fields."""
    return freeze(Plan.model_validate({**PLAN, "id": campaign_id, "document_number": f"{campaign_id}/1", **changes}))


def site(number: int, city: str = "east") -> Site:
    """A pit with one open adit: it needs one sign and one seal."""
    return Site(
        id=f"{city}-{number:03}",
        name=f"Pit {number}",
        city=city,
        county="first county",
        type="pit",
        problems=(Problem(kind="adit"),),
    )


BEFORE_NINE = timedelta(hours=8, minutes=50)
"""A clock that begins so long after midnight has the plan issued after ten minutes, at the first dispatch hour."""


def clock_from(frozen: FrozenPlan, day_seconds: float, begins: timedelta = timedelta()) -> Clock:
    """Campaign time that runs a day in so many seconds.

    It begins now, so long after the midnight with which the plan's first day begins (or before it, where negative).
    """
    origin = start_of(frozen.calendar, frozen.plan.starts_on) + begins
    return Clock(real_origin=datetime.now(UTC), campaign_origin=origin, rate=86400 / day_seconds)


def report(requirement: str, command_id: str, at: datetime, *, actor: Actor = CREW, **more: Any) -> CompleteTask:
    """A whole requirement done, with all its evidence."""
    evidence = tuple(Evidence(phase=phase, ref=f"{command_id}-{phase}.jpg") for phase in ("before", "after"))
    return CompleteTask(
        command_id=command_id,
        actor=actor,
        effective_at=at,
        requirement=requirement,
        **{"quantity": 1, "evidence": evidence, **more},
    )


def verdict(level: str, command_id: str, at: datetime, actor: Actor, *, passed: bool = True, **more: Any) -> Verify:
    return Verify(command_id=command_id, actor=actor, effective_at=at, level=level, passed=passed, **more)


HOUR = timedelta(hours=1)
