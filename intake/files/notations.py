"""Days and times in YAML files, by the names of their fields."""

import re

from intake.files import wording
from intake.files.days import read_day
from intake.files.faults import Fault, InvalidCell
from intake.files.yaml_text import Loc, YamlText

_DAYS = frozenset(
    ("starts_on", "ends_on", "on", "until", "published_until", "effective_on", "off_days", "work_days", "draws")
)
_TIMES = frozenset(("opens", "closes", "cutoff"))
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?")


def read_notations(text: YamlText) -> list[Fault]:
    """Puts each day of the tree into ISO form; the faults are days and times in a wrong notation.

    Pydantic would read a bare number as seconds since 1970 or since midnight.
    """
    faults = []
    for loc in text.lines:
        value = text.at(loc)
        if not isinstance(value, str):
            continue
        if _field(loc) in _DAYS:
            try:
                text.put(loc, read_day(value).isoformat())
            except InvalidCell as invalid:
                faults.append(text.fault(loc, value, str(invalid)))
        elif _field(loc) in _TIMES and not _TIME.fullmatch(value):
            faults.append(text.fault(loc, value, wording.TIME))
    return faults


def has_notation(text: YamlText, loc: Loc) -> bool:
    """Whether `read_notations` judges the value at this path, so that nothing else need report its notation."""
    return isinstance(text.at(loc), str) and _field(loc) in _DAYS | _TIMES


def _field(loc: Loc) -> str:
    """The field of the value, or of the list that it stands in; "" where the same name is no day and no time.

    That is the stage `until` which modes may be set, and what a phase `opens`.
    """
    if loc[-2:] == ("modes", "until") or (loc[:1] == ("phases",) and "opens" in loc):
        return ""
    return next((step for step in reversed(loc) if isinstance(step, str)), "")
