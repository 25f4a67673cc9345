"""When the weekly briefing is cut off.

Week 1 is the week, Monday to Sunday, that holds the campaign's first day. The cut-off lies on the plan's weekday; if
that is a day off, on the last working day of the same week before it; a week that has none is left out.
"""

from datetime import date, datetime, timedelta

from rules.calendar import local_date, previous_working_day, start_of
from schemas.calendar import Calendar
from schemas.ladder import Briefing

_WEEK = timedelta(days=7)


def week_of(starts_on: date, day: date) -> int:
    """The number of the week that holds `day`; below 1 before the campaign's first week."""
    return (_monday(day) - _monday(starts_on)).days // 7 + 1


def cutoff_of(calendar: Calendar, briefing: Briefing, starts_on: date, week: int) -> datetime | None:
    """The cut-off of one week; None if no day of it, up to the plan's weekday, is a working day."""
    monday = _monday(starts_on) + _WEEK * (week - 1)
    day = previous_working_day(calendar, monday + timedelta(days=briefing.weekday - 1))
    return start_of(calendar, day, briefing.cutoff) if day >= monday else None


def next_cutoff(
    calendar: Calendar,
    briefing: Briefing,
    starts_on: date,
    after: datetime,
    ends_at: datetime | None = None,
) -> tuple[int, datetime] | None:
    """The first (week, cut-off) strictly after `after`: the issue of the plan, or the cut-off before.

    None if it would lie after `ends_at`; without an end there is always a next one.
    """
    week = max(1, week_of(starts_on, local_date(calendar, after)))
    while ends_at is None or _monday_of(calendar, starts_on, week) <= ends_at:
        cutoff = cutoff_of(calendar, briefing, starts_on, week)
        if cutoff is not None and cutoff > after:
            return (week, cutoff) if ends_at is None or cutoff <= ends_at else None
        week += 1
    return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _monday_of(calendar: Calendar, starts_on: date, week: int) -> datetime:
    return start_of(calendar, _monday(starts_on) + _WEEK * (week - 1))
