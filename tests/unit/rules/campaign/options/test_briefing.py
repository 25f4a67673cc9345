"""The cut-offs of briefings: weeks of 2021 (Henan) and 2026 computed by hand, and properties for any calendar."""

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import end_of, is_working_day, local_date, start_of
from rules.campaign.options.briefing import cutoff_of, next_cutoff, week_of
from schemas.calendar import Calendar
from schemas.ladder import Briefing
from tests.support.budget import examples
from tests.support.sample_terms import HENAN, on

bounded = settings(max_examples=examples(150), derandomize=True, deadline=None, database=None)

START, END = date(2021, 7, 17), date(2021, 10, 31)
CHINA_2026 = Calendar(
    time_zone="Asia/Shanghai",
    off_days=frozenset(day for day in chinese_calendar.holidays if day.year == 2026),
    work_days=frozenset(day for day in chinese_calendar.workdays if day.year == 2026),
)
WEEKDAYS = st.integers(1, 7)


def weeks(calendar: Calendar, weekday: int, first: date, last: date, issued: datetime) -> dict[int, str]:
    """Every cut-off of a campaign, as `month-day`, by week."""
    briefing, found = Briefing(weekday=weekday), dict[int, str]()
    coming = next_cutoff(calendar, briefing, first, issued, end_of(calendar, last))
    while coming is not None:
        week, cutoff = coming
        assert week not in found
        assert cutoff == start_of(calendar, local_date(calendar, cutoff), time(18))
        found[week] = f"{local_date(calendar, cutoff):%m-%d}"
        coming = next_cutoff(calendar, briefing, first, cutoff, end_of(calendar, last))
    return found


def test_the_fridays_of_the_henan_campaign() -> None:
    # Week 1 is 12 to 18 July: its Friday lies before the issue on Saturday 17 July.
    assert weeks(HENAN, 5, START, END, on(7, 17, 9)) == {
        2: "07-23", 3: "07-30", 4: "08-06", 5: "08-13", 6: "08-20", 7: "08-27", 8: "09-03", 9: "09-10",
        10: "09-17",  # Saturday 18 is a make-up day, and Friday is a day before it
        11: "09-24",
        12: "09-30",  # Friday 1 October rests: Thursday
        13: "10-08",  # the first day after the golden week
        14: "10-15", 15: "10-22", 16: "10-29",
    }  # fmt: skip


def test_the_sundays_of_the_henan_campaign() -> None:
    found = weeks(HENAN, 7, START, END, on(7, 17, 9))
    # Saturday 17 July is no working day, and Friday 16 lies before the issue.
    assert 1 not in found and found[2] == "07-23"
    # Make-up days: Saturday 18 September, Sunday 26 September, Saturday 9 October. Sunday 3 October: Thursday before.
    assert [found[week] for week in (9, 10, 11, 12, 13)] == ["09-10", "09-18", "09-26", "09-30", "10-09"]
    assert found[16] == "10-29" and len(found) == 15


def test_week_without_working_day_before_cutoff_has_no_briefing() -> None:
    found = weeks(HENAN, 4, START, END, on(7, 17, 9))
    # Thursday 7 October and the three days before it rest; Friday 8 October is behind the weekday.
    assert 13 not in found and found[12] == "09-30" and found[14] == "10-14"
    # Tuesday 21 September and Monday 20 rest.
    assert 11 not in weeks(HENAN, 2, START, END, on(7, 17, 9))


@pytest.mark.parametrize(
    ("weekday", "inside", "expected"),
    [
        # 17 July 2026 is a Friday: week 1 is 13 to 19 July, week 11 is 21 to 27 September.
        (5, range(1, 15), {
            1: "07-17", 2: "07-24", 3: "07-31", 4: "08-07", 5: "08-14", 6: "08-21", 7: "08-28", 8: "09-04",
            9: "09-11", 10: "09-18",
            11: "09-24",  # mid-autumn, Friday 25 to Sunday 27
            12: "09-30",  # 1 to 7 October rest
            13: "10-09", 14: "10-16",
        }),
        (7, range(9, 15), {9: "09-11", 10: "09-20", 11: "09-24", 12: "09-30", 13: "10-10", 14: "10-16"}),
        (3, range(11, 15), {11: "09-23", 12: "09-30", 14: "10-14"}),  # Wednesday 7 October and the days before rest
    ],
)  # fmt: skip
def test_the_weeks_of_2026(weekday: int, inside: range, expected: dict[int, str]) -> None:
    issued = datetime(2026, 7, 17, 1, tzinfo=UTC)
    found = weeks(CHINA_2026, weekday, date(2026, 7, 17), date(2026, 10, 31), issued)
    assert {week: day for week, day in found.items() if week in inside} == expected


def test_the_spring_festival_of_2026_leaves_a_whole_week_out() -> None:
    # 15 to 23 February rest; Saturday 14 and Saturday 28 are worked.
    found = weeks(CHINA_2026, 7, date(2026, 2, 9), date(2026, 3, 8), datetime(2026, 2, 9, 1, tzinfo=UTC))
    assert found == {1: "02-14", 3: "02-28", 4: "03-06"}
    mondays = weeks(CHINA_2026, 1, date(2026, 2, 9), date(2026, 3, 8), datetime(2026, 2, 9, 1, tzinfo=UTC))
    assert mondays == {1: "02-09", 4: "03-02"}


def test_cutoff_on_issue_day_counts_only_after_issue() -> None:
    friday, briefing = date(2021, 7, 23), Briefing()
    assert next_cutoff(HENAN, briefing, friday, on(7, 23, 9)) == (1, on(7, 23, 18))
    assert next_cutoff(HENAN, briefing, friday, on(7, 23, 18)) == (2, on(7, 30, 18))


def test_cutoff_after_long_outage_is_next_future_one() -> None:
    assert next_cutoff(HENAN, Briefing(), START, on(10, 3, 12)) == (13, on(10, 8, 18))


def test_nothing_is_cut_off_after_the_end() -> None:
    assert next_cutoff(HENAN, Briefing(), START, on(10, 29, 18), end_of(HENAN, END)) is None
    assert next_cutoff(HENAN, Briefing(), START, on(10, 28), on(10, 29, 17)) is None
    assert next_cutoff(HENAN, Briefing(), START, on(10, 28), on(10, 29, 18)) == (16, on(10, 29, 18))


@bounded
@given(
    WEEKDAYS,
    st.frozensets(st.dates(date(2021, 7, 1), date(2021, 11, 30)), max_size=40),
    st.dates(date(2021, 7, 1), date(2021, 8, 31)),
    st.datetimes(datetime(2021, 7, 1), datetime(2021, 11, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_next_cutoff_skips_no_week_and_is_working_day(
    weekday: int, off: frozenset[date], first: date, after: datetime
) -> None:
    calendar, briefing = Calendar(time_zone="Asia/Shanghai", off_days=off), Briefing(weekday=weekday)
    coming = next_cutoff(calendar, briefing, first, after)
    assert coming is not None
    week, cutoff = coming
    day = local_date(calendar, cutoff)
    assert cutoff > after and week >= 1 and week_of(first, day) == week
    assert is_working_day(calendar, day) and day.weekday() < weekday
    later = (day + timedelta(days=n) for n in range(1, weekday - day.weekday()))
    assert not any(is_working_day(calendar, other) for other in later), "the nearest before the weekday"
    before = [cutoff_of(calendar, briefing, first, number) for number in range(1, week)]
    assert all(one is None or one <= after for one in before)
