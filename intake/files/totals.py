"""Total rows of a table: which rows are totals, and whether their numbers agree with the rows that they follow."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from intake.files import wording
from intake.files.faults import Fault
from schemas.identity import folded

_TOTAL = re.compile(
    r".{0,20}?(合计|总计|小计|共计|汇总)(数|数量)?([:(\d].*)?|((grand|sub)-?)?totals?([:(\d].*)?|sum([:(\d].*)?"
)
_PART = re.compile(r".*(小计|sub-?total)")
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

    A total (`小计` is that of a part) is compared with the rows since the last one that is no smaller, and with all
    rows; one that precedes every row, with all rows of the table, which are known at the end. Each area is compared in
    the unit of its column.
    """

    file: str
    rows: _Rows
    id_column: int | None
    name_column: int | None
    areas: Mapping[int, str]
    """The columns of areas, each with its header."""
    required: Sequence[int]
    """Columns besides id and name that a site must have."""

    warnings: list[Fault] = field(default_factory=list)
    _since: int = 0
    _since_whole: int = 0
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
        is_part = any(_PART.match(folded(head)) for head in self._heads(cells))
        base = self.rows[self._since if is_part else self._since_whole :]
        self._tell(row, cells, [rows for rows in ((base, self.rows) if is_part else (self.rows, base)) if rows])
        self._since = len(self.rows)
        if not is_part:
            self._since_whole = self._since

    def finish(self) -> None:
        """All rows are known."""
        for row, cells in self._early:
            self._tell(row, cells, (self.rows,))

    def _tell(self, row: int, cells: Sequence[str], bases: Sequence[_Rows]) -> None:
        """`bases` are the rows that it may be the total of; what it contradicts is told of the first."""
        areas = [told for column in self.areas for told in self._wrong_area(column, cells, bases)]
        wrong = [*self._wrong_count(cells, bases), *areas]
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
        """The count beside the word; a bare number before it is the row's own."""
        is_named = False
        for head in map(folded, self._heads(cells)):
            if head.isdecimal() and is_named:
                return int(head)
            if found := _COUNT.search(head):
                return int(found[1])
            is_named = is_named or _TOTAL.fullmatch(head) is not None
        return None

    def _wrong_area(self, column: int, cells: Sequence[str], bases: Sequence[_Rows]) -> list[str]:
        unit = folded(self.areas[column])
        said = _number(_cell(cells, column), unit)
        sums = [_sum(base, column, unit) for base in bases]
        if said is None or None in sums:
            return []
        # A sheet shows a total rounded; the cells keep binary fractions.
        slack = max(Decimal(5) * Decimal(10) ** (_exponent(said) - 1), Decimal("0.000001"))
        if any(area is not None and abs(area - said) <= slack for area in sums):
            return []
        told = wording.total_of_areas(f"{said:f}", f"{sums[0]:f}")
        return [told if len(self.areas) == 1 else f"{self.areas[column]}: {told}"]

    def _heads(self, cells: Sequence[str]) -> list[str]:
        first = next((cell for cell in cells if cell.strip()), "")
        return [first, _cell(cells, self.id_column), _cell(cells, self.name_column)]


def _cell(cells: Sequence[str], column: int | None) -> str:
    return cells[column].strip() if column is not None and column < len(cells) else ""


def _number(text: str, header: str) -> Decimal | None:
    """A number, which may have the unit that the header has too: `6.5亩` below `面积(亩)`."""
    plain = folded(text)
    unit = plain.lstrip("+-.,e0123456789")
    try:
        found = Decimal((plain.removesuffix(unit) if unit in header else plain).replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # the number is finite
    return exponent


def _sum(rows: _Rows, column: int, header: str) -> Decimal | None:
    """The sum of a column; an empty cell is 0; None if a cell is no number."""
    numbers = [_number(text, header) for _, row in rows if (text := _cell(row, column))]
    return None if None in numbers else sum((n for n in numbers if n is not None), Decimal(0))
