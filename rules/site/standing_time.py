"""Standing time: what suspensions (中止) add to a deadline, whatever it is a deadline of.

The time between a carry-over that did not stand and its reinstatement is standing time as well: nobody could act then.

What stood still is summed over every suspension that began before the deadline was over, and the sum is rounded up
once, to the midnight that ends a day: no deadline gains a day beyond what stood still. Each time it is computed anew
from the deadline as it was set, so that it does not matter when, or how often, a site was suspended.

A local day that stood still from one time of the day to the same time of the next counts as a day, also where the
change of daylight saving makes it an hour longer or shorter; the rest of a suspension counts exactly, up to a day.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from rules.calendar import local_date, local_time_of_day, start_of
from rules.site.state import Interval
from schemas.calendar import Calendar
from schemas.deferrals import UnmovedDeadline

_DAY = timedelta(days=1)


def moved(calendar: Calendar, deadline: UnmovedDeadline, suspensions: Iterable[Interval]) -> datetime:
    """The deadline after what stood still since it counts; one that is running does not count yet."""
    due, total = deadline.due, timedelta()
    for since, until in _ended(suspensions):
        begun = max(since, deadline.since)
        if begun >= due:
            break
        if until > begun:
            total += stood_still(calendar, begun, until)
            due = _rounded_up(calendar, deadline.due, total)
    return due


def stood_still(calendar: Calendar, since: datetime, until: datetime) -> timedelta:
    """What one suspension counts: whole local days, and exactly what is left of it."""
    first, time_of_day = local_date(calendar, since), local_time_of_day(calendar, since)
    days = local_date(calendar, until) - first
    if days and start_of(calendar, first + days, time_of_day) > until:
        days -= _DAY
    rest = until - (start_of(calendar, first + days, time_of_day) if days else since)
    return days + min(rest, _DAY)


def _ended(suspensions: Iterable[Interval]) -> Iterator[tuple[datetime, datetime]]:
    """The suspensions that have ended, in order; of two that meet or overlap it makes one."""
    run: tuple[datetime, datetime] | None = None
    for one in sorted(suspensions, key=lambda one: one.since):
        if one.until is None:
            continue
        if run is not None and one.since <= run[1]:
            run = run[0], max(run[1], one.until)
            continue
        if run is not None:
            yield run
        run = one.since, one.until
    if run is not None:
        yield run


def _rounded_up(calendar: Calendar, due: datetime, by: timedelta) -> datetime:
    day = local_date(calendar, due)
    whole = due - start_of(calendar, day) + by
    return start_of(calendar, day - (-whole // _DAY) * _DAY) if by else due
