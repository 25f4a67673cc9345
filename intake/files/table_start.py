"""Finds the header of a table: the row among the first that names most of the expected columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from intake.files.grid import Grid, TableSpec

LOOKED_AT = 20
"""Rows in which a header is looked for."""


@dataclass(frozen=True)
class TableStart:
    """A header: its row from 1, its names, and the fields that they name."""

    row: int
    header: tuple[str, ...]
    fields: frozenset[str]

    @property
    def known(self) -> int:
        """How many fields are named."""
        return len(self.fields)

    def has_all(self, spec: TableSpec) -> bool:
        """Whether no required field is missing."""
        return spec.required <= self.fields


def best_start(grid: Grid, spec: TableSpec) -> TableStart | None:
    """The first row that names most fields; None if no row names any."""
    top = _top(grid, LOOKED_AT)
    found = max((_start(top, row, spec) for row in range(len(top))), key=lambda start: start.known, default=None)
    return found if found is not None and found.known else None


def start_at(grid: Grid, row: int, spec: TableSpec) -> TableStart | None:
    """The header in this row (from 1); None if the row is empty or there is none."""
    top = _top(grid, row)
    found = _start(top, row - 1, spec) if len(top) >= row >= 1 else None
    return found if found is not None and found.header else None


def _top(grid: Grid, count: int) -> list[list[str]]:
    """The first rows, with a cell that is merged downwards in each of its rows: a name may span both header rows.

    Merging sideways is not filled: a name would stand twice.
    """
    top = [[cell.strip() for cell in row] for row in grid.rows[:count]]
    for (first, column), (last, _) in grid.merged or ():
        for row in range(first + 1, min(last + 1, len(top))):
            if column < len(top[first]) and column < len(top[row]):
                top[row][column] = top[row][column] or top[first][column]
    return top


def _start(top: list[list[str]], row: int, spec: TableSpec) -> TableStart:
    """The row as a header; if that names more fields, with the names of the row above where it is empty.

    A file that does not tell of merged cells has such a header in two rows too.
    """
    own = _named(row, top[row], spec)
    if row == 0 or not own.known:
        return own
    above = top[row - 1]
    width = max(len(above), len(top[row]))
    pairs = zip(_padded(top[row], width), _padded(above, width), strict=True)
    both = _named(row, [cell or (upper if spec.fields_of(upper) else "") for cell, upper in pairs], spec)
    return both if both.known > own.known else own


def _named(row: int, cells: Sequence[str], spec: TableSpec) -> TableStart:
    header = list(cells)
    while header and not header[-1]:
        header.pop()
    return TableStart(row + 1, tuple(header), frozenset(field for name in header for field in spec.fields_of(name)))


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]
