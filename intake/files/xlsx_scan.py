"""Finds the cells of an XLSX sheet that the reader gives as empty although they are not.

These are cells with an error (#N/A), and formulas that a program has written without a result. A formula with an empty
text as its result is empty.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from posixpath import join, normpath
from xml.etree import ElementTree
from xml.parsers import expat

from intake.files.grid import Cell

_MARKS = (b"<f", b":f>", b":f ", b":f/", b't="e"', b"t='e'")
"""A sheet without any of these has no formula and no error; most sheets need not be read element by element."""
_NEVER_CALCULATED = re.compile(rb"""fullCalcOnLoad=["'](?:1|true)["']""")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


def hidden_cells(content: bytes, sheet: str) -> Mapping[Cell, str] | None:
    """The error of each such cell (`#N/A`), or its formula (`=A2*2`). None if the file is no XLSX workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = archive.read("xl/workbook.xml")
            xml = archive.read(_part(archive, book, sheet))
        if not any(mark in xml for mark in _MARKS):
            return {}
        scan = _Scan(is_calculated=not _NEVER_CALCULATED.search(book))
        scan.read(xml)
    except (zipfile.BadZipFile, KeyError, StopIteration, ElementTree.ParseError, expat.ExpatError):
        return None
    return scan.found


def _part(archive: zipfile.ZipFile, book: bytes, sheet: str) -> str:
    """The name of the sheet's file in the archive."""
    of_name = next(e for e in ElementTree.fromstring(book).findall(".//{*}sheet") if e.get("name") == sheet)
    relation = next(value for name, value in of_name.items() if name.endswith("}id"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(e.attrib["Target"] for e in relations if e.get("Id") == relation)
    return normpath(join("/xl", target)).removeprefix("/")


class _Scan:
    """Reads a sheet element by element; a cell without a reference follows the one before it."""

    def __init__(self, is_calculated: bool) -> None:
        self.found: dict[Cell, str] = {}
        # A program that asks for a calculation at the next opening has written 0 as the result of each formula.
        self._empty = {"", "0"} if not is_calculated else {""}
        self._row = self._column = -1
        self._kind = ""
        self._texts: dict[str, str] = {}
        self._in = ""

    def read(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row = int(attributes.get("r", self._row + 2)) - 1
                self._column = -1
            case "c":
                reference = _REFERENCE.fullmatch(attributes.get("r", ""))
                self._column = _column(reference[1]) if reference else self._column + 1
                self._kind = attributes.get("t", "")
                self._texts = {}
            case "f" | "v" as part:
                self._in = part
                self._texts[part] = ""

    def _text(self, text: str) -> None:
        if self._in:
            self._texts[self._in] += text

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "f" | "v":
                self._in = ""
            case "c":
                value = self._texts.get("v", "")
                if self._kind == "e":
                    self.found[self._row, self._column] = value
                elif "f" in self._texts and self._kind != "str" and value in self._empty:
                    self.found[self._row, self._column] = f"={self._texts['f']}"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
