"""Days: the Henan oracles, clauses with their own unit, deadlines at midnight, and dispatch hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import (
    add_clause,
    clause_end,
    count_working_days,
    days_between,
    dispatch_after,
    dispatch_due,
    end_of,
    is_provisional,
    is_working_day,
    last_day_of,
    local_date,
    next_working_day,
    previous_working_day,
    start_of,
)
from schemas.calendar import Calendar, Office
from tests.support.budget import examples
from tests.support.sample_terms import HENAN, calendar_days, on, working

bounded = settings(max_examples=examples(150), derandomize=True, deadline=None, database=None)

START, END = date(2021, 7, 17), date(2021, 10, 31)
DST_ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",  # changed its clocks at midnight
    "America/Havana",  # has an hour after midnight twice
    "Africa/Cairo",  # has days that begin at one in the morning
    "Australia/Lord_Howe",  # shifts by half an hour
    "UTC",
)
SOME_DAY = st.dates(date(2005, 1, 1), date(2026, 12, 31))
ZONES = st.sampled_from(DST_ZONES)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    near = st.dates(date(2021, 6, 1), date(2021, 12, 31))
    return Calendar(
        time_zone=draw(ZONES),
        off_days=draw(st.frozensets(near, max_size=25)),
        work_days=draw(st.frozensets(near, max_size=10)),
        office=Office(opens=time(draw(st.integers(3, 10))), closes=time(draw(st.integers(12, 22)))),
    )


INSTANTS = st.datetimes(datetime(2021, 6, 20), datetime(2021, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
CLAUSES = st.builds(lambda n, w: working(n) if w else calendar_days(n), st.integers(0, 40), st.booleans())


# -- the oracles of the Henan campaign ---------------------------------------------------------------------------------


def test_henan_calendar_has_107_days_and_71_working_days() -> None:
    assert len(list(days_between(START, END))) == 107
    assert count_working_days(HENAN, START, END) == 71


def test_its_hundredth_day_is_24_october() -> None:
    assert list(days_between(START, END))[99] == date(2021, 10, 24)


def test_henan_calendar_has_three_make_up_weekend_workdays() -> None:
    made_up = [d for d in days_between(START, END) if d.weekday() >= 5 and is_working_day(HENAN, d)]
    assert made_up == [date(2021, 9, 18), date(2021, 9, 26), date(2021, 10, 9)]


def test_the_golden_week_and_mid_autumn_rest() -> None:
    rest = [d for d in days_between(date(2021, 9, 18), date(2021, 10, 9)) if not is_working_day(HENAN, d)]
    assert rest == [date(2021, 9, d) for d in (19, 20, 21, 25)] + [date(2021, 10, d) for d in (1, 2, 3, 4, 5, 6, 7)]


# -- clauses -----------------------------------------------------------------------------------------------------------


def test_one_day_and_then_five_working_days_over_the_golden_week() -> None:
    first = add_clause(HENAN, date(2021, 9, 29), calendar_days(1))
    assert first == date(2021, 9, 30)
    # Fri 8 Oct, the make-up Saturday 9 Oct, Mon 11, Tue 12, Wed 13.
    assert add_clause(HENAN, first, working(5)) == date(2021, 10, 13)


@pytest.mark.parametrize(
    ("amount", "last"),
    [
        (1, date(2021, 9, 17)),
        (3, date(2021, 9, 22)),  # Sat 18 works, Sun 19 to Tue 21 rest
        (5, date(2021, 9, 24)),
        (10, date(2021, 9, 30)),  # Sun 26 works
        (20, date(2021, 10, 20)),
    ],
)
def test_working_days_counted_from_thursday_16_september(amount: int, last: date) -> None:
    assert add_clause(HENAN, date(2021, 9, 16), working(amount)) == last


def test_extension_request_due_20_working_days_before_end() -> None:
    days = [d for d in days_between(START, END) if is_working_day(HENAN, d)]
    assert add_clause(HENAN, days[-21], working(20)) == days[-1] == date(2021, 10, 29)


def test_calendar_days_count_days_off_and_may_end_on_one() -> None:
    assert add_clause(HENAN, date(2021, 9, 28), calendar_days(10)) == date(2021, 10, 8)
    assert add_clause(HENAN, date(2021, 9, 30), calendar_days(3)) == date(2021, 10, 3)


def test_clause_excludes_issue_day_and_includes_last_day() -> None:
    assert clause_end(HENAN, on(7, 19, 9), working(1)) == on(7, 21)
    assert clause_end(HENAN, on(7, 19, 23, 59), working(1)) == on(7, 21)
    assert clause_end(HENAN, on(7, 20), working(1)) == on(7, 22), "midnight belongs to the day that begins"


def test_a_clause_of_no_days_ends_with_its_own_day() -> None:
    assert clause_end(HENAN, on(10, 3, 12), working(0)) == on(10, 4)


@bounded
@given(calendars(), SOME_DAY, st.integers(1, 60))
def test_n_working_days_contain_exactly_n_working_days(calendar: Calendar, day: date, amount: int) -> None:
    last = add_clause(calendar, day, working(amount))
    assert count_working_days(calendar, day + timedelta(days=1), last) == amount
    assert is_working_day(calendar, last)


@bounded
@given(calendars(), SOME_DAY, CLAUSES, st.integers(0, 30))
def test_a_later_occasion_or_a_longer_clause_never_ends_earlier(
    calendar: Calendar, day: date, clause: object, more: int
) -> None:
    longer = clause.model_copy(update={"amount": clause.amount + more})  # type: ignore[attr-defined]
    ends = add_clause(calendar, day, clause)  # type: ignore[arg-type]
    assert day <= ends <= add_clause(calendar, day, longer)
    assert ends <= add_clause(calendar, day + timedelta(days=more), clause)  # type: ignore[arg-type]


@bounded
@given(calendars(), SOME_DAY)
def test_the_nearest_working_days_lie_around_a_day(calendar: Calendar, day: date) -> None:
    before, after = previous_working_day(calendar, day), next_working_day(calendar, day)
    assert before <= day <= after
    assert count_working_days(calendar, before, after) == (1 if before == after else 2)


def test_days_after_the_last_published_year_are_provisional() -> None:
    until = HENAN.model_copy(update={"published_until": date(2021, 12, 31)})
    assert not is_provisional(until, date(2021, 12, 31))
    assert is_provisional(until, date(2022, 1, 1))
    assert not is_provisional(HENAN, date(2099, 1, 1))


# -- instants ----------------------------------------------------------------------------------------------------------


@bounded
@given(ZONES, SOME_DAY)
def test_the_deadline_of_a_day_ends_that_day_in_any_zone(zone: str, day: date) -> None:
    calendar = Calendar(time_zone=zone)
    due = end_of(calendar, day)
    assert last_day_of(calendar, due) == day
    assert local_date(calendar, due) == day + timedelta(days=1)
    assert due == start_of(calendar, day + timedelta(days=1))


def test_an_instant_within_a_day_ends_nothing_but_that_day() -> None:
    assert last_day_of(HENAN, on(8, 21)) == date(2021, 8, 20)
    assert last_day_of(HENAN, on(8, 21, 0, 1)) == date(2021, 8, 21)


def test_day_of_23_or_25_hours_counts_as_one_day() -> None:
    berlin = Calendar(time_zone="Europe/Berlin")
    assert end_of(berlin, date(2021, 3, 28)) - start_of(berlin, date(2021, 3, 28)) == timedelta(hours=23)
    assert end_of(berlin, date(2021, 10, 31)) - start_of(berlin, date(2021, 10, 31)) == timedelta(hours=25)
    spring = datetime(2021, 3, 27, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert clause_end(berlin, spring, calendar_days(1)) == datetime(2021, 3, 28, 22, tzinfo=UTC)


# -- dispatch hours ----------------------------------------------------------------------------------------------------


def _assert_dispatch_hour(calendar: Calendar, at: datetime) -> None:
    local = at.astimezone(ZoneInfo(calendar.time_zone))
    assert local.time() == calendar.office.opens
    assert is_working_day(calendar, local.date())


@bounded
@given(calendars(), INSTANTS)
def test_the_next_dispatch_is_the_first_opening_of_a_working_day(calendar: Calendar, moment: datetime) -> None:
    at = dispatch_after(calendar, moment)
    assert at > moment
    _assert_dispatch_hour(calendar, at)
    between = days_between(local_date(calendar, moment), local_date(calendar, at))
    openings = [start_of(calendar, d, calendar.office.opens) for d in between if is_working_day(calendar, d)]
    assert [o for o in openings if o > moment] == [at], "no opening is passed over"


@bounded
@given(calendars(), INSTANTS, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_dispatch_after_outage_never_at_night_or_on_day_off(
    calendar: Calendar, last: datetime, outage: timedelta
) -> None:
    now = last + outage
    at = dispatch_due(calendar, last, now)
    assert at > last
    _assert_dispatch_hour(calendar, at)
    if at <= now:
        assert local_date(calendar, now) == local_date(calendar, at)
        assert now < start_of(calendar, local_date(calendar, at), calendar.office.closes)


@pytest.mark.parametrize(
    ("now", "dispatched"),
    [
        (on(9, 30, 8), on(9, 30, 9)),  # before the hour
        (on(9, 30, 17), on(9, 30, 9)),  # late, but the offices are open
        (on(9, 30, 18), on(10, 8, 9)),  # after closing time, and the golden week follows
        (on(10, 3, 12), on(10, 8, 9)),
        (on(10, 9, 10), on(10, 9, 9)),  # the make-up Saturday
        (on(10, 10, 10), on(10, 11, 9)),  # a Sunday
    ],
)
def test_a_dispatch_missed_before_the_golden_week(now: datetime, dispatched: datetime) -> None:
    assert dispatch_due(HENAN, on(9, 29, 9), now) == dispatched
