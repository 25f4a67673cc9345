"""What a plan's patrol comes to: its duties and the instant at which it is over."""

from datetime import datetime, timedelta

from rules.calendar import clause_end, end_of
from schemas.patrol import DutyTerms, PatrolTerms
from schemas.plan import FrozenPlan


def patrol_of(frozen: FrozenPlan) -> PatrolTerms | None:
    """The regime of every city of the plan; None where there is none."""
    patrol, until = frozen.plan.patrol, patrol_until(frozen)
    if patrol is None or until is None:
        return None
    return PatrolTerms(
        duties=tuple(DutyTerms(duty=one.duty, title=one.title, every=one.every) for one in patrol.duties),
        until=until,
        requirements=tuple(entry.id for entry in frozen.plan.catalogue),
    )


def patrol_until(frozen: FrozenPlan) -> datetime | None:
    """The midnight that ends the patrol's last day; None where the plan has no patrol."""
    plan, patrol = frozen.plan, frozen.plan.patrol
    if patrol is None:
        return None
    if patrol.until is not None:
        return end_of(frozen.calendar, patrol.until)
    assert patrol.lasts is not None  # the model asks for one of the two
    last_day = end_of(frozen.calendar, plan.ends_on) - timedelta(microseconds=1)
    return clause_end(frozen.calendar, last_day, patrol.lasts)
