"""Days as offices write them: the one place that reads a day, for cells, YAML files and the command line."""

import re
from datetime import date, timedelta

from intake.files import wording
from intake.files.faults import InvalidCell
from schemas.identity import plain

_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])\)?)?"
_TIME = r"(?:[T\s]\s*\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
_WRITTEN = (
    re.compile(_YEAR + r"(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})" + _WEEKDAY + _TIME, re.ASCII),
    re.compile(_YEAR + r"\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]?" + _WEEKDAY + _TIME, re.ASCII),
    re.compile(r"(?P<year>(?:19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)", re.ASCII),
)
_WITHOUT_YEAR = re.compile(r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]?" + _WEEKDAY, re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_UNCLEAR = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(\D.*)?", re.ASCII)
_SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of a spreadsheet's 1900 system, with its leap day of 1900 that never was: right from 1 March 1900 on."""


def read_day(text: str, *, within: tuple[date, date] | None = None) -> date:
    """A day: `2026-12-02`, `2026/12/2`, `2026.12.2`, `2026年12月2日`, `20261202`, or a spreadsheet's number `46358`.

    Full-width characters are read as ASCII; a weekday must agree, a time of day is dropped. `12月1日` has the year in
    which it falls `within` both days; without exactly one such year it is invalid. So is a text whose order of day and
    month is open (`1/12/2026`). Raises InvalidCell.
    """
    written = plain(text).strip()
    for spelling in _WRITTEN:
        if (found := spelling.fullmatch(written)) is not None:
            return _agreeing(_day(int(found["year"]), found), found)
    if (found := _WITHOUT_YEAR.fullmatch(written)) is not None:
        return _in_window(found, within)
    if (found := _SERIAL.fullmatch(written)) is not None:
        return _SERIAL_ZERO + timedelta(days=int(found[1]))
    raise InvalidCell(wording.DAY_ORDER if _UNCLEAR.fullmatch(written) else wording.DAY)


def _day(year: int, found: re.Match[str]) -> date:
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        raise InvalidCell(wording.DAY_OF_CALENDAR) from None


def _agreeing(day: date, found: re.Match[str]) -> date:
    weekday = found.groupdict().get("weekday")
    if weekday is not None and "一二三四五六日".index(weekday.replace("天", "日")) != day.weekday():
        raise InvalidCell(wording.weekday_of(day))
    return day


def _in_window(found: re.Match[str], within: tuple[date, date] | None) -> date:
    if within is None:
        raise InvalidCell(wording.DAY_WITH_YEAR)
    first, last = within
    fitting = []
    for year in range(first.year, last.year + 1):
        try:
            day = date(year, int(found["month"]), int(found["day"]))
        except ValueError:
            continue  # 29 February of another year
        if first <= day <= last:
            fitting.append(day)
    if len(fitting) != 1:
        raise InvalidCell(wording.day_within(first, last, len(fitting)))
    return _agreeing(fitting[0], found)
