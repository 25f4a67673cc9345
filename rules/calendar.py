"""Working days, clauses and dispatch hours.

A clause counts from the day after its occasion (the day of issue is not counted). Its deadline is the midnight that
ends its last day, in the campaign's time zone. Oracle: Henan 2021, 107 calendar days, 71 working
days, 3 make-up days.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from schemas import local_time
from schemas.calendar import Calendar, Clause, DayUnit
from schemas.phase_end import PhaseEndTerms, PhaseStartTerms, Within

_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether offices work on this day."""
    if day in calendar.work_days:
        return True
    return day.weekday() < 5 and day not in calendar.off_days


def is_provisional(calendar: Calendar, day: date) -> bool:
    """Whether this day's holidays were not yet published when the calendar was frozen."""
    return calendar.published_until is not None and day > calendar.published_until


def next_working_day(calendar: Calendar, day: date) -> date:
    """The first working day on or after `day`."""
    while not is_working_day(calendar, day):
        day += _DAY
    return day


def previous_working_day(calendar: Calendar, day: date) -> date:
    """The last working day on or before `day`."""
    while not is_working_day(calendar, day):
        day -= _DAY
    return day


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    while first <= last:
        yield first
        first += _DAY


def count_working_days(calendar: Calendar, first: date, last: date) -> int:
    """Working days from `first` to `last`, both included."""
    return sum(is_working_day(calendar, day) for day in days_between(first, last))


def add_clause(calendar: Calendar, day: date, clause: Clause) -> date:
    """The last day of a clause with its occasion on `day`."""
    if clause.unit is DayUnit.CALENDAR_DAYS:
        return day + timedelta(days=clause.amount)
    for _ in range(clause.amount):
        day = next_working_day(calendar, day + _DAY)
    return day


def latest_occasion(calendar: Calendar, last: date, clause: Clause) -> date:
    """The latest occasion of a clause that ends by `last`: the inverse of `add_clause`."""
    if clause.unit is DayUnit.CALENDAR_DAYS:
        return last - timedelta(days=clause.amount)
    for _ in range(clause.amount):
        last = previous_working_day(calendar, last) - _DAY
    return last


def local_date(calendar: Calendar, instant: datetime) -> date:
    """The date of an instant in the campaign's time zone."""
    return local_time.local_day(instant, _zone(calendar.time_zone))


def local_time_of_day(calendar: Calendar, instant: datetime) -> time:
    """The time of day of an instant in the campaign's time zone."""
    return local_time.local_time(instant, _zone(calendar.time_zone)).time()


def shown_instant(calendar: Calendar, instant: datetime) -> str:
    """An instant for people: in the campaign's time zone, to the minute."""
    return local_time.shown_instant(instant, _zone(calendar.time_zone))


@lru_cache(maxsize=8192)
def _instant(zone: str, day: date, at: time) -> datetime:
    return datetime.combine(day, at, _zone(zone)).astimezone(UTC)


def start_of(calendar: Calendar, day: date, at: time = time(0)) -> datetime:
    """The instant at which `day` begins (or its time of day `at`), in UTC."""
    return _instant(calendar.time_zone, day, at)


def end_of(calendar: Calendar, day: date) -> datetime:
    """The midnight that ends `day`: a deadline on `day` holds until this instant."""
    return start_of(calendar, day + _DAY)


def last_day_of(calendar: Calendar, due: datetime) -> date:
    """The day that a deadline instant ends: the inverse of `end_of`."""
    return local_time.last_day(due, _zone(calendar.time_zone))


def clause_end(calendar: Calendar, occasion: datetime, clause: Clause) -> datetime:
    """The deadline instant of a clause with this occasion."""
    return end_of(calendar, add_clause(calendar, local_date(calendar, occasion), clause))


def due_by(calendar: Calendar, occasion: datetime, within: Within) -> datetime:
    """The deadline of a site's clause with this occasion: a number of days, or the end of a phase.

    The latter never lies before the end of its own clause, so that what begins after the phase has time too. Days count
    from the first day of the phase that opens this work, if the occasion came before it.
    """
    if isinstance(within, PhaseStartTerms):
        return clause_end(calendar, counts_from(occasion, within), within.clause)
    if isinstance(within, PhaseEndTerms):
        return max(within.ends_at, clause_end(calendar, occasion, within.or_at_least))
    return clause_end(calendar, occasion, within)


def counts_from(occasion: datetime, within: Within) -> datetime:
    """When the days of a clause with this occasion begin to count: not before the phase that opens this work."""
    return max(occasion, within.starts_at) if isinstance(within, PhaseStartTerms) else occasion


def clause_ahead(calendar: Calendar, occasion: datetime, now: datetime, clause: Clause) -> datetime:
    """The deadline of what happens by itself at `occasion`: from `now` where it had passed before it was recorded."""
    due = clause_end(calendar, occasion, clause)
    return due if due > now else clause_end(calendar, now, clause)


def period_after(calendar: Calendar, due: datetime, every: Clause) -> datetime:
    """The end of the period after the one that ends at `due`, where periods of a clause follow each other."""
    return end_of(calendar, add_clause(calendar, last_day_of(calendar, due), every))


def is_too_late(calendar: Calendar, claimed: datetime, received_at: datetime, tolerance: Clause) -> bool:
    """Whether an event time is older than the tolerance for late reports."""
    if received_at - claimed > timedelta(days=3 * tolerance.amount + 60):  # no computation for the year 1
        return True
    if received_at - claimed <= timedelta(days=tolerance.amount):  # the usual case, cheap; a clause is never shorter
        return False
    return clause_end(calendar, claimed, tolerance) < received_at


def dispatch_after(calendar: Calendar, instant: datetime) -> datetime:
    """The first dispatch hour (office opening of a working day) strictly after `instant`."""
    day = next_working_day(calendar, local_date(calendar, instant))
    at = start_of(calendar, day, calendar.office.opens)
    if at <= instant:
        at = start_of(calendar, next_working_day(calendar, day + _DAY), calendar.office.opens)
    return at


def office_hour(calendar: Calendar, instant: datetime) -> datetime:
    """The instant itself within the office hours of a working day, else the next opening."""
    day = local_date(calendar, instant)
    opens, closes = (start_of(calendar, day, at) for at in (calendar.office.opens, calendar.office.closes))
    return instant if is_working_day(calendar, day) and opens <= instant < closes else dispatch_after(calendar, instant)


def dispatch_due(calendar: Calendar, last: datetime, now: datetime) -> datetime:
    """The dispatch hour that follows `last`, seen from `now`.

    A dispatch whose office hours have passed (an outage) is not made up at night or on a day off: the next dispatch
    includes everything pending.
    """
    at = dispatch_after(calendar, last)
    if now < start_of(calendar, local_date(calendar, at), calendar.office.closes):
        return at
    today = start_of(calendar, local_date(calendar, now), calendar.office.opens)
    closes = start_of(calendar, local_date(calendar, now), calendar.office.closes)
    if is_working_day(calendar, local_date(calendar, now)) and today <= now < closes:
        return today
    return dispatch_after(calendar, now)


def graced(calendar: Calendar, notified: datetime, clause: Clause) -> datetime:
    """The end of a clause that counts from the first working day on or after `notified`."""
    day = next_working_day(calendar, local_date(calendar, notified))
    return clause_end(calendar, start_of(calendar, day), clause)
