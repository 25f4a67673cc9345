"""Cells that have no value although they are not empty, and texts that a spreadsheet has wrapped."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from intake.files.grid import Grid, TablePlace, cleaned
from intake.register.register_file import RegisterResult, read_register
from services.campaign.bad_rows import write_bad_rows
from tests.support.intake_samples import GOOD, HEADER, csv_file, row, small_plan
from tests.support.workbooks import CHINESE, TITLED, edited, ods_file, workbook

pytestmark = pytest.mark.unit

ERRORS = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"]


def read(path: Path) -> RegisterResult:
    return read_register(path, small_plan(path.parent))


def found(result: RegisterResult) -> list[tuple[int | None, str | None, str]]:
    return [(fault.row, fault.column, fault.value) for fault in result.faults]


@pytest.mark.parametrize(("column", "error"), list(enumerate([*ERRORS, *ERRORS[:5]])))
def test_error_in_a_workbook_is_the_fault_of_its_cell(tmp_path: Path, error: str, column: int) -> None:
    path = workbook(tmp_path, ("台账", [*TITLED, GOOD, row(id="P2")]))
    edited(path, lambda sheet: sheet.cell(4, column + 1, value=error))
    result = read(path)
    assert found(result) == [(4, CHINESE[column], error)]
    assert "the spreadsheet shows an error here" in result.faults[0].expected
    assert [site.id for site in result.sites] == ["P2"]


@pytest.mark.parametrize("error", [*ERRORS, "Err:502", "########"])
def test_error_as_text_is_the_fault_of_its_cell(tmp_path: Path, error: str) -> None:
    for field, column in (("name", 1), ("area_ha", 8), ("latitude", 4)):
        result = read(csv_file(tmp_path, [row(**{field: error})], CHINESE))
        assert found(result) == [(2, CHINESE[column], error)]


def test_several_errors_of_a_row_are_all_told(tmp_path: Path) -> None:
    cells = row(id="#REF!", latitude="#N/A", longitude="#N/A", area_ha="1.5 acres")
    result = read(csv_file(tmp_path, [cells, row(id="#REF!")]))
    assert found(result) == [
        (2, "id", "#REF!"), (2, "latitude", "#N/A"), (2, "longitude", "#N/A"), (2, "area_ha", "1.5 acres"),
        (3, "id", "#REF!"),
    ]  # fmt: skip


def test_error_in_a_column_that_is_not_read_is_no_fault(tmp_path: Path) -> None:
    result = read(csv_file(tmp_path, [[*GOOD, "#N/A"]], [*HEADER, "扫描件"]))
    assert not result.faults and len(result.sites) == 1


def test_formula_without_a_result_is_told_as_such(tmp_path: Path) -> None:
    path = edited(workbook(tmp_path, ("台账", [CHINESE, GOOD])), lambda sheet: sheet.cell(2, 9, value="=1+1"))
    result = read(path)
    assert found(result) == [(2, "面积（公顷）", "=1+1")]
    assert "open the file in a spreadsheet, save it" in result.faults[0].expected


def test_formula_in_the_last_cell_of_the_sheet_is_found(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("台账", [CHINESE[:9], GOOD[:8], ["P2"]]))
    edited(path, lambda sheet: [sheet.cell(*cell, value="=1+1") for cell in ((2, 9), (3, 9), (3, 2))])
    assert {(2, "面积（公顷）"), (3, "名称"), (3, "面积（公顷）")} <= {
        (row, column) for row, column, _ in found(read(path))
    }


def test_formulas_with_results_are_values(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, CHINESE)
    sheet.write_row(1, 0, GOOD)
    sheet.write_formula(1, 4, "=30+3.87", None, 33.87)
    sheet.write_formula(1, 1, '="一号"&"井"', None, "一号井")
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.autofilter(0, 0, 1, 11)
    book.close()
    (site,) = read(path).sites
    assert (site.name, site.latitude) == ("一号井", 33.87)


def test_result_that_a_program_never_calculated_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, CHINESE)
    sheet.write_row(1, 0, GOOD)
    sheet.write_formula(1, 8, "=SUM(A1:A2)")
    book.close()
    assert found(read(path)) == [(2, "面积（公顷）", "=SUM(A1:A2)")]


def test_merged_cell_without_value_is_told_in_each_row(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("台账", [CHINESE, GOOD, row(id="P2", city="")]), merge="C2:C3")
    edited(path, lambda sheet: sheet.cell(2, 3, value="=A1"))
    result = read(path)
    assert found(result) == [(2, "市代码", "=A1"), (3, "市代码", "=A1")]
    assert all("a saved result" in fault.expected for fault in result.faults)
    edited(path, lambda sheet: sheet.cell(2, 3, value="#N/A"))
    assert found(read(path)) == [(2, "市代码", "#N/A"), (3, "市代码", "#N/A")]


def test_format_that_hides_errors_is_told(tmp_path: Path) -> None:
    result = read(ods_file(tmp_path, [GOOD]))
    assert len(result.sites) == 1
    assert [warning.expected.split(":")[0] for warning in result.warnings] == ["an XLSX workbook"]


@pytest.mark.parametrize("number", [1e15, 1234567890123456.0, 410400123456789012.0, -4e20])
def test_number_that_has_lost_digits_is_no_site(tmp_path: Path, number: float) -> None:
    result = read(workbook(tmp_path, ("台账", [CHINESE, [number, *GOOD[1:]], row(id="P2")])))
    ((_, column, _),) = found(result)
    assert column == "点位编号" and "format the column as text" in result.faults[0].expected
    write_bad_rows(tmp_path / "bad.csv", result)
    assert len(read(tmp_path / "bad.csv").bad_rows) == (1 if number > 0 else 0)


def test_fifteen_digits_and_long_texts_are_ids(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [[123456789012345, *GOOD[1:]], ["410400123456789012", *GOOD[1:]]]
    assert [site.id for site in read(workbook(tmp_path, ("台账", [CHINESE, *rows]))).sites] == [
        "123456789012345", "410400123456789012",
    ]  # fmt: skip
    assert len(read(csv_file(tmp_path, [row(id="410400123456789012")])).sites) == 1


@pytest.mark.parametrize(
    "wrapped",
    ["'{}", '="{}"', "\u200b{}\u200b", "\ufeff{}", "{}\xa0\u200d", "\u3000{}\u2060", "\xad'{}", "' {} "],
)
def test_wrapping_of_a_cell_is_removed(tmp_path: Path, wrapped: str) -> None:
    cells = [wrapped.format(cell) for cell in GOOD]
    assert read(csv_file(tmp_path, [cells])).sites == read(csv_file(tmp_path, [GOOD])).sites
    assert len(read(workbook(tmp_path, ("台账", [CHINESE, cells]))).sites) == 1


@pytest.mark.parametrize("name", ["'t Zand", "'s-Gravenmijn", "'Big Hole'", "O'Brien", "甲'", 'a="b"'])
def test_apostrophe_of_a_name_stays(tmp_path: Path, name: str) -> None:
    assert [site.name for site in read(csv_file(tmp_path, [row(name=name)])).sites] == [name]


@given(st.text(max_size=12))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = cleaned(Grid([[text]]), unwrap=True).rows
    assert cleaned(Grid([list(once[0])]), unwrap=True).rows == once


def test_wrapped_header_is_known(tmp_path: Path) -> None:
    result = read_register(
        csv_file(tmp_path, [GOOD], [f"'{name}" for name in HEADER]), small_plan(tmp_path), place=TablePlace()
    )
    assert result.header == tuple(HEADER)
