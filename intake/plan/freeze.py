"""Freezes a plan: resolves its calendar and computes its digest. Also moves a plan to other dates."""

import hashlib
from datetime import date

from intake.plan.holidays import resolve_calendar
from schemas.canonical import canonical_json
from schemas.errors import InvalidInput
from schemas.plan import FrozenPlan, Plan


def freeze(plan: Plan) -> FrozenPlan:
    """The plan with its calendar; `digest` is the SHA-256 (hex) of the plan's canonical JSON, calendar not included."""
    text = canonical_json(plan.model_dump(mode="json"))
    return FrozenPlan(plan=plan, calendar=resolve_calendar(plan), digest=hashlib.sha256(text.encode()).hexdigest())


_LAST_YEAR = 9000
"""The last year of a start date: Python's dates end in 9999, and the calendar must cover the campaign's clauses."""


def redate(plan: Plan, starts_on: date) -> Plan:
    """The same plan with another start: its end, phases, survey rounds and draws move by the same number of days.

    Days in the plan's own calendar stay: they are facts of their year.
    """
    shift = starts_on - plan.starts_on
    if starts_on.year > _LAST_YEAR:
        raise InvalidInput(f"a campaign can not begin on {starts_on}; expected a day up to the year {_LAST_YEAR}")
    phases = [
        phase.model_copy(update={"starts_on": phase.starts_on + shift, "ends_on": phase.ends_on + shift})
        for phase in plan.phases
    ]
    checks = plan.spot_check
    return plan.model_copy(
        update={
            "starts_on": starts_on,
            "ends_on": plan.ends_on + shift,
            "phases": tuple(phases),
            "survey": plan.survey.moved(shift) if plan.survey is not None else None,
            "spot_check": checks.moved(shift) if checks is not None else None,
            "patrol": plan.patrol.moved(shift) if plan.patrol is not None else None,
        },
    )
