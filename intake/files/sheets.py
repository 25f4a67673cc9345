"""Reads a CSV file or a workbook as a header and rows of texts, numbered as in the sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from intake.files import wording
from intake.files.csv_grid import read_csv
from intake.files.faults import Fault, read_bytes
from intake.files.grid import Grid, TablePlace, TableSpec, cleaned
from intake.files.table_rows import fill_merged, table_rows
from intake.files.table_start import LOOKED_AT, TableStart, best_start, start_at
from intake.files.workbook import InvalidWorkbook, Workbook

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
ANYWHERE = TablePlace()


@dataclass(frozen=True)
class SheetTable:
    """A table as texts; `rows` are (row number, cells), rows without any text are left out.

    Rows are counted from 1 as in the sheet; `header_row` is the header's. `fault` is the reason why the file could not
    be read. `warnings` name what was skipped or filled, and values whose reading may surprise the author.
    `cell_faults` are cells that have no value: row number to column (from 0) to the expectation. `merged_known` is
    false if the format does not tell of merged cells.
    """

    file: str
    header: tuple[str, ...] = ()
    rows: Sequence[tuple[int, Sequence[str]]] = ()
    warnings: tuple[Fault, ...] = ()
    fault: Fault | None = None
    sheet: str | None = None
    header_row: int = 1
    cell_faults: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    merged_known: bool = False


def read_sheet(path: Path, spec: TableSpec, place: TablePlace = ANYWHERE) -> SheetTable:
    """Reads a CSV (UTF-8, UTF-16 or GB18030) or a sheet of a workbook, from its header on.

    The format is detected from the first bytes, not from the name. The header is the row, among the first rows, that
    names most fields of `spec`; a workbook's sheet is the first visible one whose header names every required field.
    Raises NotFound when the file does not exist.
    """
    content = read_bytes(path)
    if not content.startswith(_WORKBOOKS):
        return _csv(path.name, content, spec, place)
    try:
        return _workbook(path.name, Workbook(path.name, content), spec, place)
    except InvalidWorkbook as invalid:
        return SheetTable(path.name, fault=invalid.fault)


def is_workbook(path: Path) -> bool:
    """Whether the file's first bytes are those of a workbook. Raises NotFound when the file does not exist."""
    return read_bytes(path).startswith(_WORKBOOKS)


def _csv(file: str, content: bytes, spec: TableSpec, place: TablePlace) -> SheetTable:
    if place.sheet is not None:
        return SheetTable(file, fault=Fault(file, f"--sheet {place.sheet}", wording.SHEET_OF_CSV))
    grid, warnings, fault = read_csv(file, content, spec)
    return (
        SheetTable(file, warnings=tuple(warnings), fault=fault)
        if grid is None
        else _table(file, grid, warnings, spec, place)
    )


def _workbook(file: str, book: Workbook, spec: TableSpec, place: TablePlace) -> SheetTable:
    sheet = _chosen(book, spec, place)
    if sheet is None:
        names = ", ".join([*book.visible, *book.hidden])
        expected = wording.sheet_named(str(place.sheet)) if spec.is_export else wording.sheet_there(str(place.sheet))
        return SheetTable(file, fault=Fault(file, names, expected))
    grid, warnings = book.grid(sheet)
    others = [name for name in (*book.visible, *book.hidden) if name != sheet]
    if others and place.sheet is None:
        warnings.append(Fault(file, ", ".join(others), wording.one_sheet_only(sheet)))
    return _table(file, grid, warnings, spec, place, others)


def _chosen(book: Workbook, spec: TableSpec, place: TablePlace) -> str | None:
    """The sheet that the person names, or else the first whose header is complete, or else the one with the best.

    If no sheet has a known name in the row that the person gives, it is the one that has the best in another. A hidden
    sheet is read only if it is named: it may be an old copy.
    """
    names = [*book.visible, *book.hidden]
    if place.sheet is not None:
        if place.sheet in names:
            return place.sheet
        number = int(place.sheet) if place.sheet.isdecimal() else 0
        return names[number - 1] if 1 <= number <= len(names) else None
    best: tuple[str | None, tuple[int, int]] = (None, (-1, -1))
    for name in book.visible:
        top = cleaned(book.top(name, max(LOOKED_AT, place.header_row or 0)), unwrap=not spec.is_export)
        start, elsewhere = _start(top, spec, place), best_start(top, spec)
        if start is not None and start.has_all(spec):
            return name
        known = (start.known if start is not None else 0, elsewhere.known if elsewhere is not None else 0)
        if known > best[1]:
            best = (name, known)
    return best[0]


def _start(grid: Grid, spec: TableSpec, place: TablePlace) -> TableStart | None:
    return best_start(grid, spec) if place.header_row is None else start_at(grid, place.header_row, spec)


def _table(
    file: str, grid: Grid, warnings: list[Fault], spec: TableSpec, place: TablePlace, others: Sequence[str] = ()
) -> SheetTable:
    grid = cleaned(grid, unwrap=not spec.is_export)
    start = _start(grid, spec, place)
    if start is None:
        return SheetTable(file, warnings=tuple(warnings), fault=_no_header(file, grid, spec, place, others))
    rows, skipped = table_rows(file, grid, start, spec)
    grid, filled = fill_merged(file, grid, rows, start)
    return SheetTable(
        file,
        start.header,
        rows,
        (*warnings, *filled, *skipped),
        sheet=grid.sheet,
        header_row=start.row,
        cell_faults=_by_row(grid),
        merged_known=grid.merged is not None,
    )


def _no_header(file: str, grid: Grid, spec: TableSpec, place: TablePlace, others: Sequence[str]) -> Fault:
    if place.header_row is not None:
        return Fault(file, "", wording.header_there(len(grid.rows)), row=place.header_row)
    written = next((cells for cells in grid.rows if any(cell.strip() for cell in cells)), [])
    looked = min(LOOKED_AT, len(grid.rows))
    expected = wording.HEADER_OF_EXPORT if spec.is_export else wording.header_found(looked, grid.sheet, others)
    return Fault(file, ", ".join(cell.strip() for cell in written if cell.strip()), expected)


def _by_row(grid: Grid) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for (row, column), expected in grid.faults.items():
        found.setdefault(row + 1, {})[column] = expected
    return found
