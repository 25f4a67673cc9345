"""The header is found among the first rows, on the sheet that has it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.files.grid import Grid, TablePlace
from intake.files.sheets import ANYWHERE
from intake.files.table_start import LOOKED_AT, best_start
from intake.register.mapping import read_mapping
from intake.register.register_file import RegisterResult, read_register, table_spec
from tests.support.intake_samples import GOOD, HEADER, csv_file, row, small_plan
from tests.support.workbooks import CHINESE, TITLED, workbook

pytestmark = pytest.mark.unit

SPEC = table_spec(None)
SECOND = row(id="P2")
TWO_ROWS = [
    ["示例台账"],
    ["点位编号", "名称", "市代码", "县代码", "坐标", "", "类型", "", "", "问题"],
    ["", "", "", "", "纬度", "经度", "", "矿种", "面积(公顷)", ""],
]
"""A header in two rows: most names are in the upper one, merged with the cell below."""


def read(path: Path, place: TablePlace = ANYWHERE) -> RegisterResult:
    return read_register(path, small_plan(path.parent), place=place)


def ids(result: RegisterResult) -> list[str]:
    return [site.id for site in result.sites]


@pytest.mark.parametrize("above", [0, 1, 2, LOOKED_AT - 1])
def test_header_found_below_titles_and_blank_rows(tmp_path: Path, above: int) -> None:
    titles: Sequence[Sequence[object]] = [["示例台账"], [], ["填报日期", "2021年7月"], *[[]] * LOOKED_AT][:above]
    result = read(workbook(tmp_path, ("点位", [*titles, CHINESE, GOOD])))
    assert ids(result) == ["P1"] and result.header_row == above + 1
    assert result.header_place == f"row {above + 1} of sheet 点位"


def test_header_merged_over_two_rows_is_read_from_both(tmp_path: Path) -> None:
    merge = "A1:L1 A2:A3 B2:B3 C2:C3 D2:D3 E2:F2 G2:G3 J2:J3"
    result = read(workbook(tmp_path, ("台账", [*TWO_ROWS, GOOD[:10]]), merge=merge))
    assert ids(result) == ["P1"] and result.header_row == 3
    assert result.header[:7] == ("点位编号", "名称", "市代码", "县代码", "纬度", "经度", "类型")
    assert not result.warnings


def test_header_merged_over_three_rows_is_read_from_all(tmp_path: Path) -> None:
    rows = [TWO_ROWS[1], [""] * 10, TWO_ROWS[2], GOOD[:10]]
    result = read(workbook(tmp_path, ("台账", rows), merge="A1:A3 B1:B3 C1:C3 D1:D3 E1:F2 G1:G3 J1:J3"))
    assert ids(result) == ["P1"] and result.header_row == 3


def test_header_in_two_rows_read_where_merging_is_lost(tmp_path: Path) -> None:
    result = read(csv_file(tmp_path, [*TWO_ROWS[1:], GOOD[:10]], TWO_ROWS[0]))
    assert ids(result) == ["P1"] and result.header_row == 3


def test_header_merged_sideways_names_one_column(tmp_path: Path) -> None:
    wide = [GOOD[0], GOOD[1], "", *GOOD[2:]]
    header = [CHINESE[0], CHINESE[1], "", *CHINESE[2:]]
    assert ids(read(workbook(tmp_path, ("台账", [header, wide]), merge="B1:C1"))) == ["P1"]


@given(st.lists(st.lists(st.sampled_from(["", "甲", "33.5", "名称", *CHINESE]), max_size=6), max_size=8))
def test_no_other_row_names_more_fields(rows: list[list[str]]) -> None:
    start = best_start(Grid(rows), SPEC)
    counts = [len({field for name in cells for field in SPEC.fields_of(name)}) for cells in rows]
    if start is None:
        assert not any(counts)
    else:
        assert start.known >= max(counts) and counts[start.row - 1] > 0


def test_faults_have_the_row_numbers_of_the_sheet(tmp_path: Path) -> None:
    header = [name for name in CHINESE if name != "类型"]
    result = read(csv_file(tmp_path, [["名称", "合并"], header, GOOD], ["示例台账"]))
    assert [(fault.row, "a column for type" in fault.expected) for fault in result.faults] == [(3, True)]
    rows = [*TITLED[1:], GOOD, row(id="P2", latitude="?")]
    assert [fault.row for fault in read(csv_file(tmp_path, rows, TITLED[0])).faults] == [5]


def test_register_on_another_sheet_is_found_and_told(tmp_path: Path) -> None:
    overview = [["县代码", "面积(公顷)"], ["410421", "1.5"]]
    result = read(workbook(tmp_path, ("汇总", overview), ("台账", [CHINESE, GOOD]), ("附件", [["x"]])))
    assert ids(result) == ["P1"] and result.sheet == "台账"
    assert [(w.value, "only 台账 is read" in w.expected) for w in result.warnings] == [("汇总, 附件", True)]


def test_hidden_sheet_is_read_only_by_name(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, ("说明", [["x"]]), ("旧", [CHINESE, SECOND]), ("台账", [CHINESE[:6], GOOD[:6]]), hide="旧"
    )
    found = read(path)
    assert found.sheet == "台账" and "a column for type" in found.faults[0].expected
    assert ids(read(path, TablePlace(sheet="旧"))) == ["P2"]


@pytest.mark.parametrize("sheet", ["旧", "3"])
def test_person_says_sheet_by_name_or_number(tmp_path: Path, sheet: str) -> None:
    path = workbook(tmp_path, ("台账", [CHINESE, GOOD]), ("2", [["x"]]), ("旧", [CHINESE, SECOND]))
    result = read(path, TablePlace(sheet=sheet))
    assert ids(result) == ["P2"] and not result.warnings


def test_sheet_that_is_not_there_names_the_others(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("台账", [CHINESE, GOOD]), ("旧", []))
    for sheet in ("新", "3", "0"):
        (fault,) = read(path, TablePlace(sheet=sheet)).faults
        assert fault.value == "台账, 旧" and f"a sheet named {sheet}" in fault.expected
    (fault,) = read(csv_file(tmp_path, [GOOD]), TablePlace(sheet="1")).faults
    assert "has no sheets" in fault.expected


def test_person_says_the_header_row(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [GOOD, CHINESE, SECOND])
    assert read(path).header_row == 1
    result = read(path, TablePlace(header_row=3))
    assert ids(result) == ["P2"] and result.header_row == 3 and result.header == tuple(CHINESE)
    deep = csv_file(tmp_path, [*[["x"]] * LOOKED_AT, CHINESE, GOOD], ["x"])
    assert ids(read(deep, TablePlace(header_row=LOOKED_AT + 2))) == ["P1"]
    for empty in (LOOKED_AT + 4, LOOKED_AT + 20):
        (fault,) = read(deep, TablePlace(header_row=empty)).faults
        assert fault.row == empty and "a header row of column names here" in fault.expected


def test_without_a_header_the_rows_looked_at_are_said(tmp_path: Path) -> None:
    first = [["x", "y"], *[["1"]] * 30]
    result = read(workbook(tmp_path, ("甲", first), ("乙", [["z"]])))
    (fault,) = result.faults
    assert fault.value == "x, y" and not result.readable and result.header_place is None
    for said in (f"rows 1 to {LOOKED_AT} of sheet 甲", "--header-row", "--sheet (the others: 乙)", "--map"):
        assert said in fault.expected


def test_columns_of_a_mapping_are_looked_for(tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text("id: Mine\nname: Mine\ncity: Land\ntype: {const: adit}\n", encoding="utf-8")
    found, _ = read_mapping(mapping)
    header = ["Mine", "Land", "county", "lat", "lon", "problems"]
    rows = [["", "2021"], header, ["M1", "410400", "410421", "33.87", "113.05", "shed"]]
    result = read_register(csv_file(tmp_path, rows, ["Mines"]), small_plan(tmp_path), found)
    assert ids(result) == ["M1"] and result.header_row == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_that_of_the_header(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "register.csv"
    title = "示例台账, 河南; 2021, 7月, 修订; 稿\n,;,;\t\t\n"
    lines = [delimiter.join(cell.replace(";", "、") for cell in cells) for cells in (CHINESE, row(problems="shed"))]
    path.write_text(title + "\n".join(lines), encoding="utf-8")
    result = read(path)
    assert ids(result) == ["P1"] and result.header_row == 3


@pytest.mark.parametrize("line", ["sep=|", '"sep=|"', "SEP=|"])
def test_separator_line_is_obeyed_and_not_counted(tmp_path: Path, line: str) -> None:
    path = tmp_path / "register.csv"
    path.write_text("\r\n".join([line, "|".join(HEADER), "|".join(row(id=""))]), encoding="utf-8", newline="")
    assert [fault.row for fault in read(path).faults] == [2]


@given(st.sampled_from(["utf-16-le", "utf-16-be"]), st.text("甲乙丙一二三", max_size=8))
def test_utf16_without_mark_is_read(tmp_path_factory: pytest.TempPathFactory, encoding: str, name: str) -> None:
    folder = tmp_path_factory.mktemp("utf16")
    result = read(csv_file(folder, [row(name=name + "井")], CHINESE, encoding))
    assert [site.name for site in result.sites] == [name + "井"]


@pytest.mark.parametrize(("row", "header_row"), [(2, 2), (3, None)])
def test_header_row_alone_takes_the_sheet_of_the_table(tmp_path: Path, row: int, header_row: int | None) -> None:
    cover = ("封面", [["示例"], ["甲", "乙"], ["丙"], ["丁"]])
    path = workbook(tmp_path, cover, ("台账", [["示例台账"], CHINESE, GOOD]))
    result = read(path, TablePlace(header_row=row))
    assert (result.sheet, result.header_row) == ("台账", row)
    assert bool(result.faults) is (header_row is None)
