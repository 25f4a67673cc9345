"""Reads the sheets of a workbook: their cells as texts, what is merged, and what cannot be read."""

import io
from collections.abc import Sequence
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from intake.files import wording
from intake.files.faults import Fault
from intake.files.grid import Cell, Grid
from intake.files.xlsx_scan import hidden_cells

_EXACT = 1e15
"""A spreadsheet keeps 15 digits of a number; the others are zeros."""


class Workbook:
    """An open workbook. `visible` and `hidden` are the names of its sheets with cells, in their order."""

    def __init__(self, file: str, content: bytes) -> None:
        """Raises InvalidWorkbook, which has the fault."""
        self._file = file
        self._content = content
        self._open: dict[str, CalamineSheet] = {}
        try:
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        except PasswordError:
            raise InvalidWorkbook(Fault(file, "", wording.PASSWORD)) from None
        except CalamineError as error:
            raise InvalidWorkbook(Fault(file, str(error), wording.WORKBOOK)) from None
        sheets = [sheet for sheet in self._book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
        self.visible = [sheet.name for sheet in sheets if sheet.visible is SheetVisibleEnum.Visible]
        self.hidden = [sheet.name for sheet in sheets if sheet.visible is not SheetVisibleEnum.Visible]
        if not sheets:
            raise InvalidWorkbook(Fault(file, "", wording.WORKBOOK))

    def top(self, sheet: str, rows: int) -> Grid:
        """The first rows of a sheet."""
        return self._grid(sheet, rows)

    def grid(self, sheet: str) -> tuple[Grid, list[Fault]]:
        """A whole sheet, and a warning if the format does not tell errors from empty cells."""
        grid = self._grid(sheet, None)
        faults = dict(grid.faults)
        hidden = hidden_cells(self._content, sheet)
        for (row, column), text in (hidden or {}).items():
            _put(grid.rows, row, column, text)
            if text.startswith("="):
                faults[row, column] = wording.NO_RESULT
        warnings = [Fault(self._file, "", wording.ERRORS_READ_AS_EMPTY)] if hidden is None else []
        return Grid(grid.rows, sheet, grid.merged, faults), warnings

    def _grid(self, sheet: str, rows: int | None) -> Grid:
        try:
            found = self._open.get(sheet) or self._book.get_sheet_by_name(sheet)
            values = found.to_python(skip_empty_area=False, nrows=rows)
        except CalamineError as error:
            raise InvalidWorkbook(Fault(self._file, str(error), wording.WORKBOOK)) from None
        self._open[sheet] = found
        texts = [[_text(cell) for cell in row] for row in values]
        return Grid(texts, sheet, found.merged_cell_ranges, _rounded(values))


class InvalidWorkbook(ValueError):
    """A workbook that cannot be read; `fault` says why. It is caught inside intake/."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def _put(rows: list[list[str]], row: int, column: int, text: str) -> None:
    """Sets a cell; the rows end before it if all cells from there on have no value."""
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend([""] * (column + 1 - len(rows[row])))
    rows[row][column] = text


def _text(cell: Any) -> str:
    """A cell as a spreadsheet shows it: a workbook stores every number as a float, codes included."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)) if abs(cell) < _EXACT else f"{cell:.15G}"
    if isinstance(cell, float):
        return str(float(f"{cell:.15g}"))  # 0.1 + 0.7 is shown as 0.8
    return str(cell)


def _rounded(values: Sequence[Sequence[Any]]) -> dict[Cell, str]:
    """The numbers that have lost digits."""
    return {
        (row, column): wording.LOST_DIGITS
        for row, cells in enumerate(values)
        for column, cell in enumerate(cells)
        if type(cell) is float and (cell >= _EXACT or cell <= -_EXACT)
    }
