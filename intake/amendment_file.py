"""Reads an amendment file (YAML) and validates it against the plan in force: gives the amended plan, or all faults."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from intake.files.faults import Fault
from intake.files.model_faults import model_faults
from intake.files.notations import read_notations
from intake.files.wording import YAML_FIELDS
from intake.files.yaml_text import Loc, YamlText, read_yaml
from intake.plan import wording
from intake.plan.plan_file import semantic_faults
from rules.amendments.plan import amended_calendar
from rules.terms.clause_names import changed_clauses
from schemas.amendments import Amendment
from schemas.canonical import canonical_json
from schemas.identity import same_number
from schemas.plan import FrozenPlan, Plan

_WHOLE = ("ends_on", "ladder", "phases", "reminder_days", "targets")
"""The fields of an amendment that replace the plan's field as a whole."""


@dataclass(frozen=True)
class _Merged(YamlText):
    """The amended plan as a tree. Its faults are reported at the place in the amendment file that causes them."""

    written: YamlText = field(default_factory=lambda: YamlText("", None))
    origins: Mapping[Loc, Loc] = field(default_factory=dict)

    def line(self, loc: Loc) -> int | None:
        return self.written.line(self._origin(loc))

    def fault(self, loc: Loc, value: str, expected: str) -> Fault:
        return self.written.fault(self._origin(loc), value, expected)

    def _origin(self, loc: Loc) -> Loc:
        for length in range(len(loc), 0, -1):
            if loc[:length] in self.origins:
                return (*self.origins[loc[:length]], *loc[length:])
        return loc


@dataclass(frozen=True)
class ParsedAmendment:
    """A valid amendment file, not yet compared with a plan; `digest` is the SHA-256 (hex) of its canonical JSON."""

    text: YamlText
    amendment: Amendment
    digest: str


def read_amendment(path: Path) -> tuple[ParsedAmendment | None, list[Fault]]:
    """The amendment alone, and its faults in the order of the file. Raises NotFound when the file does not exist."""
    text = read_yaml(path)
    faults = list(text.faults)
    if not isinstance(text.tree, dict):
        return None, faults or [Fault(text.file, str(text.tree or ""), YAML_FIELDS)]
    faults += read_notations(text)
    try:
        amendment = Amendment.model_validate(text.tree)
    except ValidationError as error:
        faults += model_faults(text, Amendment, error)
    if faults:
        return None, sorted(faults, key=lambda fault: fault.line or 0)
    return ParsedAmendment(text, amendment, _digest(canonical_json(amendment.model_dump(mode="json")))), []


def amended_plan(parsed: ParsedAmendment, frozen: FrozenPlan, number: int) -> tuple[FrozenPlan | None, list[Fault]]:
    """The plan after the amendment, with `number` as its amendment number, and the faults in the order of the file.

    `frozen` is the plan in force. The amended plan is validated as a whole plan.
    """
    text, amendment, faults = parsed.text, parsed.amendment, list[Fault]()
    if same_number(amendment.document_number, frozen.plan.document_number):
        faults.append(text.fault(("document_number",), amendment.document_number, wording.OWN_NUMBER))
    merged = _merge(text, frozen.plan, faults)
    plan: Plan | None = None
    try:
        plan = Plan.model_validate(merged.tree)
    except ValidationError as error:
        faults += model_faults(merged, Plan, error)
    faults += semantic_faults(merged)
    if faults or plan is None:
        # Faults in the amendment's own fields are listed first: a fault in a field of the plan alone results from them.
        return None, sorted(faults, key=lambda fault: (_part(fault) not in text.tree, fault.line or 0))
    days = amendment.calendar
    calendar = amended_calendar(frozen.calendar, days.off_days, days.work_days, days.published_until)
    digest = _digest(canonical_json(plan.model_dump(mode="json")))
    amended = changed_clauses(frozen, plan, number)
    return FrozenPlan(plan=plan, calendar=calendar, digest=digest, amendment=number, amended_clauses=amended), []


