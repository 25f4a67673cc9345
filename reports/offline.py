"""Exports the register with its states to edit without a network: a workbook of two sheets, or two CSV files.

The workbook colours editable cells. `version` is the number of the site's last ledger entry; the import uses it to
detect entries that were recorded after the export.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from reports.spreadsheets.csv_file import write_csv
from reports.spreadsheets.text import cell_text
from reports.spreadsheets.workbook import open_workbook

_EDITABLE = "#FBF1D5"


class OfflineTable(NamedTuple):
    """A sheet: its headers, the headers of its editable columns, and rows of texts and numbers."""

    name: str
    headers: Sequence[str]
    editable: frozenset[str]
    rows: Iterable[Sequence[Any]]


def tasks_file(target: Path) -> Path:
    """The second file of a CSV export: `register.tasks.csv` for `register.csv`."""
    return target.with_name(f"{target.stem}.tasks{target.suffix}")


def write_offline(target: Path, register: OfflineTable, tasks: OfflineTable) -> tuple[Path, ...]:
    """Writes both tables; the name's suffix determines the format (.csv, else a workbook). Returns the files."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix.lower() == ".csv":
        files = (target, tasks_file(target))
        for file, table in zip(files, (register, tasks), strict=True):
            write_csv(file, table.headers, table.rows)
        return files
    with open_workbook(target) as book:
        header = book.add_format({"bold": True, "bg_color": "#F4F2EC", "bottom": 1, "text_wrap": True})
        free = book.add_format({"bold": True, "bg_color": _EDITABLE, "bottom": 1, "text_wrap": True})
        open_ = book.add_format({"bg_color": _EDITABLE})
        text = book.add_format({"num_format": "@"})
        open_text = book.add_format({"bg_color": _EDITABLE, "num_format": "@"})
        for table in (register, tasks):
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 1)
            for place, name in enumerate(table.headers):
                sheet.set_column(place, place, 16)
                sheet.write_string(0, place, name, free if name in table.editable else header)
            for number, row in enumerate(table.rows, 1):
                for place, value in enumerate(row):
                    mine = table.headers[place] in table.editable
                    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                        sheet.write_number(number, place, value, open_ if mine else None)
                    elif value is not None or mine:
                        sheet.write_string(number, place, cell_text(value), open_text if mine else text)
    return (target,)
