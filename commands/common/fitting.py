"""A table that fits its terminal: numbers, codes and days are never folded; else each row is stacked."""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_PROSE = 16
"""Minimum width of a folded cell: the width of an instant."""
_CODE = 40
"""Maximum width of a single word with a digit that is a code, such as a document number, not prose."""
_BETWEEN = 2
"""Spaces between two columns of a table."""


class _Column(NamedTuple):
    header: str
    cells: tuple[str, ...]
    justify: Literal["left", "right"]
    whole: bool
    """Whether its cells are never folded."""

    @property
    def natural(self) -> int:
        """Its width without folding."""
        return max(_width(text) for text in (self.header, *self.cells))

    @property
    def least(self) -> int:
        """Its width with maximum folding."""
        head = max(map(cell_len, self.header.split()), default=0)
        return max([head, *(_width(cell) if self.whole else _folded(cell) for cell in self.cells)])


class Fitting:
    """If the console is too narrow, columns that are empty in every row are dropped, then prose is folded.

    If that is not enough, each row becomes `header  value` lines under its first cell.
    """

    def __init__(
        self,
        headers: Sequence[str],
        rows: Iterable[Sequence[object]],
        right: Collection[str],
        whole: Collection[str],
    ) -> None:
        self._rows = [["" if cell is None else str(cell) for cell in row] for row in rows]
        self._columns = [
            _Column(
                header,
                tuple(row[place] for row in self._rows),
                "right" if header in right else "left",
                # The first column is the row's id, to be copied into the next command; it is not folded.
                place == 0 or header in right or header in whole,
            )
            for place, header in enumerate(headers)
        ]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        columns, room = self._columns, options.max_width
        if self._rows and _taken([column.natural for column in columns]) > room:
            columns = [column for place, column in enumerate(columns) if not place or any(column.cells)]
        widths = _widths(columns, room)
        if widths is not None:
            yield _table(columns, widths)
        elif self._rows:
            yield from self._stacked()
        else:
            yield Text("  ".join(column.header for column in columns))

    def _stacked(self) -> Iterable[Text | Padding]:
        indent = 2
        label = max(cell_len(column.header) for column in self._columns)
        for row in self._rows:
            said = [(column, cell) for column, cell in zip(self._columns, row, strict=True) if cell]
            if not said:
                continue
            (first, head), *rest = said
            yield Text(f"{first.header} {head}" if first.justify == "right" else head, style="bold")
            lines = Table.grid(padding=(0, 2, 0, 0))
            lines.add_column(width=label)
            lines.add_column(overflow="fold")
            for column, cell in rest:
                lines.add_row(Text(column.header, style="dim"), Text(cell))
            if rest:
                yield Padding(lines, (0, 0, 0, indent))


def _table(columns: Sequence[_Column], widths: Sequence[int]) -> Table:
    made = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column, width in zip(columns, widths, strict=True):
        made.add_column(column.header, justify=column.justify, overflow="fold", width=width)
    for cells in zip(*(column.cells for column in columns), strict=True):
        made.add_row(*map(Text, cells))
    return made


def _widths(columns: Sequence[_Column], room: int) -> list[int] | None:
    """The width of each column, reducing the widest first; None if they can not fit."""
    widths, least = [column.natural for column in columns], [column.least for column in columns]
    while _taken(widths) > room:
        places = [place for place, width in enumerate(widths) if width > least[place]]
        if not places:
            return None
        widths[max(places, key=widths.__getitem__)] -= 1
    return widths


def _taken(widths: Sequence[int]) -> int:
    return sum(widths) + _BETWEEN * len(widths)


def _width(text: str) -> int:
    return max(map(cell_len, text.splitlines()), default=0)


def _folded(text: str) -> int:
    """The minimum width of a cell: codes are not folded, and prose keeps a readable width."""
    words = text.split()
    codes = [cell_len(word) for word in words if word.isascii()]
    if len(words) == 1 and any(map(str.isdigit, text)) and cell_len(text) <= _CODE:
        codes.append(cell_len(text))
    return max([min(_width(text), _PROSE), *codes])
