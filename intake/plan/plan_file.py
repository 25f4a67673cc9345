"""A plan file (YAML) as a plan, or all its faults at once."""

import re
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from intake import divisions
from intake.files import wording
from intake.files.faults import Fault
from intake.files.model_faults import model_faults, real_errors
from intake.files.yaml_text import Loc, YamlText, read_yaml
from intake.plan.target_check import target_faults
from intake.plan.templates import read_templates
from rendering.wording import wording as house_words
from schemas.plan import Plan

_DATE = (re.compile(r"\d{4}-\d{2}-\d{2}"), wording.DATE)
_TIME = (re.compile(r"\d{2}:\d{2}(:\d{2})?"), wording.TIME)
_WRITTEN = {
    "starts_on": _DATE,
    "ends_on": _DATE,
    "on": _DATE,
    "published_until": _DATE,
    "effective_on": _DATE,
    "off_days": _DATE,
    "work_days": _DATE,
    "opens": _TIME,
    "closes": _TIME,
}
"""How days and times are written: a lone number would be read as seconds since 1970 or since midnight."""

_SPREAD: int = Plan.model_fields["wake_spread_minutes"].default

_SOUND: dict[str, Any] = {
    "id": "sound",
    "title": "sound",
    "document_number": "sound",
    "issuing_agencies": [{"name": "sound"}],
    "province": "sound",
    "starts_on": date.min,
    "ends_on": date.max,
    "clauses": {
        name: {"amount": 1, "unit": "calendar_days"} for name in ("deployment", "rectification", "re_rectification")
    },
    "catalogue": [{"id": "sound", "title": "sound", "unit": "sound"}],
    "cities": [{"code": "sound", "name": "sound", "lead": "sound", "recipients": [{"name": "sound"}]}],
    "verification": {"levels": [{"id": "sound", "title": "sound"}]},
}
"""A plan that contradicts nothing: it stands in for faulty parts while the sound ones are compared."""


def read_plan(path: Path) -> tuple[Plan | None, list[Fault]]:
    """The plan, and its faults in the order of the file; the plan is None when there is any fault.

    Raises NotFound when the file is not there.
    """
    text = read_yaml(path)
    faults = list(text.faults)
    if not isinstance(text.tree, dict):
        if not faults:
            faults.append(Fault(text.file, str(text.tree or ""), wording.YAML_FIELDS))
        return None, faults
    faults += miswritten(text)
    templates, of_templates = read_templates(text, path.parent)
    if "templates" in text.tree:  # from here on the plan has them itself, so that they are frozen with it
        text.tree["templates"] = None if of_templates else templates
    plan: Plan | None = None
    try:
        plan = Plan.model_validate(text.tree)
    except ValidationError as error:
        faults += model_faults(text, Plan, error)
        faults += _contradictions(text, error)
    faults += misplaced(text)
    faults = [*_one_a_place(faults), *of_templates]
    return (None if faults else plan), faults


def misplaced(text: YamlText) -> list[Fault]:
    """What a plan's model does not see: days, codes, graces and channels that do not go together."""
    return [
        *_calendar_faults(text),
        *_division_faults(text),
        *_grace_faults(text),
        *_channel_faults(text),
        *_opening_faults(text),
        *target_faults(text),
    ]


def miswritten(text: YamlText) -> list[Fault]:
    """Days and times that are not written as such."""
    faults = []
    for loc in text.lines:
        name = next((step for step in reversed(loc) if isinstance(step, str)), "")
        value = text.at(loc)
        if name in _WRITTEN and isinstance(value, str) and not _WRITTEN[name][0].fullmatch(value):
            faults.append(text.fault(loc, value, _WRITTEN[name][1]))
    return faults


def _contradictions(text: YamlText, error: ValidationError) -> list[Fault]:
    """What the sound parts of a faulty plan contradict: pydantic compares fields only when all of them are sound."""
    faulty = {item["loc"][:2] for item in real_errors(text, error) if item["loc"]}
    if not faulty:
        return []
    sound: dict[str, Any] = dict(_SOUND)
    places: dict[str, list[int]] = {}
    for name, value in text.tree.items():
        if name not in Plan.model_fields or (name,) in faulty:
            continue
        if name == "targets" and any(loc[0] == "cities" for loc in faulty):
            continue  # its cities are looked for in the file itself: target_check
        indexes = {loc[1] for loc in faulty if loc[0] == name}
        if not indexes:
            sound[name] = value
        elif isinstance(value, list):
            places[name] = [index for index in range(len(value)) if index not in indexes]
            sound[name] = [value[index] for index in places[name]] or _SOUND.get(name, [])
    try:
        Plan.model_validate(sound)
    except ValidationError as again:
        return model_faults(text, Plan, again, places)
    return []


def _calendar_faults(text: YamlText) -> list[Fault]:
    off, work = (text.at(("calendar", name)) for name in ("off_days", "work_days"))
    if not isinstance(off, list) or not isinstance(work, list):
        return []
    return [
        text.fault(("calendar", "work_days", index), day, wording.BOTH_OFF_AND_ON)
        for index, day in enumerate(work)
        if isinstance(day, str) and day in off
    ]


def _division_faults(text: YamlText) -> list[Fault]:
    cities = text.tree.get("cities")
    if text.tree.get("division_codes", "gbt2260") != "gbt2260" or not isinstance(cities, list):
        return []
    locs: list[Loc] = [("cities", index, "code") for index in range(len(cities))]
    codes = [(loc, text.at(loc)) for loc in locs]
    return [
        text.fault(loc, code, wording.DIVISION)
        for loc, code in codes
        if isinstance(code, str) and divisions.name(code) is None
    ]


def _grace_faults(text: YamlText) -> list[Fault]:
    ladder = text.tree.get("ladder")
    locs: list[Loc] = [("ladder", index, "after", "amount") for index in range(1, len(ladder or ()))]
    return [text.fault(loc, "0", wording.GRACE) for loc in locs if str(text.at(loc)).strip() == "0"]


def _channel_faults(text: YamlText) -> list[Fault]:
    """Kinds of documents that there are not: what a channel carries of them would never reach its recipient."""
    known = sorted(house_words("zh-CN").kinds)  # the same in every language
    written = [(loc, text.at(loc)) for loc in text.lines if len(loc) > 2 and loc[-3] == "channels"]
    return [
        text.fault(loc, kind, wording.document_kind(known, get_close_matches(kind, known, n=1)))
        for loc, kind in written
        if isinstance(loc[-1], int) and isinstance(kind, str) and kind not in known
    ]


def _opening_faults(text: YamlText) -> list[Fault]:
    """Sites that climb wake by and by in the night: an office that opens before the last would issue without it."""
    loc: Loc = ("office", "opens")
    opens, spread = text.at(loc), text.at(("wake_spread_minutes",)) or str(_SPREAD)
    try:
        opening, minutes = time.fromisoformat(opens).replace(tzinfo=None), int(spread)
    except (TypeError, ValueError):
        return []  # how they are written is wrong: that is told already
    if not 0 <= minutes < 24 * 60 or opening > time(minutes // 60, minutes % 60):
        return []
    return [text.fault(loc, opens, wording.opens_after(minutes))]


def _one_a_place(faults: list[Fault]) -> list[Fault]:
    """In the order of the file, and one fault for a value that two checks found wrong the same way."""
    kept: dict[tuple[str | None, int | None, str], Fault] = {}
    for fault in faults:
        kept.setdefault((fault.path, fault.line, fault.expected), fault)
    return sorted(kept.values(), key=lambda fault: fault.line or 0)
