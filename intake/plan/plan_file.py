"""Reads a plan file (YAML): the plan, or all its faults at once."""

from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from intake import divisions
from intake.files.faults import Fault
from intake.files.model_faults import model_faults, real_errors
from intake.files.notations import read_notations
from intake.files.wording import YAML_FIELDS
from intake.files.yaml_text import Loc, YamlText, read_yaml
from intake.plan import wording
from intake.plan.day_limits import day_faults
from intake.plan.target_check import target_faults
from intake.plan.templates import read_templates
from rendering.wording import wording as builtin_wording
from schemas.calendar import FIRST_DAY, LAST_DAY
from schemas.plan import LEFT_OUT, Plan

_DEFAULT_SPREAD: int = Plan.model_fields["wake_spread_minutes"].default

_VALID_PLAN: dict[str, Any] = {
    "id": "sound",
    "title": "sound",
    "document_number": "sound",
    "issuing_agencies": [{"name": "sound"}],
    "province": "sound",
    "starts_on": FIRST_DAY,
    "ends_on": LAST_DAY,
    "clauses": {
        name: {"amount": 1, "unit": "calendar_days"} for name in ("deployment", "rectification", "re_rectification")
    },
    "catalogue": [{"id": "sound", "title": "sound", "unit": "sound"}],
    "cities": [{"code": "sound", "name": "sound", "lead": "sound", "recipients": [{"name": "sound"}]}],
    "verification": {"levels": [{"id": "sound", "title": "sound", "by": "county"}]},
}
"""A consistent plan: its values replace faulty parts while the valid parts are compared with each other."""


def read_plan(path: Path) -> tuple[Plan | None, list[Fault]]:
    """The plan, and its faults in the order of the file; the plan is None when there is any fault.

    Raises NotFound when the file does not exist.
    """
    text = read_yaml(path)
    faults = list(text.faults)
    if not isinstance(text.tree, dict):
        if not faults:
            faults.append(Fault(text.file, str(text.tree or ""), YAML_FIELDS))
        return None, faults
    faults += read_notations(text)
    templates, of_templates = read_templates(text, path.parent)
    if "templates" in text.tree:  # the templates become part of the plan, so that they are frozen with it
        text.tree["templates"] = None if of_templates else templates
    plan: Plan | None = None
    try:
        plan = Plan.model_validate(text.tree)
    except ValidationError as error:
        faults += model_faults(text, Plan, error)
        faults += _contradictions(text, error)
    faults += semantic_faults(text)
    faults = [*_distinct(faults), *of_templates]
    return (None if faults else plan), faults


def semantic_faults(text: YamlText) -> list[Fault]:
    """Faults that the plan's model does not detect: in calendar, division codes, graces, channels, office hours."""
    return [
        *_calendar_faults(text),
        *day_faults(text),
        *_division_faults(text),
        *_grace_faults(text),
        *_channel_faults(text),
        *_opening_faults(text),
        *target_faults(text),
    ]


def _contradictions(text: YamlText, error: ValidationError) -> list[Fault]:
    """Contradictions between the valid parts of a faulty plan: pydantic compares fields only when all are valid."""
    faulty = {item["loc"][:2] for item in real_errors(text, error) if item["loc"]}
    if not faulty:
        return []
    sound: dict[str, Any] = dict(_VALID_PLAN)
    places: dict[str, list[int]] = {}
    for name, value in text.tree.items():
        if name not in Plan.model_fields or (name,) in faulty:
            continue
        if name == "targets" and any(loc[0] == "cities" for loc in faulty):
            continue  # target_check compares the targets with the cities of the file
        indexes = {loc[1] for loc in faulty if loc[0] == name}
        if not indexes:
            sound[name] = value
        elif isinstance(value, list):
            places[name] = [index for index in range(len(value)) if index not in indexes]
            sound[name] = [value[index] for index in places[name]] or _VALID_PLAN.get(name, [])
    try:
        Plan.model_validate(sound, context={LEFT_OUT: {loc[0] for loc in faulty}})
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
    """Unknown kinds of documents: a channel restricted to them would deliver nothing."""
    known = sorted(builtin_wording("zh-CN").kinds)  # the kinds are the same in every language
    written = [(loc, text.at(loc)) for loc in text.lines if len(loc) > 2 and loc[-3] == "channels"]
    return [
        text.fault(loc, kind, wording.document_kind(known, get_close_matches(kind, known, n=1)))
        for loc, kind in written
        if isinstance(loc[-1], int) and isinstance(kind, str) and kind not in known
    ]


def _opening_faults(text: YamlText) -> list[Fault]:
    """Sites escalate within `wake_spread_minutes` of midnight; an office that opens earlier would omit the last."""
    loc: Loc = ("office", "opens")
    opens, written = text.at(loc), text.at(("wake_spread_minutes",))
    spread = _DEFAULT_SPREAD if written is None else written  # of an amended plan it is a number, which may be 0
    try:
        opening, minutes = time.fromisoformat(opens).replace(tzinfo=None), int(spread)
    except (TypeError, ValueError):
        return []  # the notation is wrong, which is reported already
    if not 0 <= minutes < 24 * 60 or opening > time(minutes // 60, minutes % 60):
        return []
    return [text.fault(loc, opens, wording.opens_after(minutes))]


def _distinct(faults: list[Fault]) -> list[Fault]:
    """The faults in the order of the file, without duplicates of one value and expectation."""
    kept: dict[tuple[str | None, int | None, str], Fault] = {}
    for fault in faults:
        kept.setdefault((fault.path, fault.line, fault.expected), fault)
    return sorted(kept.values(), key=lambda fault: fault.line or 0)