def _part(fault: Fault) -> str:
    """The top-level field of the plan that a fault lies in: `phases` of `phases[1].ends_on`."""
    return (fault.path or "").partition(".")[0].partition("[")[0]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _merge(text: YamlText, plan: Plan, faults: list[Fault]) -> _Merged:
    """The plan's tree with the fields of the amendment applied; ids that the plan does not have are faults."""
    tree: dict[str, Any] = plan.model_dump(mode="json")
    origins: dict[Loc, Loc] = {}
    changes = text.tree
    for name in _WHOLE:
        if changes.get(name) is not None:
            tree[name], origins[(name,)] = changes[name], (name,)
    _phases(text, tree["phases"], origins, faults)
    if isinstance(changes.get("clauses"), dict):
        tree["clauses"] = {**tree["clauses"], **changes["clauses"]}
        origins[("clauses",)] = ("clauses",)
    tree["catalogue"] = _entries(text, "catalogue", "id", tree["catalogue"], origins, faults)
    tree["cities"] = _entries(text, "cities", "code", tree["cities"], origins, faults)
    _levels(text, tree["verification"], origins, faults)
    tree["calendar"] = _calendar(tree["calendar"], changes.get("calendar") or {})
    origins[("calendar",)] = ("calendar",)
    lines = {
        (*inside, *at[len(origin) :]): line
        for inside, origin in origins.items()
        for at, line in text.lines.items()
        if at[: len(origin)] == origin
    }
    return _Merged(text.file, tree, lines, written=text, origins=origins)


def _entries(
    text: YamlText, part: str, key: str, known: list[dict[str, Any]], origins: dict[Loc, Loc], faults: list[Fault]
) -> list[dict[str, Any]]:
    """A list of the plan whose entries are identified by `key`, with the amendment's removals, changes and additions.

    A removed city stays in the plan, because its documents and its ledger refer to it.
    """
    changes = text.tree.get(part) or {}
    ids = [entry[key] for entry in known]
    removed = changes.get("remove") or [] if isinstance(changes, dict) else []
    for index, one in enumerate(removed):
        if one not in ids:
            faults.append(text.fault((part, "remove", index), str(one), wording.one_of_the_plan(ids)))
    places = {one: place for place, one in enumerate(ids)}
    entries: list[tuple[dict[str, Any], Loc | None]] = [(entry, None) for entry in known]
    for index, change in enumerate(changes.get("change") or []):
        loc: Loc = (part, "change", index)
        one = change.get(key)
        if one in places and one in removed:
            faults.append(text.fault((*loc, key), str(one), wording.CHANGED_OR_REMOVED))
            continue
        if one not in places:
            faults.append(text.fault((*loc, key), str(one or ""), wording.one_of_the_plan(ids)))
            continue
        if part == "cities" and "name" in change:
            faults.append(text.fault((*loc, "name"), str(change["name"]), wording.CITY_KEEPS_NAME))
        entries[places[one]] = ({**entries[places[one]][0], **change}, loc)
    entries += [(entry, (part, "add", index)) for index, entry in enumerate(changes.get("add") or [])]
    kept = [pair for pair in entries if part == "cities" or pair[0].get(key) not in removed]
    origins |= {(part, place): loc for place, (_, loc) in enumerate(kept) if loc is not None}
    return [entry for entry, _ in kept]


def _phases(text: YamlText, phases: Any, origins: dict[Loc, Loc], faults: list[Fault]) -> None:
    """The other dates of phases; those of the plan, or of the amendment if it replaces them."""
    ids = [str(phase.get("id")) for phase in phases if isinstance(phase, dict)] if isinstance(phases, list) else []
    for one, move in (text.tree.get("move_phases") or {}).items():
        if one not in ids:
            faults.append(text.fault(("move_phases", one), str(one), wording.one_of_the_plan(ids)))
            continue
        for name, day in move.items():
            phases[ids.index(one)][name] = day
            origins[("phases", ids.index(one), name)] = ("move_phases", one, name)


def _levels(text: YamlText, verification: dict[str, Any], origins: dict[Loc, Loc], faults: list[Fault]) -> None:
    changes = text.tree.get("verification") or {}
    if changes.get("max_rounds") is not None:
        verification["max_rounds"] = changes["max_rounds"]
        origins[("verification", "max_rounds")] = ("verification", "max_rounds")
    ids: Sequence[str] = [level["id"] for level in verification["levels"]]
    for one, clause in (changes.get("due") or {}).items():
        loc: Loc = ("verification", "due", one)
        if one not in ids:
            faults.append(text.fault(loc, str(one), wording.one_of_the_plan(ids)))
            continue
        place = ids.index(one)
        verification["levels"][place]["due"] = clause
        origins[("verification", "levels", place, "due")] = loc


def _calendar(known: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The plan's own days with those of the amendment; the amendment overrides the plan."""
    off, work = list(changes.get("off_days") or []), list(changes.get("work_days") or [])
    days = {
        "off_days": sorted({*off, *(day for day in known["off_days"] if day not in work)}),
        "work_days": sorted({*work, *(day for day in known["work_days"] if day not in off)}),
    }
    until = max(filter(None, (known.get("published_until"), changes.get("published_until"))), default=None)
    return {**known, **days, "published_until": until}
