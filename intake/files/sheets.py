"""Reads a CSV file or a workbook as a header and rows of texts, numbered as in the sheet."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from intake.files import wording
from intake.files.faults import Fault, read_bytes

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class SheetTable:
    """A table as texts; `rows` are (row number, cells), the header is row 1, rows without any text are left out.

    `fault` is the reason why the file could not be read. `warnings` name values whose reading may surprise the author.
    """

    file: str
    header: tuple[str, ...] = ()
    rows: Sequence[tuple[int, Sequence[str]]] = ()
    warnings: tuple[Fault, ...] = ()
    fault: Fault | None = None


def read_sheet(path: Path, name: str | None = None) -> SheetTable:
    """Reads a CSV (UTF-8 with or without BOM, UTF-16 with BOM, else GB18030), or a workbook's first or named sheet.

    The format is detected from the first bytes, not from the name. Raises NotFound when the file does not exist.
    """
    content = read_bytes(path)
    if content.startswith(_WORKBOOKS):
        return _workbook(path.name, content, name)
    return _csv(path.name, content)


def _csv(file: str, content: bytes) -> SheetTable:
    decoded = _decode(content)
    if decoded is None:
        return SheetTable(file, fault=Fault(file, "", wording.TABLE_TEXT))
    text, encoding = decoded
    warnings = (Fault(file, "GB18030", wording.READ_AS_GB18030),) if encoding == "gb18030" else ()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    table: list[list[str]] = []
    try:
        table.extend(reader)
    except csv.Error:
        # The reader counts line breaks inside cells as lines; the row number is the one that a spreadsheet shows.
        return SheetTable(file, warnings=warnings, fault=Fault(file, "", wording.QUOTES, row=len(table) + 1))
    return _sheet(file, table, warnings)


def _decode(content: bytes) -> tuple[str, str] | None:
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding).removeprefix("\ufeff"), encoding  # GB18030 has a byte order mark of its own
        except UnicodeDecodeError:
            continue
    return None


def _delimiter(text: str) -> str:
    """The separator that occurs most often in the header: comma, semicolon or tab."""
    header = text[: text.find("\n")] if "\n" in text else text
    return max(",;\t", key=header.count)


def is_workbook(path: Path) -> bool:
    """Whether the file's first bytes are those of a workbook. Raises NotFound when the file does not exist."""
    return read_bytes(path).startswith(_WORKBOOKS)


def _workbook(file: str, content: bytes, name: str | None) -> SheetTable:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        if not names:
            return SheetTable(file, fault=Fault(file, "", wording.WORKBOOK))
        if name is not None and name not in names:
            return SheetTable(file, fault=Fault(file, ", ".join(names), wording.sheet_named(name)))
        sheet = book.get_sheet_by_index(0) if name is None else book.get_sheet_by_name(name)
        table = sheet.to_python(skip_empty_area=False)
    except PasswordError:
        return SheetTable(file, fault=Fault(file, "", wording.PASSWORD))
    except CalamineError as error:
        return SheetTable(file, fault=Fault(file, str(error), wording.WORKBOOK))
    beside = len(names) > 1 and name is None
    more = (Fault(file, ", ".join(names[1:]), wording.first_sheet_only(names[0])),) if beside else ()
    return _sheet(file, [[_text(cell) for cell in row] for row in table], more)


def _text(cell: Any) -> str:
    """A cell as a spreadsheet shows it: a workbook stores every number as a float, codes included."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def _sheet(file: str, table: list[list[str]], warnings: tuple[Fault, ...]) -> SheetTable:
    if not table or not any(cell.strip() for cell in table[0]):
        return SheetTable(file, warnings=warnings, fault=Fault(file, "", wording.HEADER, row=1))
    header = [cell.strip() for cell in table[0]]
    while header and not header[-1]:
        header.pop()
    rows = [(number, cells) for number, cells in enumerate(table[1:], 2) if any(cell.strip() for cell in cells)]
    return SheetTable(file, tuple(header), rows, warnings)
