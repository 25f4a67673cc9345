"""Arguments as people type them: durations, instants, texts from files. Faults end with code 2."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from cyclopts import CycloptsError

from runtime.real_time import real_now
from schemas.errors import NotFound

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


def instant(text: str) -> datetime:
    """An ISO 8601 time with its zone."""
    expected = f"expected a time with its zone, such as 2021-08-01T10:00+08:00, not {text!r}"
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(expected) from None
    if read.tzinfo is None:
        raise ValueError(expected)
    return read


def a_day(text: str) -> date:
    """An ISO 8601 date, or `today` or `yesterday` in this machine's time zone."""
    today = real_now().astimezone().date()
    words = {"today": today, "yesterday": today - timedelta(days=1)}
    if (word := text.strip().lower()) in words:
        return words[word]
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"expected a date such as 2027-03-01, today or yesterday, not {text!r}") from None


def text_or_file(text: str) -> str:
    """The text itself, or with a leading `@` the content of that file (UTF-8); NotFound if it can not be read."""
    if not text.startswith("@"):
        return text
    path = Path(text[1:])
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"{path}: can not be read as UTF-8 text ({error})") from error
