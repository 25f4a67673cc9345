"""Reads the text of a CSV file: its encoding, its separator, its cells."""

import csv
import io
import re
from itertools import islice

from intake.files import wording
from intake.files.faults import Fault
from intake.files.grid import Grid, TableSpec
from intake.files.table_start import LOOKED_AT, best_start

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_PROBE = 100_000
"""Characters that are enough for the first rows; the separator is looked for in these."""


def read_csv(file: str, content: bytes, spec: TableSpec) -> tuple[Grid | None, list[Fault], Fault | None]:
    """The cells, warnings, and the reason if there are no cells."""
    decoded = _decode(content)
    if decoded is None:
        return None, [], Fault(file, "", wording.TABLE_TEXT)
    text, encoding = decoded
    warnings = [Fault(file, "GB18030", wording.READ_AS_GB18030)] if encoding == "gb18030" else []
    # A spreadsheet obeys the line `sep=;` and does not show it, so it is not counted as a row.
    line = _SEPARATOR_LINE.match(text)
    delimiter = line[1] if line else _delimiter(text, spec)
    reader = csv.reader(io.StringIO(text[line.end() if line else 0 :], newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error:
        # The reader counts line breaks inside cells as lines; the row number is the one that a spreadsheet shows.
        return None, warnings, Fault(file, "", wording.QUOTES, row=len(rows) + 1)
    return Grid(rows), warnings, None


def _decode(content: bytes) -> tuple[str, str] | None:
    for encoding in _encodings(content):
        try:
            return content.decode(encoding).removeprefix("\ufeff"), encoding  # GB18030 has a byte order mark of its own
        except UnicodeDecodeError:
            continue
    return None


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith(_UTF16):
        return ("utf-16",)
    # One byte of each ASCII character in UTF-16 is zero, always the same of the two. It is rare in the other place
    # (一 is 4E00), and other texts have no zero bytes.
    head = content[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > max(len(head) // 16, 4 * min(even, odd)):
        return ("utf-16-le" if odd > even else "utf-16-be",)
    return ("utf-8-sig", "gb18030")


def _delimiter(text: str, spec: TableSpec) -> str:
    """The separator with which most known headers are found; else the one that occurs most often in the first line."""
    probe = text[:_PROBE]
    first_line = probe.partition("\n")[0]
    return max(",;\t", key=lambda separator: (_known(probe, separator, spec), first_line.count(separator)))


def _known(probe: str, separator: str, spec: TableSpec) -> int:
    try:
        rows = list(islice(csv.reader(io.StringIO(probe, newline=""), delimiter=separator), LOOKED_AT))
    except csv.Error:
        return 0
    start = best_start(Grid(rows), spec)
    return start.known if start is not None else 0
