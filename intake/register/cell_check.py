"""Cells of a row that have no value to convert: errors, formulas without a result, rounded numbers."""

from bisect import bisect_left

from intake.files.faults import Fault
from intake.files.sheets import SheetTable
from intake.register import wording
from intake.register.mapping import Source
from intake.register.row_check import ReadRow, RowCheck

_ROWS_BACK = 100
"""How many rows above an empty cell are searched for the cell that it may have been merged with."""


class CellCheck:
    """Reads the rows of a table, by their place in `SheetTable.rows`. Faulty cells of other columns do not count."""

    def __init__(self, sheet: SheetTable, sources: dict[str, Source]) -> None:
        self._sheet = sheet
        self._read = {index for source in sources.values() for index in source.indexes}
        self._columns = {source.label: source.indexes[0] for source in sources.values() if source.indexes}

    def read(self, check: RowCheck, place: int) -> ReadRow:
        """The row as `check` reads it, with the faults of the cells that have no value."""
        row, cells = self._sheet.rows[place]
        in_row = self._sheet.cell_faults.get(row)
        faulty = {c: expected for c, expected in in_row.items() if c in self._read} if in_row is not None else {}
        if not faulty:
            return check.read(row, cells)
        read = check.read(row, ["" if column in faulty else cell for column, cell in enumerate(cells)])
        read.texts, header = cells, self._sheet.header
        read.cell_faults = tuple(
            Fault(self._sheet.file, cells[c], faulty[c], row=row, column=header[c]) for c in sorted(faulty)
        )
        return read

    def faults(self, check: RowCheck, read: ReadRow) -> list[Fault]:
        """The faults of a row, with a hint where a cell may have been merged and the format does not tell."""
        return [self._maybe_merged(fault, read.row) for fault in check.faults(read)]

    def _maybe_merged(self, fault: Fault, of_row: int) -> Fault:
        """An empty required cell below a filled one may have been merged, if the format does not tell."""
        if self._sheet.merged_known or fault.expected != wording.REQUIRED_CELL or fault.column not in self._columns:
            return fault
        column = self._columns[fault.column]
        place = bisect_left(self._sheet.rows, of_row, key=lambda pair: pair[0])
        for row, cells in self._sheet.rows[max(place - _ROWS_BACK, 0) : place][::-1]:
            if column < len(cells) and cells[column].strip():
                expected = wording.maybe_merged(fault.expected, row)
                return Fault(fault.file, fault.value, expected, row=fault.row, column=fault.column)
        return fault
