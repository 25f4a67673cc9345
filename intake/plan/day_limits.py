"""How long a campaign may last, and from which year on its source knows the holidays."""

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar

from intake.files.faults import Fault
from intake.files.yaml_text import YamlText
from intake.plan import wording
from schemas.calendar import FIRST_DAY, LAST_DAY

_LONGEST_YEARS = 5
_FIRST_YEAR = min(chinese_calendar.holidays).year


def day_limits(starts_on: date, ends_on: date, source: str) -> Iterator[tuple[str, str]]:
    """The faulty date fields of a plan whose dates are valid days, each with its expectation."""
    if source == "china" and starts_on.year < _FIRST_YEAR:
        yield "starts_on", wording.known_holidays(_FIRST_YEAR)
    latest = starts_on + timedelta(days=366 * _LONGEST_YEARS)
    if ends_on > latest:
        yield "ends_on", wording.within_years(_LONGEST_YEARS, latest)


def day_faults(text: YamlText) -> list[Fault]:
    """The faults of a plan file by `day_limits`; dates that are no days of the schema are reported by its model."""
    try:
        starts_on, ends_on = (date.fromisoformat(str(text.at((name,)))) for name in ("starts_on", "ends_on"))
    except ValueError:
        return []
    if not FIRST_DAY <= starts_on <= ends_on <= LAST_DAY:
        return []
    found = day_limits(starts_on, ends_on, str(text.at(("calendar", "source")) or "china"))
    return [text.fault((field,), str(text.at((field,))), expected) for field, expected in found]
