"""What people mean by a day or a time, at a moment and in a zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import end_of
from schemas.calendar import Calendar
from schemas.given_time import GivenTime, RelativeDay, given_day, given_instant
from schemas.local_time import local_day

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOW = datetime(2021, 10, 31, 22, 30, tzinfo=UTC)
"""Six in the morning of 1 November in Shanghai, half past eleven of 31 October in Berlin."""


@pytest.mark.parametrize(
    ("given", "shanghai", "berlin"),
    [
        (RelativeDay.TODAY, date(2021, 11, 1), date(2021, 10, 31)),
        (RelativeDay.YESTERDAY, date(2021, 10, 31), date(2021, 10, 30)),
        (date(2021, 8, 1), date(2021, 8, 1), date(2021, 8, 1)),
    ],
)
def test_a_word_is_the_day_of_the_zone(given: date | RelativeDay, shanghai: date, berlin: date) -> None:
    assert (given_day(given, NOW, SHANGHAI), given_day(given, NOW, BERLIN)) == (shanghai, berlin)


@pytest.mark.parametrize(
    ("given", "shanghai", "berlin"),
    [
        (datetime(2021, 10, 30, 10), "2021-10-30T10:00:00+08:00", "2021-10-30T10:00:00+02:00"),  # noqa: DTZ001
        (datetime(2021, 10, 31, 10), "2021-10-31T10:00:00+08:00", "2021-10-31T10:00:00+01:00"),  # noqa: DTZ001
        (datetime(2021, 10, 31, 2, 30), "2021-10-31T02:30:00+08:00", "2021-10-31T02:30:00+02:00"),  # noqa: DTZ001
        (time(5, 15), "2021-11-01T05:15:00+08:00", "2021-10-31T05:15:00+01:00"),
        (date(2021, 10, 30), "2021-10-30T23:59:00+08:00", "2021-10-30T23:59:00+02:00"),
        (date(2021, 11, 1), NOW.isoformat(), "2021-11-01T23:59:00+01:00"),
        (RelativeDay.TODAY, NOW.isoformat(), NOW.isoformat()),
        (RelativeDay.YESTERDAY, "2021-10-31T23:59:00+08:00", "2021-10-30T23:59:00+02:00"),
        (datetime(2021, 10, 30, 10, tzinfo=UTC), "2021-10-30T10:00:00+00:00", "2021-10-30T10:00:00+00:00"),
    ],
)
def test_a_time_without_zone_is_by_the_campaigns_clock(given: GivenTime, shanghai: str, berlin: str) -> None:
    assert given_instant(given, NOW, SHANGHAI).isoformat() == shanghai
    assert given_instant(given, NOW, BERLIN).isoformat() == berlin


@given(
    st.integers(0, 400),
    st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles", "Africa/Cairo", "Pacific/Kiritimati"]),
)
def test_work_of_a_day_is_within_it_in_time_and_not_in_the_future(ago: int, now: datetime, zone: str) -> None:
    day = local_day(now, ZoneInfo(zone)) - timedelta(days=ago)
    at = given_instant(day, now, ZoneInfo(zone))
    assert at <= now and local_day(at, ZoneInfo(zone)) == day and at < end_of(Calendar(time_zone=zone), day)
