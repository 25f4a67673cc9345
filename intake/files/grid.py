"""The cells of one sheet as texts, before anybody knows where its table is; and what a reader expects of that table."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from intake.files import wording

Cell = tuple[int, int]
"""Row and column, both from 0."""

Range = tuple[Cell, Cell]
"""The first and the last cell of a merged range."""

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_MARKED = re.compile(f"[#'={_INVISIBLE}]|Err")
_ERROR = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA)"
    r"|Err:\d{3}|#{3,}"
)
"""What spreadsheets show for an error, and for a number in too narrow a column; both are saved to CSV."""

_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_WORD = re.compile(r"'(?:[nst][ -]|.*')", re.DOTALL)
"""An apostrophe that belongs to the text: 's-Gravenberg, or a name in quotes."""


@dataclass(frozen=True)
class Grid:
    """All rows of a sheet, from its first. A CSV file has one sheet without a name.

    `merged` is None if the format does not tell which cells are merged. `faults` maps a cell that cannot be read to the
    expectation; its text says what stands there.
    """

    rows: list[list[str]]
    sheet: str | None = None
    merged: Sequence[Range] | None = None
    faults: Mapping[Cell, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TablePlace:
    """Where the table is, if the person says so; both None: it is looked for."""

    sheet: str | None = None
    """Name of the sheet, or its number from 1."""

    header_row: int | None = None
    """Row of the column names, from 1."""


@dataclass(frozen=True)
class TableSpec:
    """What a reader expects: `fields_of` gives the fields that a header names, none for another text.

    `is_export` is for files that `export` wrote: each row is a record, and an apostrophe is part of the text.
    """

    fields_of: Callable[[str], Collection[str]]
    required: frozenset[str]
    is_export: bool = False


def cleaned(grid: Grid, unwrap: bool) -> Grid:
    """Removes, in place, what is not shown at the ends of cells, and with `unwrap` the marks that force text.

    The marks are those of spreadsheets and of programs that write CSV for them: `'410400-001` and `="410400-001"`.
    The grid that is returned has a fault for each error that a spreadsheet shows.
    """
    faults = dict(grid.faults)
    for row, cells in enumerate(grid.rows):
        if _MARKED.search("".join(cells)):
            grid.rows[row] = [_cleaned(cell, unwrap) for cell in cells]
            faults |= {(row, c): wording.ERROR_CELL for c, cell in enumerate(cells) if _ERROR.fullmatch(cell.strip())}
    return replace(grid, faults=faults)


def _cleaned(cell: str, unwrap: bool) -> str:
    bare, previous = cell, ""
    while bare != previous:  # spaces and invisible characters may alternate
        previous, bare = bare, bare.strip().strip(_INVISIBLE)
    if not unwrap:
        return bare if bare != cell.strip() else cell
    if formula := _FORMULA_TEXT.fullmatch(bare):
        return _cleaned(formula[1], unwrap)
    if bare.startswith("'") and not _WORD.match(bare):
        return _cleaned(bare[1:], unwrap)
    return bare if bare != cell.strip() else cell
