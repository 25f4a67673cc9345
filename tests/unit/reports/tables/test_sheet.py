"""Types of cells: texts stay texts, instants are dates in the campaign's zone, long tables use several worksheets."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from reports.tables.sheet import MAX_CHARACTERS, Column, Kind, Styles, Table
from rules.calendar import end_of
from schemas.calendar import Calendar

MIDNIGHT = datetime(2021, 8, 25, 16, tzinfo=UTC)  # in Shanghai, the one that ends 25 August


def written(
    path: Path, columns: list[Column], rows: list[tuple[Any, ...]], most_rows: int = 1000, zone: str = "Asia/Shanghai"
) -> Any:
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    table = Table(book, Styles(book, ZoneInfo(zone)), "t", columns, most_rows)
    table.add(rows)
    table.finish()
    book.close()
    return openpyxl.load_workbook(path)


@given(start=st.sampled_from(list("=+-@\t")), rest=st.text(st.characters(codec="ascii", categories=("L", "N", "P"))))
def test_no_text_becomes_a_formula(tmp_path_factory: Any, start: str, rest: str) -> None:
    path = tmp_path_factory.mktemp("sheet") / "t.xlsx"
    cell = written(path, [Column("h", Kind.TEXT)], [(start + rest,)])["t"]["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", start + rest, True)


def test_codes_keep_their_zeros_and_stay_text_when_edited(tmp_path: Path) -> None:
    cell = written(tmp_path / "t.xlsx", [Column("h", Kind.ID)], [("007",)])["t"]["A2"]
    assert (cell.data_type, cell.value, cell.number_format) == ("s", "007", "@")


def test_a_deadline_shows_the_day_it_ends(tmp_path: Path) -> None:
    columns = [Column("due", Kind.DEADLINE), Column("at", Kind.INSTANT), Column("none", Kind.INSTANT)]
    sheet = written(tmp_path / "t.xlsx", columns, [(MIDNIGHT, MIDNIGHT, None)])["t"]
    assert sheet["A2"].value.isoformat() == "2021-08-25T00:00:00" and sheet["A2"].is_date
    assert sheet["B2"].value.isoformat() == "2021-08-26T00:00:00"
    assert sheet["C2"].value is None


def test_deadline_of_day_without_midnight_shows_the_day_before(tmp_path: Path) -> None:
    # Cairo's clocks went from 27 April, 24:00, to 28 April, 1:00.
    due = end_of(Calendar(time_zone="Africa/Cairo"), date(2023, 4, 27))
    sheet = written(tmp_path / "t.xlsx", [Column("due", Kind.DEADLINE)], [(due,)], zone="Africa/Cairo")["t"]
    assert sheet["A2"].value.isoformat() == "2023-04-27T00:00:00"


def test_a_full_sheet_is_followed_by_another(tmp_path: Path) -> None:
    book = written(tmp_path / "t.xlsx", [Column("h", Kind.NUMBER)], [(n,) for n in range(7)], most_rows=4)
    assert book.sheetnames == ["t", "t 2", "t 3"]
    assert [cell.value for name in book.sheetnames for cell in book[name]["A"][1:]] == list(range(7))
    assert all(book[name].freeze_panes == "A2" and book[name]["A1"].value == "h" for name in book.sheetnames)


def test_a_text_longer_than_excel_takes_is_cut_with_a_mark(tmp_path: Path) -> None:
    value = written(tmp_path / "t.xlsx", [Column("h", Kind.TEXT)], [("长" * 40_000,)])["t"]["A2"].value
    assert len(value) == MAX_CHARACTERS and value.endswith("…")
