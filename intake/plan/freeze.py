"""Freezes a plan: resolves its calendar and computes its digest. Also moves a plan to other dates."""

import hashlib
from datetime import date

from intake.plan.day_limits import day_limits
from intake.plan.holidays import resolve_calendar
from schemas.calendar import FIRST_DAY, LAST_DAY
from schemas.canonical import canonical_json
from schemas.errors import InvalidInput
from schemas.plan import FrozenPlan, Plan


def freeze(plan: Plan) -> FrozenPlan:
    """The plan with its calendar; `digest` is the SHA-256 (hex) of the plan's canonical JSON, calendar not included."""
    text = canonical_json(plan.model_dump(mode="json"))
    return FrozenPlan(plan=plan, calendar=resolve_calendar(plan), digest=hashlib.sha256(text.encode()).hexdigest())


def redate(plan: Plan, starts_on: date) -> Plan:
    """The same plan with another start: its end, phases, survey rounds and draws move by the same number of days.

    Days in the plan's own calendar stay: they are facts of their year. Raises InvalidInput if a day of the moved plan
    lies outside the known calendars.
    """
    if not FIRST_DAY <= starts_on <= LAST_DAY:
        raise InvalidInput(f"a campaign can not begin on {starts_on}; expected a day from {FIRST_DAY} to {LAST_DAY}")
    shift = starts_on - plan.starts_on
    phases = [
        phase.model_copy(update={"starts_on": phase.starts_on + shift, "ends_on": phase.ends_on + shift})
        for phase in plan.phases
    ]
    checks = plan.spot_check
    moved = plan.model_copy(
        update={
            "starts_on": starts_on,
            "ends_on": plan.ends_on + shift,
            "phases": tuple(phases),
            "survey": plan.survey.moved(shift) if plan.survey is not None else None,
            "sweep": plan.sweep.moved(shift) if plan.sweep is not None else None,
            "spot_check": checks.moved(shift) if checks is not None else None,
            "patrol": plan.patrol.moved(shift) if plan.patrol is not None else None,
        },
    )
    for _, expected in day_limits(moved.starts_on, moved.ends_on, moved.calendar.source):
        raise InvalidInput(f"a campaign can not begin on {starts_on}; expected {expected}")
    until = moved.patrol.until if moved.patrol is not None else None
    last = max(moved.ends_on, until or moved.ends_on)
    if last > LAST_DAY:
        raise InvalidInput(f"a campaign can not begin on {starts_on} and reach {last}; expected a day up to {LAST_DAY}")
    return moved
