"""Deadlines under an amended plan: counted from the same occasion by the new clause; nobody is overdue by surprise."""

from datetime import datetime, timedelta

from rules.calendar import clause_end, end_of, local_date
from schemas.calendar import Calendar, Clause

_DAY = timedelta(days=1)


def soonest(calendar: Calendar, at: datetime) -> datetime:
    """Before this no deadline moves: the end of the day after the amendment was received."""
    return end_of(calendar, local_date(calendar, at) + _DAY)


def eased(present: datetime | None, recomputed: datetime, floor: datetime) -> datetime:
    """A deadline that comes nearer leaves time until `floor`, unless it lay before that already."""
    if present is None or recomputed >= present:
        return recomputed
    return max(recomputed, min(present, floor))


def moved(
    calendars: tuple[Calendar, Calendar],
    clauses: tuple[Clause, Clause],
    occasion: datetime,
    present: datetime,
    at: datetime,
) -> datetime | None:
    """The new end of a clause that was occasioned at `occasion`, calendars and clauses as old and new.

    None where it stays. One that was set later than its clause says (it was received later) keeps that time.
    """
    old, new = (clause_end(c, occasion, clause) for c, clause in zip(calendars, clauses, strict=True))
    if old == new:
        return None
    due = eased(present, new + max(present - old, timedelta(0)), soonest(calendars[1], at))
    return None if due == present else due
