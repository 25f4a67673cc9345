"""A table of the workbook, on as many worksheets as its rows need.

Text is always written as text: a name that begins with `=` never becomes a formula, not even after somebody edits the
cell. Instants are Excel dates in the campaign's time zone, which the headers name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum, auto
from typing import Any
from zoneinfo import ZoneInfo

from reports.spreadsheets.text import reads_as_formula
from reports.spreadsheets.workbook import Workbook
from schemas.local_time import last_day, local_time

MAX_ROWS = 1_048_576
"""The maximum of rows of a worksheet in Excel, header included."""
MAX_CHARACTERS = 32_767
_CUT = "…"


class Kind(Enum):
    """The type of a column: ids are texts that must not become numbers; deadlines are shown as their last day."""

    TEXT = auto()
    ID = auto()
    NUMBER = auto()
    SHARE = auto()
    DAY = auto()
    INSTANT = auto()
    DEADLINE = auto()


@dataclass(frozen=True, slots=True)
class Column:
    header: str
    kind: Kind
    width: int = 12
    colours: tuple[tuple[str, str], ...] = ()
    """Maps cell texts to the names of the `Styles` of their cells."""


class Styles:
    """The formats of a workbook; instants are shown in `zone`."""

    def __init__(self, book: Workbook, zone: ZoneInfo) -> None:
        self.zone = zone
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.label = book.add_format({"font_color": "#59636D"})
        self.header = book.add_format(
            {"bold": True, "bg_color": "#F4F2EC", "top": 1, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.id = book.add_format({"num_format": "@"})
        self.quoted = book.add_format({"quote_prefix": True})
        self.number = book.add_format({"num_format": "#,##0.######"})
        self.share = book.add_format({"num_format": "0.0%"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
        self.fills = {
            "done": book.add_format({"bg_color": "#D5E3EF", "font_color": "#1D3F63"}),
            "under_way": book.add_format({"bg_color": "#FBF1D5", "font_color": "#6B4A1F"}),
            "idle": book.add_format({"bg_color": "#E9EBED", "font_color": "#3C444B"}),
            "alarm": book.add_format({"bg_color": "#F6D9D5", "font_color": "#A3261B", "bold": True}),
        }


class Table:
    """Rows under a frozen header with a filter; a full worksheet is followed by `<name> 2`, `<name> 3`, ..."""

    def __init__(
        self,
        book: Workbook,
        styles: Styles,
        name: str,
        columns: Sequence[Column],
        most_rows: int = MAX_ROWS,
    ) -> None:
        self._book = book
        self._styles = styles
        self._name = name
        self._columns = columns
        self._most_rows = most_rows
        self._sheets = 0
        self._begin()

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Appends rows; None leaves its cell empty."""
        for row in rows:
            if self._row == self._most_rows:
                self.finish()
                self._begin()
            for column, value in enumerate(row):
                write_cell(self.sheet, self._styles, self._row, column, value, self._columns[column].kind)
            self._row += 1

    def finish(self) -> None:
        """Sets the filter and the colours of the current worksheet; call it once after the last row."""
        last_row, last_column = max(self._row - 1, 1), len(self._columns) - 1
        self.sheet.autofilter(0, 0, last_row, last_column)
        for number, column in enumerate(self._columns):
            for text, fill in column.colours:
                quoted = text.replace('"', '""')
                rule = {"type": "cell", "criteria": "==", "value": f'"{quoted}"', "format": self._styles.fills[fill]}
                self.sheet.conditional_format(1, number, last_row, number, rule)

    def _begin(self) -> None:
        self._sheets += 1
        self.sheet = self._book.add_worksheet(self._name if self._sheets == 1 else f"{self._name} {self._sheets}")
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)
        for number, column in enumerate(self._columns):
            self.sheet.set_column(number, number, column.width)
            self.sheet.write_string(0, number, column.header, self._styles.header)
        self._row = 1


def write_cell(sheet: Any, styles: Styles, row: int, column: int, value: Any, kind: Kind) -> None:
    """Writes one value according to the column's kind; None leaves the cell empty."""
    if value is None:
        return
    match kind:
        case Kind.NUMBER:
            sheet.write_number(row, column, value, styles.number)
        case Kind.SHARE:
            sheet.write_number(row, column, value, styles.share)
        case Kind.DAY:
            sheet.write_datetime(row, column, datetime.combine(value, time()), styles.day)
        case Kind.INSTANT:
            sheet.write_datetime(row, column, local_time(value, styles.zone).replace(tzinfo=None), styles.instant)
        case Kind.DEADLINE:
            sheet.write_datetime(row, column, datetime.combine(last_day(value, styles.zone), time()), styles.day)
        case Kind.ID:
            sheet.write_string(row, column, _bounded(value), styles.id)
        case Kind.TEXT:
            text = _bounded(value)
            sheet.write_string(row, column, text, styles.quoted if reads_as_formula(text) else None)


def _bounded(text: str) -> str:
    """The text cut to Excel's limit, with an ellipsis; the exported ledger has the whole text."""
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + _CUT
