"""Arguments as people type them: durations, quantities, times, texts from files. Faults end with code 2."""

import contextlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from cyclopts import CycloptsError

from intake.files.days import read_day
from intake.files.faults import InvalidCell
from schemas.errors import NotFound
from schemas.given_time import GivenDay, GivenTime, RelativeDay
from schemas.quantity import LARGEST

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)?")
_UNITS = {"ms": 0.001, None: 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class Misused(CycloptsError):
    """A command line that parses but is inconsistent; the command ends with code 2."""

    def __init__(self, text: str) -> None:
        super().__init__(msg=text)


def reads(parse: Callable[[str], Any]) -> Callable[[Any, Sequence[Any]], Any]:
    """A cyclopts converter that reads one token with `parse`, whose ValueError says what was expected."""

    def converter(_type: Any, tokens: Sequence[Any]) -> Any:
        return parse(tokens[0].value)

    return converter


def seconds(text: str) -> float:
    """`5s`, `500ms`, `2m`, `1h`, `1d` or a plain number of seconds, as seconds."""
    found = _DURATION.fullmatch(text.strip())
    if not found or float(found[1]) == 0:
        raise ValueError(f"expected a duration such as 500ms, 5s or 2m, not {text!r}")
    return float(found[1]) * _UNITS[found[2]]


def quantity(text: str) -> Decimal:
    """A quantity of work, exactly as it is typed: 0 or more, in the bounds of `schemas.quantity`."""
    with contextlib.suppress(InvalidOperation):
        if 0 <= (number := Decimal(text.strip())) <= LARGEST:  # NaN is not comparable: it is invalid too
            return number
    raise ValueError(f"expected a number from 0 to {int(LARGEST):,}, such as 3 or 0.25, without its unit, not {text!r}")


def a_time(text: str) -> GivenTime:
    """An ISO 8601 time with or without its zone, a time of day, or a day; what lacks is the campaign's.

    The day may have any spelling of `read_day`.

    `2021-08-01T10:00+08:00`, `2021-08-01 10:00`, `10:00`, `2021-08-01`, `today` or `yesterday`.
    """
    word = text.strip()
    if ":" not in word:
        with contextlib.suppress(ValueError):
            return a_day(word)
    else:
        for read in (_day_and_time, _time_of_day):
            with contextlib.suppress(ValueError):
                given = read(word)
                # A time of day with a zone has no day to compute its instant on.
                if isinstance(given, datetime) or given.tzinfo is None:
                    return given
    raise ValueError(
        "expected a time such as 2021-08-01T10:00+08:00, or in the campaign's time zone '2021-08-01 10:00', 10:00, "
        f"2021-08-01, today or yesterday, not {text!r}"
    )


def a_day(text: str) -> GivenDay:
    """A day in any spelling of `read_day`, or `today` or `yesterday`, which depend on the campaign."""
    word = text.strip()
    with contextlib.suppress(KeyError):
        return RelativeDay[word.upper()]
    try:
        if ":" in word:  # in a cell a time of day stands for nothing, here somebody meant it
            raise InvalidCell("a day without a time of day")
        return read_day(word)
    except InvalidCell as invalid:
        raise ValueError(f"expected today, yesterday or {invalid}, not {text!r}") from None


def _day_and_time(word: str) -> datetime:
    day, _, hour = word.replace(" ", "T").rpartition("T")
    return datetime.fromisoformat(f"{read_day(day)}T{_two_digits(hour)}")


def _time_of_day(word: str) -> time:
    return time.fromisoformat(_two_digits(word))


def _two_digits(hour: str) -> str:
    """`7:10` as `07:10`."""
    return f"0{hour}" if hour[1:2] == ":" else hour


def text_or_file(text: str) -> str:
    """The text itself, or with a leading `@` the content of that file (UTF-8); NotFound if it can not be read."""
    if not text.startswith("@"):
        return text
    path = Path(text[1:])
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NotFound(f"{path}: can not be read ({error.strerror}); expected a file after @") from error
    except UnicodeDecodeError as error:
        raise NotFound(f"{path}: is no text in UTF-8 (byte {error.start + 1}); save it as UTF-8") from error
