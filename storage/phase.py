"""Where a campaign and a site stand at a moment: pure, from the plan and the state rows."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.plan import Plan

OPEN_STAGES = frozenset({"registered", "rectifying", "verifying"})


def phase_of(plan: Plan, state: str, as_of: datetime) -> str:
    """`closing`, `closed` and `stopped` are the campaign's own states; before the start it is `not_started`.

    Else the phase that contains the day in the plan's time zone, of several the one that started last;
    `running` if the plan has none for this day.
    """
    if state in ("closing", "closed", "stopped"):
        return state
    today = _local_day(as_of, plan.zone)
    if today < plan.starts_on:
        return "not_started"
    current = [phase for phase in plan.phases if phase.starts_on <= today <= phase.ends_on]
    return max(current, key=lambda phase: phase.starts_on).id if current else "running"


def day_of(plan: Plan, as_of: datetime) -> tuple[int, int]:
    """(day, days): 0 before the start, 1 on `starts_on`, and `days` from the last day on."""
    days = (plan.ends_on - plan.starts_on).days + 1
    day = (_local_day(as_of, plan.zone) - plan.starts_on).days + 1
    return min(max(day, 0), days), days


def is_overdue(stage: str, suspended: bool, due_at: datetime | None, as_of: datetime) -> bool:
    """An open site, not suspended, whose due date is past."""
    return stage in OPEN_STAGES and not suspended and due_at is not None and due_at < as_of


def days_overdue(due_at: datetime, as_of: datetime, zone: ZoneInfo) -> int:
    """Calendar days since the due day, 1 on the day after it; `due_at` is the midnight that ends that day."""
    due_day = _local_day(due_at - timedelta(microseconds=1), zone)
    return (_local_day(as_of, zone) - due_day).days


def _local_day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()
