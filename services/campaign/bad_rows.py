"""The file of the rows of a register that are no valid sites."""

from collections.abc import Sequence
from pathlib import Path

from intake.register.register_file import ADDED_COLUMNS, RegisterResult
from reports.spreadsheets.csv_file import write_csv


def write_bad_rows(path: Path, result: RegisterResult) -> None:
    """Writes the bad rows as they were read, with the added columns `row` and `faults`, as CSV for spreadsheets."""
    width = max([len(result.header), *(len(bad.cells) for bad in result.bad_rows)])
    rows = []
    for bad in result.bad_rows:
        why = "; ".join(f"{fault.column}: expected {fault.expected}" for fault in bad.faults)
        rows.append([*_padded(bad.cells, width), str(bad.row), why])
    write_csv(path, [*_padded(result.header, width), *ADDED_COLUMNS], rows)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]
