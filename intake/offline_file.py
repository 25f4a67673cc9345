"""Reads an exported register with people's edits: the values of each row, or all faults at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from intake.files.days import read_day
from intake.files.faults import Fault, InvalidCell
from intake.files.grid import TablePlace, TableSpec
from intake.files.sheets import SheetTable, is_workbook, read_sheet
from intake.files.wording import from_pydantic
from intake.register.cells import area, code, hazard, latitude, longitude, number
from schemas.evidence import Evidence, EvidencePhase
from schemas.quantity import Area, Quantity
from schemas.site.correction import CORRECTABLE, Corrections

REGISTER, TASKS = "register", "tasks"
"""The sheets of the workbook."""

REGISTER_HEADERS = (
    "id", "name", "city", "county", "township", "latitude", "longitude", "type", "mineral", "area_ha", "depth_m",
    "distance_m", "hazard", "responsible", "enterprise",
    "stage", "round", "level", "rung", "suspended", "due", "requirements", "requirements_done", "version",
)  # fmt: skip
TASK_HEADERS = (
    "id", "requirement", "title", "unit", "needed", "done", "evidence_on_file", "new_evidence", "note", "done_on",
    "version",
)  # fmt: skip
EDITABLE = frozenset((*CORRECTABLE, "done", "new_evidence", "note", "done_on"))

_HEADERS = frozenset((*REGISTER_HEADERS, *TASK_HEADERS))
_SPEC = TableSpec(lambda header: {header} if header in _HEADERS else (), frozenset({"id", "version"}), is_export=True)

_PHASED = re.compile(r"(before|during|after)\s*[:：]\s*(.+)")
_LONGEST_NOTE = 4000
_QUANTITY: TypeAdapter[Decimal] = TypeAdapter(Quantity)
_AREA: TypeAdapter[Decimal] = TypeAdapter(Area)
_NOTHING = re.compile(r"(?!)")
_QUOTED = re.compile(r"^'")
"""The prefix in a CSV file that keeps a spreadsheet from reading a text as a formula, or before an apostrophe."""


@dataclass(frozen=True)
class OfflineRow:
    """One row of the edited file; `fields` are the editable fields of its sheet, by name."""

    file: str
    row: int
    site_id: str
    version: int
    fields: Mapping[str, Any]
    requirement: str | None = None
    evidence: tuple[Evidence, ...] = ()
    note: str | None = None
    done_on: date | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    """Every cell unchanged, by header: cells that may not be edited are compared with the export."""


@dataclass(frozen=True)
class OfflineFile:
    """The rows that were read; there are none if there are faults."""

    register: tuple[OfflineRow, ...] = ()
    tasks: tuple[OfflineRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    files: tuple[str, ...] = ()
    """The names of the files that were read."""
    warnings: tuple[Fault, ...] = ()
    """What was filled or may have been read otherwise than its author meant."""


def read_offline(path: Path, beside: Path | None = None, window: tuple[date, date] | None = None) -> OfflineFile:
    """Reads a workbook with both sheets, or a CSV file of either kind, which its header determines.

    With `beside`, the task file of a CSV register is read too, if it exists. Raises NotFound when `path` does not
    exist. `window` is the campaign's first and last day: a day without a year (`12月1日`) has the year that fits it.
    """
    workbook = is_workbook(path)
    names = (REGISTER, TASKS) if workbook else (None,)
    sheets = [read_sheet(path, _SPEC, TablePlace(name)) for name in names]
    if not workbook and "requirement" not in sheets[0].header and beside is not None and beside.is_file():
        sheets.append(read_sheet(beside, _SPEC))
    faults: list[Fault] = []
    rows: dict[str, list[OfflineRow]] = {REGISTER: [], TASKS: []}
    for sheet in sheets:
        if sheet.fault is not None:
            faults.append(sheet.fault)
            continue
        kind = TASKS if "requirement" in sheet.header else REGISTER
        missing = [h for h in ("id", "version", *(("requirement",) if kind == TASKS else ())) if h not in sheet.header]
        if missing:
            found = ", ".join(sheet.header)
            expected = f"the columns of `starter.py export`; missing: {', '.join(missing)}"
            faults.append(Fault(sheet.file, found, expected, row=sheet.header_row))
            continue
        _read(sheet, kind, workbook, window, rows[kind], faults)
    if faults:
        return OfflineFile(faults=tuple(faults))
    files = tuple(dict.fromkeys(sheet.file for sheet in sheets))
    warnings = tuple(warning for sheet in sheets for warning in sheet.warnings)
    return OfflineFile(tuple(rows[REGISTER]), tuple(rows[TASKS]), files=files, warnings=warnings)


class _Row:
    """One row during reading; invalid cells are noted as faults and give None."""

    def __init__(self, file: str, number_: int, cells: Mapping[str, str], faulty: Mapping[str, str]) -> None:
        self.file = file
        self.number = number_
        self.cells = cells
        self.faults: list[Fault] = []
        self._faulty = faulty

    def take(self, column: str, read: Callable[[str], Any], missing: str | None = None) -> Any:
        """The cell's value. None if it is invalid or empty; empty is a fault if `missing` gives an expectation."""
        text = self.cells.get(column, "")
        if column in self._faulty:
            self.fault(column, self._faulty[column])
            return None
        if not text:
            if missing is not None:
                self.fault(column, missing)
            return None
        try:
            return read(text)
        except InvalidCell as invalid:
            self.fault(column, str(invalid))
            return None

    def fault(self, column: str, expected: str) -> None:
        self.faults.append(Fault(self.file, self.cells.get(column, ""), expected, row=self.number, column=column))


