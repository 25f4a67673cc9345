"""What suspensions add to a deadline: summed, rounded up once, in local days."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import end_of, local_date
from rules.site.standing_time import moved, stood_still
from rules.site.state import Interval
from schemas.calendar import Calendar
from schemas.deferrals import UnmovedDeadline
from tests.support.budget import examples

BERLIN = Calendar(time_zone="Europe/Berlin")
ZONE = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
SUMMER, WINTER = date(2021, 3, 28), date(2021, 10, 31)
"""The days of 23 and of 25 hours."""

bounded = settings(max_examples=examples(200), derandomize=True, deadline=None, database=None)
DAYS = st.one_of(st.dates(date(2021, 3, 10), date(2021, 4, 10)), st.dates(date(2021, 10, 10), date(2021, 11, 10)))
TIMES = st.times(time(3), time(23, 59))
"""Times of the day that every local day has once."""
SPANS = st.lists(
    st.tuples(st.timedeltas(timedelta(microseconds=1), 3 * DAY), st.timedeltas(timedelta(), 5 * DAY)),
    min_size=1,
    max_size=6,
)
"""How long time ran, and how long it stood still then."""


def local(day: date, at: time, fold: int = 0) -> datetime:
    return datetime.combine(day, at.replace(fold=fold), ZONE).astimezone(UTC)


def stood(*intervals: tuple[datetime, datetime]) -> list[Interval]:
    return [Interval(since=since, until=until, reason="flood") for since, until in intervals]


def laid_out(begins: datetime, spans: list[tuple[timedelta, timedelta]]) -> list[tuple[datetime, datetime]]:
    found, at = [], begins
    for ran, still in spans:
        found.append((at + ran, at + ran + still))
        at = found[-1][1]
    return found


def in_wall_days(before: datetime, after: datetime) -> timedelta:
    """From one instant to another as a clock on the wall shows it."""
    return after.astimezone(ZONE).replace(tzinfo=None) - before.astimezone(ZONE).replace(tzinfo=None)


@bounded
@given(DAYS, TIMES, st.integers(1, 20))
def test_local_days_give_as_many_days_over_daylight_saving(day: date, at: time, days: int) -> None:
    since, until = local(day, at), local(day + days * DAY, at)
    assert stood_still(BERLIN, since, until) == days * DAY
    due = end_of(BERLIN, day)
    assert moved(BERLIN, UnmovedDeadline(due=due, since=since), stood((since, until))) == end_of(
        BERLIN, day + days * DAY
    )


@pytest.mark.parametrize("change", [SUMMER, WINTER])
@pytest.mark.parametrize("days", [1, 10])
def test_days_of_23_and_25_hours_are_days(change: date, days: int) -> None:
    since = local(change - DAY, time(9))
    whole = stood((since, local(change + (days - 1) * DAY, time(9))))
    assert moved(BERLIN, UnmovedDeadline(due=end_of(BERLIN, date(2021, 12, 1)), since=since), whole) == end_of(
        BERLIN, date(2021, 12, 1) + days * DAY
    )


def test_day_of_25_hours_is_one_day_also_in_pieces() -> None:
    since, until = local(WINTER - DAY, time(12)), local(WINTER, time(12))
    assert stood_still(BERLIN, since, until - timedelta(minutes=30)) == DAY, "24.5 hours, and no local day yet"
    deadline = UnmovedDeadline(due=end_of(BERLIN, date(2021, 12, 1)), since=since)
    morning = local(WINTER, time(6))
    assert moved(BERLIN, deadline, stood((since, morning), (morning, until))) == end_of(BERLIN, date(2021, 12, 2))


def test_minutes_over_the_repeated_hour_count_as_they_passed() -> None:
    since, until = local(WINTER, time(2, 40)), local(WINTER, time(2, 20), fold=1)
    assert stood_still(BERLIN, since, until) == timedelta(minutes=40)
    assert stood_still(BERLIN, local(SUMMER, time(1, 40)), local(SUMMER, time(3, 20))) == timedelta(minutes=40)


@bounded
@given(DAYS, TIMES, st.timedeltas(timedelta(), 4 * DAY), st.timedeltas(timedelta(), 2 * DAY))
def test_longer_suspension_never_counts_less(day: date, at: time, still: timedelta, more: timedelta) -> None:
    since = local(day, at)
    assert stood_still(BERLIN, since, since + still) <= stood_still(BERLIN, since, since + still + more)


@bounded
@given(DAYS, TIMES, st.integers(1, 15), SPANS)
def test_sum_is_given_back_and_less_than_a_day_more(
    day: date, at: time, ahead: int, spans: list[tuple[timedelta, timedelta]]
) -> None:
    set_at, due = local(day, at), end_of(BERLIN, day + ahead * DAY)
    intervals = laid_out(set_at, spans)
    found, total = due, timedelta()
    for number, (since, until) in enumerate(intervals, 1):
        so_far = stood(*intervals[:number])
        if since < found:
            total += stood_still(BERLIN, since, until)
        before, found = found, moved(BERLIN, UnmovedDeadline(due=due, since=set_at), so_far)
        assert found >= before, "never taken away again"
        assert total <= in_wall_days(due, found) < total + DAY


@bounded
@given(DAYS, TIMES, st.integers(1, 15), SPANS, st.data())
def test_pieces_of_a_suspension_give_what_the_whole_gives(
    day: date, at: time, ahead: int, spans: list[tuple[timedelta, timedelta]], data: st.DataObject
) -> None:
    set_at = local(day, at)
    whole = laid_out(set_at, spans)
    pieces = []
    for since, until in whole:
        cuts = data.draw(st.lists(st.timedeltas(timedelta(), until - since), max_size=4))
        marks = sorted({since, until, *(since + cut for cut in cuts)})
        pieces += list(pairwise(marks)) or [(since, until)]
    deadline = UnmovedDeadline(due=end_of(BERLIN, day + ahead * DAY), since=set_at)
    assert moved(BERLIN, deadline, stood(*pieces)) == moved(BERLIN, deadline, stood(*whole))


def test_only_what_stood_still_after_the_deadline_was_set_counts() -> None:
    day = date(2021, 6, 1)
    deadline = UnmovedDeadline(due=end_of(BERLIN, day), since=local(day, time(9)))
    before, over, late = (
        (local(day - 4 * DAY, time(9)), local(day - 2 * DAY, time(9))),
        (local(day - DAY, time(9)), local(day + DAY, time(9))),
        (local(day + 9 * DAY, time(9)), local(day + 12 * DAY, time(9))),
    )
    running = Interval(since=late[1], reason="flood")
    assert local_date(BERLIN, moved(BERLIN, deadline, [*stood(before, over, late), running])) == day + 2 * DAY
    assert moved(BERLIN, deadline, stood(before)) == deadline.due
