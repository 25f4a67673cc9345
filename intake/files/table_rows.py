"""Separates the rows of a table from what stands between and below them: totals, notes, repeated headers."""

import re
from collections.abc import Callable, Sequence
from itertools import islice

from intake.files import wording
from intake.files.faults import Fault
from intake.files.grid import Grid, TableSpec
from intake.files.table_start import TableStart
from intake.files.totals import Totals, may_be_total

_NOTE = re.compile(r"[(（【\[]?\s*(注|备注|说明|填表|填报|审核|制表|单位)|(notes?|remarks?)\b", re.IGNORECASE)

_ASIDE = re.compile(
    r"※|附(件|表)?\d*[:：]|其中[:：]?|.*[(（](盖章|公章|签章|签字|印章)[)）]|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$"
)
"""What stands below a table in any column: a remark, an enclosure, a stamp, a day."""
_ID_LIKE = re.compile(r"[\w.-]*\d[\w.-]*", re.ASCII)

Rows = list[tuple[int, list[str]]]
"""Row numbers from 1, and cells."""


def table_rows(file: str, grid: Grid, start: TableStart, spec: TableSpec) -> tuple[Rows, list[Fault]]:
    """The rows below the header with any text, and a warning for each row that is not one of the table.

    Hidden rows are rows. Cells are judged as they stand in the file, before merged ones are filled: a note is often
    merged over the whole width.
    """
    numbered = list(enumerate(islice(grid.rows, start.row, None), start.row + 1))
    if spec.is_export:
        return [(row, cells) for row, cells in numbered if any(cell.strip() for cell in cells)], []
    above = {text for cells in grid.rows[: start.row] if (text := "".join(cells).strip())}
    rows: Rows = []
    totals = _totals(file, rows, start, spec)
    notes: list[Fault] = []
    repeated: list[int] = []

    def is_lone(row: int, cells: Sequence[str]) -> bool:
        return _is_lone(grid, start, spec, row, cells)

    def is_other(cells: Sequence[str], text: str) -> bool:
        return text in above or (may_be_total(text) and totals.is_total(cells)) or _is_note(cells)

    last = _last_site(numbered, lambda row, cells, text: is_lone(row, cells) or is_other(cells, text))
    for row, cells in numbered:
        text = "".join(cells).strip()
        if not text:
            continue
        if text in above:
            repeated.append(row)
        elif may_be_total(text) and totals.is_total(cells):
            totals.add_total(row, cells)
        elif _is_note(cells):
            notes.append(Fault(file, text, wording.NOTE_ROW, row=row))
        elif last is not None and row > last and is_lone(row, cells):
            notes.append(Fault(file, text, wording.NOTE_OF_ONE_CELL, row=row))
        else:
            rows.append((row, cells))
    totals.finish()
    again = [Fault(file, start.header[0], wording.repeated_header(repeated), row=repeated[0])] if repeated else []
    told = [*totals.warnings, *notes, *again]
    return rows, sorted(told, key=lambda fault: fault.row or 0)


def _is_note(cells: Sequence[str]) -> bool:
    return all(_NOTE.match(cell.strip()) for cell in cells if cell.strip())


def _last_site(numbered: Rows, is_other: Callable[[int, Sequence[str], str], bool]) -> int | None:
    """The last row that may be a site; None if there is no such row."""
    for row, cells in reversed(numbered):
        text = "".join(cells).strip()
        if text and not is_other(row, cells, text):
            return row
    return None


def _is_lone(grid: Grid, start: TableStart, spec: TableSpec, row: int, cells: Sequence[str]) -> bool:
    """Whether the only cell with text is none of a site's: it has no known column, or is no id, or a usual remark.

    A row in a range that is merged downwards has the cells of the rows above it.
    """
    filled = [column for column, cell in enumerate(cells) if cell.strip()]
    if len(filled) != 1 or any(first < row - 1 <= last for (first, _), (last, _) in grid.merged or ()):
        return False
    text = cells[filled[0]].strip()
    fields = spec.fields_of(start.header[filled[0]]) if filled[0] < len(start.header) else ()
    return not fields or bool(_ASIDE.match(text)) or ("id" in fields and not _ID_LIKE.fullmatch(text))


def _totals(file: str, rows: Rows, start: TableStart, spec: TableSpec) -> Totals:
    columns = {
        field: column for column, name in reversed(list(enumerate(start.header))) for field in spec.fields_of(name)
    }
    heads = {"id", "name"}
    required = [columns[field] for field in spec.required - heads if field in columns]
    areas = {column: start.header[column] for field, column in columns.items() if field.startswith("area_")}
    return Totals(file, rows, columns.get("id"), columns.get("name"), areas, required)


def fill_merged(
    file: str, grid: Grid, rows: Sequence[tuple[int, list[str]]], start: TableStart
) -> tuple[Grid, list[Fault]]:
    """Fills, in place, merged cells of these rows with the text of their first cell, and tells it in one warning.

    The grid that is returned has the first cell's fault in each of them.
    """
    by_row = {row - 1: cells for row, cells in rows}
    faults = dict(grid.faults)
    filled: list[tuple[int, int, str]] = []
    for (first, left), (last, right) in grid.merged or ():
        own = grid.rows[first] if start.row <= first < len(grid.rows) else []
        if left >= len(own) or (left < right and sum(bool(cell.strip()) for cell in own) == 1):
            continue  # a text across an otherwise empty row is a heading, not the value of each column
        text, fault = own[left], grid.faults.get((first, left))
        changed = False
        for row in range(first, last + 1) if text.strip() else ():
            cells = by_row.get(row, [])
            for column in range(left, min(right + 1, len(cells))):
                if cells[column].strip() or (row, column) == (first, left):
                    continue
                cells[column] = text
                changed = True
                if fault is not None:
                    faults[row, column] = fault
        if changed:
            filled.append((first, left, _range_name(first, left, last, right)))
    if not filled:
        return grid, []
    named: dict[str, list[str]] = {}
    for _, left, name in sorted(filled):
        header = start.header[left] if left < len(start.header) else ""
        named.setdefault(header or str(left + 1), []).append(name)
    value = "; ".join(f"{header} {_bounded(names)}" for header, names in named.items())
    told = Fault(file, value, wording.MERGED_FILLED, row=min(filled)[0] + 1)
    return Grid(grid.rows, grid.sheet, grid.merged, faults), [told]


def _bounded(names: Sequence[str], limit: int = 3) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


def _range_name(first: int, left: int, last: int, right: int) -> str:
    from xlsxwriter.utility import xl_range  # loads slowly, and few sheets need it

    return str(xl_range(first, left, last, right))
