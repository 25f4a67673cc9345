"""The days of reminders and of a site's escalation; both are working days.

A day that was missed (an outage) is replaced by the first working day from now, and later steps count from that day:
missed rungs are reached in order, each with a full grace period.
"""

from datetime import date, datetime, timedelta

from rules.calendar import (
    add_clause,
    last_day_of,
    local_date,
    next_working_day,
    previous_working_day,
    start_of,
)
from schemas.calendar import Calendar, Clause
from schemas.site.terms import RungTerms

_DAY = timedelta(days=1)


def caught_up(calendar: Calendar, day: date, now: datetime, office: bool = False) -> date:
    """The working day, as of `now`, for something scheduled for `day`.

    With `office` a day is missed once its dispatch hour is over: the document would be issued a day later, together
    with that of the next rung.
    """
    day = next_working_day(calendar, day)
    if now < (start_of(calendar, day, calendar.office.opens) if office else start_of(calendar, day) + _DAY):
        return day
    today = local_date(calendar, now)
    if office and now >= start_of(calendar, today, calendar.office.opens):
        today += _DAY
    return next_working_day(calendar, today)


def next_rung(
    calendar: Calendar,
    ladder: tuple[RungTerms, ...],
    *,
    reached: int,
    due: datetime,
    reached_on: date | None,
    not_before: date | None,
    now: datetime,
) -> tuple[date, RungTerms] | None:
    """The next rung above `reached` and its day; None at the top.

    The first rung counts from the last day of the deadline, and is never reached before it is over; a later one counts
    from the day of the rung before. After the dispatch hour of its day a rung moves to the next working day.
    `not_before` is the first day on which the site may climb again after a suspension.
    """
    for terms in ladder:
        if terms.rung > reached:
            base = reached_on or last_day_of(calendar, due)
            return climbs_on(calendar, base, terms.after, due, now, not_before, office=True), terms
    return None


def climbs_on(
    calendar: Calendar,
    base: date,
    after: Clause,
    due: datetime,
    now: datetime,
    not_before: date | None = None,
    office: bool = False,
) -> date:
    """The working day on which the clause from `base` takes effect; never before the deadline has passed."""
    day = max(add_clause(calendar, base, after), local_date(calendar, due))
    if not_before is not None:
        day = max(day, not_before)
    return caught_up(calendar, day, now, office)


def next_reminder(
    calendar: Calendar,
    reminder_days: tuple[int, ...],
    *,
    due: datetime,
    reminded: int | None,
    since: datetime,
    now: datetime,
) -> tuple[date, int] | None:
    """The next reminder (its day, and its number of days before the deadline); None if none is left.

    A reminder on a day off moves to the working day before it. Days before `since` (when this deadline was heard
    of) are left out; of several missed reminders only the nearest to the deadline is sent.
    """
    last = last_day_of(calendar, due)
    found: tuple[date, int] | None = None
    for days in sorted(reminder_days, reverse=True):
        if reminded is not None and days >= reminded:
            continue
        scheduled = previous_working_day(calendar, last - timedelta(days=days))
        if start_of(calendar, scheduled) <= since:
            continue
        day = caught_up(calendar, scheduled, now)
        if start_of(calendar, day) >= due:
            continue
        if found is None or day <= found[0]:
            found = (day, days)
    return found


def is_behind(done: int, requirements: int, since: datetime, due: datetime, at: datetime) -> bool:
    """Whether work is behind (yellow notice): the done share is less than half the elapsed share of the time."""
    if not requirements or due <= since:
        return False
    return 2 * done * (due - since) < requirements * (at - since)
