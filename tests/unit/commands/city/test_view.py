"""How late a version of an implementation opinion was."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from commands.city.view import _by_days
from rules.calendar import end_of
from schemas.calendar import Calendar

BERLIN = ZoneInfo("Europe/Berlin")
DUE = end_of(Calendar(time_zone="Europe/Berlin"), date(2021, 10, 30))


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2021, 10, 30, 22, 1, tzinfo=UTC), "1 day"),
        (datetime(2021, 10, 31, 22, 30, tzinfo=UTC), "1 day"),  # 24.5 hours after, on a day of 25
        (datetime(2021, 10, 31, 23, 0, tzinfo=UTC), "2 days"),
    ],
)
def test_delay_counts_days_of_the_campaign(at: datetime, days: str) -> None:
    assert _by_days(True, DUE, at, BERLIN) == days
    assert _by_days(False, DUE, at, BERLIN) == ""
