"""Days in the spellings of offices and spreadsheets."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.files.days import read_day
from intake.files.faults import InvalidCell

DAY = date(2026, 12, 2)
WINDOW = (date(2026, 11, 20), date(2027, 2, 27))


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-02", "2026-12-2", "2026/12/2", "2026/12/02", "2026.12.2", "2026年12月2日", "2026年12月02日",
        "2026年12月2号", "2026 年 12 月 2 日", "2026年12月2日 星期三", "2026年12月02日(周三)",
        "2026年12月2日（星期三）", "20261202",
        "２０２６／１２／２", "２０２６年１２月２日", "２０２６－１２－０２",
        "2026—12—2", "2026─12─2", "２０２６ー１２ー２", "46358",
        "46358.0", "46358.75", "４６３５８",
        "2026-12-02 00:00:00", "2026-12-02T16:30", "2026/12/2 8:05", " 2026-12-02 ",
    ],
)  # fmt: skip
def test_day_is_read_in_every_usual_spelling(text: str) -> None:
    assert read_day(text) == DAY


@given(day=st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_day_in_any_spelling_is_the_same_day(day: date) -> None:
    serial = (day - date(2026, 12, 2)).days + 46358
    for text in (
        f"{day}", f"{day} 00:00:00", f"{day.year}/{day.month}/{day.day}", f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", str(serial),
        f"{day.year}年{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}",
    ):  # fmt: skip
        assert read_day(text) == day


@pytest.mark.parametrize("text", ["1/12/2026", "12/1/26", "26-12-1", "1.12.2026", "12-1-2026", "1/12/2026 0:00"])
def test_day_of_unclear_order_is_invalid_and_says_spelling(text: str) -> None:
    with pytest.raises(InvalidCell, match="the year first, such as 2026-12-01"):
        read_day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-30", "a day of the calendar"), ("2026年13月1日", "a day of the calendar"),
        ("20261301", "a day of the calendar"),
        ("2026年12月2日 星期四", "2026-12-02 is 星期三"), ("12月1日", "a day with its year"),
        ("2026年12月", "a day such as"), ("二日", "a day such as"), ("261202", "a day such as"),
        ("4635", "a day such as"),
        ("2026-12/02", "a day such as"), ("", "a day such as"), ("٢٠٢٦-12-02", "a day such as"),
    ],
)  # fmt: skip
def test_no_day_is_invalid_and_says_what_is_expected(text: str, expected: str) -> None:
    with pytest.raises(InvalidCell, match=expected):
        read_day(text)


@given(offset=st.integers(0, (WINDOW[1] - WINDOW[0]).days))
def test_day_without_year_has_the_year_of_the_window(offset: int) -> None:
    day = WINDOW[0] + timedelta(days=offset)
    assert read_day(f"{day.month}月{day.day}日", within=WINDOW) == day


def test_day_without_year_needs_exactly_one_year_that_fits() -> None:
    with pytest.raises(InvalidCell, match="between 2026-11-20 and 2027-02-27 in no year"):
        read_day("6月1日", within=WINDOW)
    with pytest.raises(InvalidCell, match="more than once"):
        read_day("12月1日", within=(date(2026, 7, 1), date(2028, 1, 31)))
    assert read_day("2月29日", within=(date(2027, 7, 1), date(2029, 6, 30))) == date(2028, 2, 29)
