"""Total rows of a table: which rows are totals, and whether their numbers agree with the rows that they follow."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from intake.files import wording
from intake.files.faults import Fault
from schemas.identity import folded

_TOTAL = re.compile(r"[合总小共]\s*计|汇\s*总|total|sum", re.IGNORECASE)
"""A quick test on a whole row."""

_TOTAL = re.compile(
    r".{0,20}?(合计|总计|小计|共计|汇总)(数|数量)?([:(\d].*)?|((grand|sub)-?)?totals?([:(\d].*)?|sum([:(\d].*)?"
)
_COUNT = re.compile(r"(\d+)(?=[处个座家条项]|sites?)")

_Rows = Sequence[tuple[int, Sequence[str]]]


def may_be_total(text: str) -> bool:
    """A quick test on the texts of a whole row."""
    if "计" in text or "汇" in text:
        return True
    lower = text.lower()
    return "total" in lower or "sum" in lower


@dataclass
class Totals:
    """Follows the rows of a table, which its reader appends to `rows`. Columns (from 0) are None where there is none.

    A total is compared with the rows since the last total, and with all rows; one that precedes every row, with all
    rows of the table, which are known at the end.
    """

    file: str
    rows: _Rows
    id_column: int | None
    name_column: int | None
    area_column: int | None
    required: Sequence[int]
    """Columns besides id and name that a site must have."""

    warnings: list[Fault] = field(default_factory=list)
    _since: int = 0
    _early: list[tuple[int, Sequence[str]]] = field(default_factory=list)

    def is_total(self, cells: Sequence[str]) -> bool:
        """Whether the id, the name or the first cell says so, and a cell that a site must have is empty."""
        return any(_TOTAL.fullmatch(folded(head)) for head in self._heads(cells)) and any(
            not _cell(cells, column) for column in self.required
        )

    def add_total(self, row: int, cells: Sequence[str]) -> None:
        """A total in this row of the sheet: it is told."""
        if not self.rows:
            self._early.append((row, cells))
            return
        self._tell(row, cells, (self.rows[self._since :], self.rows))
        self._since = len(self.rows)

    def finish(self) -> None:
        """All rows are known."""
        for row, cells in self._early:
            self._tell(row, cells, (self.rows,))

    def _tell(self, row: int, cells: Sequence[str], bases: Sequence[_Rows]) -> None:
        wrong = [*self._wrong_count(cells, bases), *self._wrong_area(cells, bases)]
        shown = ", ".join(cell.strip() for cell in cells if cell.strip())
        self.warnings.append(Fault(self.file, shown, wording.total_row(wrong), row=row))

    def _wrong_count(self, cells: Sequence[str], bases: Sequence[_Rows]) -> list[str]:
        said = self._count(cells)
        if said is None:
            return []
        rows = {len(base) for base in bases}
        sites = {len({_cell(row, self.id_column) for _, row in base} - {""}) for base in bases}
        return [] if said in rows | sites else [wording.total_of_rows(said, len(bases[0]))]

    def _count(self, cells: Sequence[str]) -> int | None:
        for head in map(folded, self._heads(cells)):
            if head.isdecimal():
                return int(head)
            if found := _COUNT.search(head):
                return int(found[1])
        return None

    def _wrong_area(self, cells: Sequence[str], bases: Sequence[_Rows]) -> list[str]:
        said = _number(_cell(cells, self.area_column))
        sums = [_sum(base, self.area_column) for base in bases]
        if said is None or None in sums:
            return []
        # A sheet shows a total rounded; the cells keep binary fractions.
        slack = max(Decimal(5) * Decimal(10) ** (_exponent(said) - 1), Decimal("0.000001"))
        if any(area is not None and abs(area - said) <= slack for area in sums):
            return []
        return [wording.total_of_areas(f"{said:f}", f"{sums[0]:f}")]

    def _heads(self, cells: Sequence[str]) -> list[str]:
        first = next((cell for cell in cells if cell.strip()), "")
        return [first, _cell(cells, self.id_column), _cell(cells, self.name_column)]


def _cell(cells: Sequence[str], column: int | None) -> str:
    return cells[column].strip() if column is not None and column < len(cells) else ""


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(folded(text).replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # the number is finite
    return exponent


def _sum(rows: _Rows, column: int | None) -> Decimal | None:
    """The sum of a column; an empty cell is 0; None if a cell is no number."""
    numbers = [_number(text) for _, row in rows if (text := _cell(row, column))]
    return None if None in numbers else sum((n for n in numbers if n is not None), Decimal(0))
