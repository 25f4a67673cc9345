"""Deadlines under an amended plan: counted from the same occasion by the new clause, with at least a day's notice."""

from datetime import datetime, timedelta

from rules.calendar import clause_end, end_of, local_date
from schemas.calendar import Calendar, Clause

_DAY = timedelta(days=1)


def soonest(calendar: Calendar, heard_at: datetime) -> datetime:
    """The floor of moved deadlines: the end of the day after who must act heard of it."""
    return end_of(calendar, local_date(calendar, heard_at) + _DAY)


def eased(present: datetime | None, recomputed: datetime, floor: datetime) -> datetime:
    """The recomputed deadline, but not before `floor` unless the present one is already before it."""
    if present is None or recomputed >= present:
        return recomputed
    return max(recomputed, min(present, floor))


def moved(
    calendars: tuple[Calendar, Calendar],
    clauses: tuple[Clause, Clause],
    occasion: datetime,
    present: datetime,
    heard_at: datetime,
) -> datetime | None:
    """The new deadline of a clause with this occasion, from the old and new calendar and clause.

    None if it is unchanged. A deadline that was later than its clause gives (it was received later) keeps the
    difference.
    """
    old, new = (clause_end(c, occasion, clause) for c, clause in zip(calendars, clauses, strict=True))
    if old == new:
        return None
    due = eased(present, new + max(present - old, timedelta(0)), soonest(calendars[1], heard_at))
    return None if due == present else due
