"""When reminders go out and when a site climbs. Both happen on working days only.

An instant that was missed by a day or more (an outage) is caught up on the first working day from now, and what
follows is counted from that day: missed rungs come in order, each with a fresh grace period.
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
    """The working day on which something scheduled for `day` happens, seen from `now`.

    With `office` a day whose dispatch hour is over is over: what happened then would be told the day after, and its
    next rung with it.
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

    The first rung after a deadline counts from its last day, which always passes first; a later one from the day of
    the rung before. A rung that is found after the dispatch hour of its day moves to the next working day.
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
    """The working day on which the clause from `base` brings something about; never before the deadline passed."""
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
    """The next reminder (its day, and how many days before the deadline it stands for); None if none is left.

    A reminder moves to the working day before, never closer to the deadline. Days that lie before `since` (when this
    deadline was set) are left out; of several missed ones only the nearest to the deadline goes out.
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
    """Whether work is behind (the yellow sheet): the share done is less than half the share of the time that passed."""
    if not requirements or due <= since:
        return False
    return 2 * done * (due - since) < requirements * (at - since)
