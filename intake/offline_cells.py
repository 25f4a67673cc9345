"""Compares a cell of an export with what a spreadsheet saved of it.

A spreadsheet that opens a CSV file and saves it writes days, numbers and truth values in its own notation, drops zeros
before and after a number, and replaces characters that its encoding lacks. None of this is an edit.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Context, Decimal
from itertools import product

from intake.files.days import read_day
from intake.files.faults import InvalidCell
from schemas.identity import folded, plain

_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH_DAY = re.compile(r"(\d{1,2})(?:[-/]|月)(\d{1,2})日?", re.ASCII)
_TRUTH = {"yes": "yes", "true": "yes", "是": "yes", "no": "no", "false": "no", "否": "no"}
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_KEPT_DIGITS = 9
"""Significant digits that a spreadsheet always shows of a number, and saves to CSV."""
_MOST_DIGITS = 15
"""Significant digits that it keeps."""


def shows_same(exported: str, text: str) -> bool:
    """Whether a cell that is only shown still says what was exported: width and blanks do not matter either."""
    was, now = plain(exported).strip(), plain(text).strip()
    return was == now or saved_same(was, now) or saved_same(exported, text)


def saved_same(exported: str, text: str) -> bool:
    """Whether a cell holds the exported text, or what a spreadsheet makes of that text when it saves it."""
    return exported == text or any(same(exported, text) for same in (_number, _day, _truth, _encoded))


class KnownIds:
    """The ids of a campaign, by which an id is restored that a spreadsheet saved as a number (`007` as `7`)."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._by_number: dict[Decimal, list[str]] = {}
        for one in self._known:
            if (number := _decimal(one)) is not None:
                self._by_number.setdefault(number, []).append(one)

    def restored(self, text: str) -> str:
        """The only known id that is saved as this text; the text itself if there is none or several."""
        number = None if text in self._known else _decimal(text)
        alike = [] if number is None else self._by_number.get(number, [])
        return alike[0] if len(alike) == 1 else text


def _decimal(text: str) -> Decimal | None:
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _number(exported: str, text: str) -> bool:
    was, now = _decimal(exported), _decimal(text)
    if was is None or now is None:
        return False
    kept = range(_KEPT_DIGITS, _MOST_DIGITS + 1)
    ties = (ROUND_HALF_UP, ROUND_HALF_DOWN)  # programs differ, also in whether they round the decimal or its double
    exact = (was, Decimal(float(was)))
    rounded = (Context(prec=digits, rounding=tie).plus(one) for digits in kept for tie in ties for one in exact)
    return was == now or any(one == now for one in rounded)


def _day(exported: str, text: str) -> bool:
    if _ISO_DAY.fullmatch(exported):
        day = _day_of(exported)
        return day is not None and (_day_of(text) == day or text.casefold() in _spellings(day))
    was, now = _MONTH_DAY.fullmatch(exported), _MONTH_DAY.fullmatch(text)
    if was is None:
        return False
    if now is not None:
        return tuple(map(int, was.groups())) == tuple(map(int, now.groups()))
    day = _day_of(text)
    return day is not None and (day.month, day.day) == tuple(map(int, was.groups()))


def _day_of(text: str) -> date | None:
    try:
        return read_day(text)
    except InvalidCell:
        return None


def _spellings(day: date) -> Iterator[str]:
    """A day as spreadsheets of other countries save it: `12/2/2026`, `02.12.26`, `2-Dec-26`. It is known which day."""
    months = (f"{day.month}", f"{day.month:02}", _MONTHS[day.month - 1], _MONTHS[day.month - 1][:3])
    days, years = (f"{day.day}", f"{day.day:02}"), (f"{day.year}", f"{day.year % 100:02}")
    for one, month, year, mark in product(days, months, years, "/.- "):
        yield f"{one}{mark}{month}{mark}{year}"
        yield f"{month}{mark}{one}{mark}{year}"


def _truth(exported: str, text: str) -> bool:
    was, now = (_TRUTH.get(folded(one)) for one in (exported, text))
    return was is not None and was == now


def _encoded(exported: str, text: str) -> bool:
    if "?" not in text:
        return False
    kept = (re.escape(one) if _in_gbk(one) else r"\?{1,2}" for one in exported)
    return re.fullmatch("".join(kept), text) is not None


def _in_gbk(character: str) -> bool:
    try:
        return bool(character.encode("gbk"))
    except UnicodeEncodeError:
        return False
