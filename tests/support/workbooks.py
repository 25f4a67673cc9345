"""Workbooks as offices and programs write them: merged cells, formulas without a result, formats without errors."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.intake_samples import HEADER

CHINESE = [
    "点位编号", "名称", "市代码", "县代码", "纬度", "经度", "类型", "矿种", "面积（公顷）", "问题", "隐患等级",
    "责任方",
]  # fmt: skip
_ODS = "urn:oasis:names:tc:opendocument:xmlns"
TITLED = [["示例台账（2021年7月）"], ["基本情况", "", "", "", "坐标", "", "其他"], CHINESE]
"""A title, group heads, and the header in row 3."""


def workbook(folder: Path, *sheets: tuple[str, Sequence[Sequence[object]]], **changes: str) -> Path:
    """Sheets by name, cell by cell; `merge` names ranges of the first sheet, `hide` one sheet."""
    path = folder / "register.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        if name == changes.get("hide"):
            sheet.hide()
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell != "":
                    sheet.write(number, column, cell)
    book.close()
    if "merge" in changes:
        edited(path, lambda sheet: [sheet.merge_cells(span) for span in changes["merge"].split()])
    return path


def edited(path: Path, change: Callable[[Worksheet], object]) -> Path:
    """The workbook with its first sheet changed by a program that does not calculate."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    change(sheet)
    book.save(path)
    return path


def ods_file(folder: Path, rows: Sequence[Sequence[str]] = (), header: Sequence[str] = HEADER) -> Path:
    """An OpenDocument sheet: its reader tells neither errors nor merged cells."""
    path = folder / "register.ods"
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>" for cells in (header, *rows))
    spaces = " ".join(f'xmlns:{short}="{_ODS}:{short}:1.0"' for short in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="台账">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest xmlns='{_ODS}:manifest:1.0'/>")
        archive.writestr("content.xml", content)
    return path


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