def _read(
    sheet: SheetTable,
    kind: str,
    workbook: bool,
    window: tuple[date, date] | None,
    into: list[OfflineRow],
    faults: list[Fault],
) -> None:
    quoted = _NOTHING if workbook else _QUOTED
    seen: dict[tuple[str, str], int] = {}
    for number_, cells in sheet.rows:
        named = {h: quoted.sub("", c.strip()) for h, c in zip(sheet.header, cells, strict=False)}
        faulty = {
            sheet.header[c]: said for c, said in sheet.cell_faults.get(number_, {}).items() if c < len(sheet.header)
        }
        row = _Row(sheet.file, number_, named, faulty)
        site_id = row.take("id", str, "the site's id")
        requirement = row.take("requirement", str, "the requirement's id") if kind == TASKS else None
        version = row.take("version", _whole, "the version of the row, as it was exported")
        earlier = seen.setdefault((site_id, requirement or ""), number_)
        if earlier != number_:
            row.fault("id", f"one row; row {earlier} is of the same {'task' if kind == TASKS else 'site'}")
        fields = _task_fields(row) if kind == TASKS else _register_fields(row, sheet.header)
        evidence, note, done_on = (
            row.take("new_evidence", _evidence),
            row.take("note", _note),
            row.take("done_on", partial(read_day, within=window)),
        )
        if row.faults:
            faults.extend(row.faults)
            continue
        into.append(
            OfflineRow(
                file=sheet.file,
                row=number_,
                site_id=site_id,
                version=version,
                fields=fields,
                requirement=requirement,
                evidence=evidence or (),
                note=note,
                done_on=done_on,
                cells=named,
            )
        )


def _task_fields(row: _Row) -> dict[str, Any]:
    return {"done": row.take("done", _quantity, "the quantity done in all; 0 for none")}


def _register_fields(row: _Row, header: Sequence[str]) -> dict[str, Any]:
    read: dict[str, Callable[[str], Any]] = {
        "latitude": partial(_degrees, latitude),
        "longitude": partial(_degrees, longitude),
        "responsible": _names,
        "area_ha": _hectares,
        "hazard": lambda text: hazard(text).value,
    }
    fields = {column: row.take(column, read.get(column, str)) for column in CORRECTABLE if column in header}
    if "responsible" in fields and fields["responsible"] is None:
        fields["responsible"] = []
    corrections = {name: value for name, value in fields.items() if value is not None}
    try:
        Corrections.model_validate(corrections or {"name": "any"})
    except ValidationError as error:
        for fault in error.errors():
            row.fault(str(fault["loc"][0]), fault["msg"].removeprefix("Input should be "))
    return fields


def _note(text: str) -> str:
    if len(text) > _LONGEST_NOTE:
        raise InvalidCell(f"at most {_LONGEST_NOTE} characters")
    return text


def _degrees(read: Callable[[str], float], text: str) -> float:
    return round(read(text), 9)


def _hectares(text: str) -> Any:
    """An area as the register has it in JSON, so that it is compared with the export."""
    try:
        return _AREA.dump_python(_AREA.validate_python(round(area(text), 6)), mode="json")
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise InvalidCell(from_pydantic(fault["type"], fault["msg"], fault.get("ctx", {}))) from None


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise InvalidCell("the version as it was exported, a whole number")
    return int(text)


def _quantity(text: str) -> Decimal:
    number(text)
    try:
        return _QUANTITY.validate_python(code(text))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise InvalidCell(from_pydantic(fault["type"], fault["msg"], fault.get("ctx", {}))) from None


def _names(text: str) -> list[str]:
    return [name for part in re.split(r"[;；、]", text) if (name := part.strip())]


def _evidence(text: str) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    for part in re.split(r"[;；\n]", text):
        if not part.strip():
            continue
        match = _PHASED.fullmatch(part.strip())
        if match is None or len(match[2]) > 500:
            raise InvalidCell("references such as `before:IMG_1.jpg; after:IMG_2.jpg`")
        found.append(Evidence(phase=EvidencePhase(match[1]), ref=match[2].strip()))
    return tuple(found)


def join_names(values: Sequence[str] | None) -> str:
    """Joins names into the text of a cell; `_names` splits it again."""
    return "；".join(values or ())
