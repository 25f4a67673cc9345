"""Writes CSV files for spreadsheets; no cell becomes a formula."""

import csv
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from reports.spreadsheets.text import cell_text, guarded


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes a table in UTF-8 with a byte order mark, by which Excel knows it. Raises OSError."""
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out)
        for row in chain((header,), rows):
            writer.writerow([guarded(cell_text(value)) for value in row])
