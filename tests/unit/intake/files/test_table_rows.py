"""Rows that are no sites are told and left out; merged cells are filled."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.files.grid import Grid
from intake.files.table_rows import table_rows
from intake.files.table_start import best_start
from intake.register.register_file import RegisterResult, read_register, table_spec
from services.campaign.bad_rows import write_bad_rows
from tests.support.intake_samples import GOOD, csv_file, row, small_plan
from tests.support.workbooks import CHINESE, TITLED, ods_file, workbook

pytestmark = pytest.mark.unit


def read(path: Path) -> RegisterResult:
    return read_register(path, small_plan(path.parent))


def ids(result: RegisterResult) -> list[str]:
    return [site.id for site in result.sites]


def told(result: RegisterResult) -> list[tuple[int | None, str]]:
    return [(warning.row, warning.expected) for warning in result.warnings]


def total(text: str, area: str = "", name: str = "") -> list[str]:
    return [text, name, *[""] * 6, area]


@pytest.mark.parametrize(
    "word", ["合计", "总计", "小计", "共计", "汇总", "合 计", "合计：", "平顶山市小计", "合计(公顷)", "Total", 
             "Sub-total", "GRAND TOTAL:", "Grand—Total", "合\u200b计", "sum"],
)  # fmt: skip
@pytest.mark.parametrize("column", [0, 1, 3])
def test_total_row_is_told_and_is_no_site(tmp_path: Path, word: str, column: int) -> None:
    cells = [""] * 12
    cells[column] = word
    result = read(csv_file(tmp_path, [GOOD, cells, row(id="P2")], CHINESE))
    assert ids(result) == ["P1", "P2"] and not result.faults
    assert told(result) == [(3, "a site: this is a total row, not read as a site")]
    assert result.warnings[0].value == word.strip()


@pytest.mark.parametrize("name", ["合计", "汇总一号井", "七合计矿", "summit", "Total mine"])
def test_site_with_such_a_name_is_read(tmp_path: Path, name: str) -> None:
    result = read(csv_file(tmp_path, [row(name=name)], CHINESE))
    assert ids(result) == ["P1"] and not result.warnings


def test_merged_total_row_is_no_site(tmp_path: Path) -> None:
    result = read(workbook(tmp_path, ("台账", [*TITLED, GOOD, total("合计", "1.5")]), merge="A1:L1 A5:H5"))
    assert ids(result) == ["P1"] and [row for row, _ in told(result)] == [5]


AREAS = [row(id="P1", area_ha="1.25"), row(id="P2", area_ha=""), row(id="P3", area_ha="2.5")]


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ([total("合计", "3.75")], []),
        ([total("合计", "3.8")], []),
        ([total("合计", "3.6")], ["its area 3.6 is not 3.75, the sum of the rows before it"]),
        ([total("合计：3处", "4")], []),
        ([total("合计：4处")], ["its count 4 is not that of the 3 rows before it"]),
        ([total("合计", name="3")], []),
        ([total("合计", name="2")], ["its count 2 is not that of the 3 rows before it"]),
        ([total("小计", "3.75"), total("总计", "3.75")], []),
        ([total("合计", "不详")], []),
        ([total("小计3处"), total("合计9处")], ["its count 9 is not that of the 3 rows before it"]),
        ([["7", "合计", *[""] * 6, "3.75"]], []),
        ([["7", "合计2处"]], ["its count 2 is not that of the 3 rows before it"]),
    ],
)
def test_total_that_contradicts_the_rows_is_told(tmp_path: Path, totals: list[list[str]], said: list[str]) -> None:
    result = read(csv_file(tmp_path, [*AREAS, *totals], CHINESE))
    parts = [part for _, expected in told(result) for part in expected.split("; ")[1:]]
    assert parts == said and ids(result) == ["P1", "P2", "P3"]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["小计1处", "小计2处", "合计3处"], []),
        (["小计1处", "小计2处", "合计2处"], ["its count 2 is not that of the 3 rows before it"]),
        (["小计1处", "小计4处", "合计3处"], ["its count 4 is not that of the 2 rows before it"]),
        (["甲市合计1处", "乙市合计2处", "总计3处"], []),
    ],
)
def test_total_after_subtotals_is_that_of_all_rows(tmp_path: Path, words: list[str], wrong: list[str]) -> None:
    first, second, whole = (total(word) for word in words)
    result = read(csv_file(tmp_path, [AREAS[0], first, *AREAS[1:], second, whole], CHINESE))
    assert [part for _, expected in told(result) for part in expected.split("; ")[1:]] == wrong


@pytest.mark.parametrize("unit", ["亩", "㎡", "平方公里", "公顷"])
def test_total_of_areas_is_compared_in_the_unit_of_its_column(tmp_path: Path, unit: str) -> None:
    header = [f"面积（{unit}）" if name.startswith("面积") else name for name in CHINESE]
    for area, wrong in ((f"3.75{unit}", []), ("4.75", ["its area 4.75 is not 3.75, the sum of the rows before it"])):
        rows = [AREAS[0], row(id="P3", area_ha=f"2.5{unit}"), total("合计", area)]
        result = read(csv_file(tmp_path, rows, header))
        assert [part for _, expected in told(result) for part in expected.split("; ")[1:]] == wrong


def test_totals_of_two_area_columns_are_told_apart(tmp_path: Path) -> None:
    rows = [[*row(area_ha="2"), "30"], [*total("合计", "2"), "", "", "", "31"]]
    (_, expected) = told(read(csv_file(tmp_path, rows, [*CHINESE, "面积（亩）"])))[-1]
    assert expected.endswith("; 面积（亩）: its area 31 is not 30, the sum of the rows before it")


def test_total_above_its_rows_is_compared_with_all(tmp_path: Path) -> None:
    for area, wrong in (("3.75", False), ("5", True)):
        result = read(csv_file(tmp_path, [total("合计", area), *AREAS], CHINESE))
        assert ["its area" in expected for _, expected in told(result)] == [wrong]


def test_rows_of_one_site_are_counted_once_or_each(tmp_path: Path) -> None:
    rows = [GOOD, ["", *row(problems="shed")[1:]], total("合计1处"), total("合计2处"), total("合计3处")]
    result = read(workbook(tmp_path, ("台账", [CHINESE, *rows]), merge="A2:A3"))
    wrong = [row for row, expected in told(result) if "its count" in expected]
    assert wrong == [6]


@given(st.lists(st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=4), min_size=1, max_size=4))
def test_right_subtotals_and_total_never_contradict(parts: list[list[Decimal]]) -> None:
    rows: list[list[str]] = [CHINESE]
    for part in parts:
        rows += [row(id=f"P{len(rows) + n}", area_ha=str(area)) for n, area in enumerate(part)]
        rows.append(total(f"小计{len(part)}处", str(sum(part))))
    everything = [area for part in parts for area in part]
    rows.append(total(f"总计{len(everything)}处", str(sum(everything))))
    grid, spec = Grid(rows), table_spec(None)
    start = best_start(grid, spec)
    assert start is not None
    kept, warnings = table_rows("a.csv", grid, start, spec)
    assert len(kept) == len(everything)
    assert {warning.expected for warning in warnings} == {"a site: this is a total row, not read as a site"}


@pytest.mark.parametrize(
    "note", ["备注：坐标为示例", "注：1", "（注）示例", "说明 示例", "填表人：甲", "填报单位：示例局", "Note: example"]
)
def test_note_below_the_table_is_told(tmp_path: Path, note: str) -> None:
    result = read(workbook(tmp_path, ("台账", [CHINESE, GOOD, [], [note]]), merge="A4:L4"))
    assert ids(result) == ["P1"] and told(result) == [(4, "a site: this is a note, not read as a site")]
    assert result.warnings[0].value == note


def test_row_of_note_words_is_a_note(tmp_path: Path) -> None:
    result = read(csv_file(tmp_path, [GOOD, ["填表人：甲", "", "审核人：乙"]], CHINESE))
    assert ids(result) == ["P1"] and [row for row, _ in told(result)] == [3]


ASIDES = ["示例局（盖章）", "2021年12月1日", "2021-12-01", "※ 示例数据", "附：示例", "其中：示例区"]


@pytest.mark.parametrize(
    ("text", "column"), [*((text, column) for text in ASIDES for column in (0, 1, 12)), ("一、示例", 0), ("甲", 12)]
)
def test_one_cell_below_the_sites_is_one_warning(tmp_path: Path, text: str, column: int) -> None:
    aside = ["", *[""] * column, text]
    rows = [["1", *GOOD, ""], [*aside, *[""] * (14 - len(aside))], ["合计", "1处"], ["2"], ["3"]]
    result = read(csv_file(tmp_path, rows, ["序号", *CHINESE, "备注"]))
    lone = "a site: only one cell has text, not read as a site: a note?"
    assert ids(result) == ["P1"] and not result.faults
    assert [pair for pair in told(result) if pair[0] != 1] == [
        (3, lone), (4, "a site: this is a total row, not read as a site"), (5, lone), (6, lone),
    ]  # fmt: skip


@pytest.mark.parametrize("cells", [["P2"], ["", "二号井"], ["", "", "410400"], ["410400-7"]])
def test_one_cell_that_may_be_of_a_site_is_a_bad_row(tmp_path: Path, cells: list[str]) -> None:
    result = read(csv_file(tmp_path, [GOOD, cells], CHINESE))
    assert [bad.row for bad in result.bad_rows] == [3] and not result.warnings


def test_one_cell_between_sites_stays_a_bad_row(tmp_path: Path) -> None:
    result = read(csv_file(tmp_path, [GOOD, ["示例局（盖章）"], row(id="P2")], CHINESE))
    assert [bad.row for bad in result.bad_rows] == [3] and not result.warnings


def test_last_row_of_a_merged_range_is_no_note(tmp_path: Path) -> None:
    rows = [[*CHINESE, "备注"], [*GOOD, "甲"], [*[""] * 12, "乙"]]
    result = read(workbook(tmp_path, ("台账", rows), merge=" ".join(f"{c}2:{c}3" for c in "ABCDEFGHIJKL")))
    assert [bad.row for bad in result.bad_rows] == [3]


@pytest.mark.parametrize("cells", [["备注：甲", "P2"], ["P3", "", "410400"]])
def test_any_other_row_is_read_and_faults(tmp_path: Path, cells: list[str]) -> None:
    result = read(csv_file(tmp_path, [GOOD, cells], CHINESE))
    assert [bad.row for bad in result.bad_rows] == [3] and not result.warnings


def test_heads_repeated_on_each_page_are_told_once(tmp_path: Path) -> None:
    second, third = row(id="P2"), row(id="P3")
    rows = [*TITLED, GOOD, *TITLED, second, CHINESE, third]
    result = read(csv_file(tmp_path, rows[1:], rows[0]))
    assert ids(result) == ["P1", "P2", "P3"]
    (warning,) = result.warnings
    assert warning.row == 5 and "in rows 5, 6, 7, 9, not read" in warning.expected


def test_merged_cells_are_filled_down_and_told(tmp_path: Path) -> None:
    rows = [GOOD, *[row(id=f"P{n}", city="", county="") for n in (2, 3)], row(id="P4", city="410181", county="410181")]
    result = read(workbook(tmp_path, ("台账", [*TITLED, *rows]), merge="A1:L1 C4:C6 D4:D6"))
    assert [(site.id, site.city, site.county) for site in result.sites] == [
        ("P1", "410400", "410421"), ("P2", "410400", "410421"), ("P3", "410400", "410421"), ("P4", "410181", "410181"),
    ]  # fmt: skip
    (warning,) = result.warnings
    assert warning.value == "市代码 C4:C6; 县代码 D4:D6" and "were filled" in warning.expected


def test_many_merged_ranges_are_counted_in_one_warning(tmp_path: Path) -> None:
    rows = [row(id=f"P{n}", city="410400" if n % 2 == 0 else "") for n in range(10)]
    merge = " ".join(f"C{n}:C{n + 1}" for n in range(2, 12, 2))
    result = read(workbook(tmp_path, ("台账", [CHINESE, *rows]), merge=merge))
    assert len(result.sites) == 10
    assert [warning.value for warning in result.warnings] == ["市代码 C2:C3, C4:C5, C6:C7 and 2 more"]


def test_merged_cells_across_a_row_are_filled(tmp_path: Path) -> None:
    wide = [*GOOD[:2], "410181", "", *GOOD[4:]]
    result = read(workbook(tmp_path, ("台账", [CHINESE, wide]), merge="C2:D2"))
    assert [(site.city, site.county) for site in result.sites] == [("410181", "410181")]


def test_heading_across_the_table_is_no_value(tmp_path: Path) -> None:
    result = read(workbook(tmp_path, ("台账", [CHINESE, ["一、平顶山市"], GOOD]), merge="A2:L2"))
    assert ids(result) == ["P1"] and not result.warnings
    assert {fault.value for fault in result.faults} == {""} and {fault.row for fault in result.faults} == {2}


def test_bad_rows_file_has_header_first_and_cells_filled(tmp_path: Path) -> None:
    rows = [GOOD, [*row(id="P2", latitude="?")[:2], "", *row(latitude="?")[3:]]]
    result = read(workbook(tmp_path, ("台账", [*TITLED, *rows]), merge="C4:C5"))
    bad = tmp_path / "bad.csv"
    write_bad_rows(bad, result)
    bad.write_text(bad.read_text(encoding="utf-8").replace("?", "33.9"), encoding="utf-8")
    again = read(bad)
    assert ids(again) == ["P2"] and again.header_row == 1


@pytest.mark.parametrize("ending", ["csv", "ods"])
def test_gap_below_a_value_is_said_to_look_merged(tmp_path: Path, ending: str) -> None:
    rows: list[Sequence[str]] = [row(city=""), row(id="P2"), row(id="P3", city=""), row(id="P4", city="")]
    write = csv_file if ending == "csv" else ods_file
    faults = read(write(tmp_path, rows, CHINESE)).faults
    assert [(fault.row, "row 3 has one: if these cells were merged" in fault.expected) for fault in faults] == [
        (2, False), (4, True), (5, True),
    ]  # fmt: skip


def test_gap_in_a_format_that_tells_is_no_merged_cell(tmp_path: Path) -> None:
    (fault,) = read(workbook(tmp_path, ("台账", [CHINESE, GOOD, row(id="P2", city="")]))).faults
    assert fault.expected == "a value: this column is required"
