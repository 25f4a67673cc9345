"""Reading registers: the sites, and the faults of each bad row."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from intake.register.register_file import RegisterResult, read_register
from intake.register.wording import ROWS_OF_ONE_SITE
from schemas.errors import NotFound
from schemas.register import Hazard, Problem, Site
from tests.support.intake_samples import GOOD, HEADER, PLAN, csv_file, row, small_plan, xlsx_file

SITE = Site(
    id="P1", name="一号井", city="410400", county="410421", latitude=33.87, longitude=113.05, type="adit", mineral="煤",
    area_ha=1.5, problems=(Problem(kind="adit_open", count=2), Problem(kind="shed")), hazard=Hazard.HIGH,
    responsible=("甲", "乙"),
)  # fmt: skip
CHINESE = [
    "点位编号", "名称", "市代码", "县代码", "纬度", "经度", "类型", "矿种", "面积（公顷）", "问题", "隐患等级",
    "责任方",
]  # fmt: skip


def read(folder: Path, *rows: list[str], header: list[str] = HEADER) -> RegisterResult:
    return read_register(csv_file(folder, rows, header), small_plan(folder))


def test_an_english_register_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD).sites == (SITE,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_register_read_in_spreadsheet_encodings(tmp_path: Path, encoding: str) -> None:
    cells = row(hazard="高", problems="adit_open×2；shed", responsible="甲、乙")
    result = read_register(csv_file(tmp_path, [cells], CHINESE, encoding), small_plan(tmp_path))
    assert result.sites == (SITE,)
    assert [warning.value for warning in result.warnings] == (["GB18030"] if encoding == "gb18030" else [])


def test_gb18030_bom_not_part_of_first_header(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [row()], CHINESE, "gb18030")
    path.write_bytes("\ufeff".encode("gb18030") + path.read_bytes())
    result = read_register(path, small_plan(tmp_path))
    assert not result.faults and len(result.sites) == 1


def test_a_workbook_is_read_with_its_codes_as_numbers(tmp_path: Path) -> None:
    cells: list[str | float] = [*GOOD]
    cells[2:6] = [410400, 410421, 33.87, 113.05]
    cells[8] = 1.5
    assert read_register(xlsx_file(tmp_path, [cells], CHINESE), small_plan(tmp_path)).sites == (SITE,)


def test_headers_and_words_of_any_width_and_dash_are_known(tmp_path: Path) -> None:
    header = [
        {"name": "site—name", "area_ha": "ＡＲＥＡ－ＨＡ", "hazard": "隐患\u200b等级"}.get(name, name)
        for name in HEADER
    ]
    assert read(tmp_path, row(hazard="ＨＩＧＨ"), header=header).sites == (SITE,)


def test_cities_and_counties_may_be_named_instead_of_coded(tmp_path: Path) -> None:
    result = read(tmp_path, row(city="平顶山市", county="宝丰县"), row(id="P2", city="巩义市", county="410181"))
    assert [(site.city, site.county) for site in result.sites] == [("410400", "410421"), ("410181", "410181")]


def test_code_column_precedes_name_column_with_warning(tmp_path: Path) -> None:
    result = read(tmp_path, [*GOOD, "平顶山市", "x"], header=[*CHINESE, "市", "备注"])
    assert result.sites == (SITE,)
    assert [warning.value for warning in result.warnings] == ["市", "备注"]
    assert "市代码 is read" in result.warnings[0].expected


def test_semicolons_and_tabs_separate_columns_too(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    for separator in (";", "\t"):
        path = tmp_path / "register.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=separator).writerows([HEADER, GOOD])
        assert read_register(path, plan).sites == (SITE,)


def test_optional_cells_may_be_blank_and_blank_rows_are_left_out(tmp_path: Path) -> None:
    cells = row(mineral="", area_ha="", hazard="", responsible="")
    result = read(tmp_path, [""] * 12, cells, [], row(id=""))
    assert result.sites[0].hazard is Hazard.MEDIUM and result.sites[0].area_ha is None
    assert [bad.row for bad in result.bad_rows] == [5] and result.rows == 2


@pytest.mark.parametrize("header", ["newly_found", "Newly Found", "新发现", "是否新发现"])
@pytest.mark.parametrize(
    ("word", "newly_found"), [("是", True), ("否", False), ("YES", True), ("no", False), ("", False)]
)
def test_a_site_may_be_newly_found(tmp_path: Path, header: str, word: str, newly_found: bool) -> None:
    result = read(tmp_path, [*GOOD, word], header=[*HEADER, header])
    assert result.sites == (SITE.model_copy(update={"newly_found": newly_found}),) and not result.warnings


def test_neither_yes_nor_no_is_a_fault_of_the_row(tmp_path: Path) -> None:
    result = read(tmp_path, [*GOOD, "是"], [*row(id="P2"), "也许"], header=[*CHINESE, "新发现"])
    assert [site.id for site in result.sites] == ["P1"]
    assert [(f.row, f.column, f.value, f.expected) for f in result.faults] == [
        (3, "新发现", "也许", "yes or no (是, 否)")
    ]


@pytest.mark.parametrize(
    ("changes", "column", "value", "expected"),
    [
        ({"id": ""}, "id", "", "a value: this column is required"),
        ({"name": "  "}, "name", "", "a value"),
        ({"type": ""}, "type", "", "a value"),
        ({"id": "a/b"}, "id", "a/b", "without space, slash or colon"),
        ({"id": "1.23457E+17"}, "id", "1.23457E+17", "a spreadsheet has rounded"),
        ({"name": "x" * 201}, "name", "x" * 201, "1 to 200 characters"),
        ({"name": "一号\x07井"}, "name", "一号\x07井", "without control characters"),
        ({"name": "一号\n井"}, "name", "一号\n井", "without control characters or line breaks"),
        ({"city": "410600"}, "city", "410600", "a city of the plan: 410400 平顶山市, 410181 巩义市"),
        ({"county": "411221"}, "county", "411221", "under 410400 平顶山市"),
        ({"county": "410499"}, "county", "410499", "under 410400 平顶山市"),
        ({"county": "410400"}, "county", "410400", "under 410400 平顶山市"),
        ({"city": "410181"}, "county", "410421", "under 410181 巩义市"),
        ({"latitude": "33,87"}, "latitude", "33,87", "degrees such as 33.7501 or 33°45′0.4″"),
        ({"latitude": "33°61′"}, "latitude", "33°61′", "minutes and seconds below 60"),
        ({"longitude": "nan"}, "longitude", "nan", "degrees such as"),
        ({"longitude": ""}, "longitude", "", "a pair of coordinates"),
        ({"latitude": "", "longitude": ""}, "latitude / longitude", "", "a pair of coordinates"),
        ({"latitude": "113.05", "longitude": "33.87"}, "latitude / longitude", "113.05, 33.87", "probably swapped"),
        ({"latitude": "3.387"}, "latitude / longitude", "3.387, 113.05", "latitude 31 to 37, longitude 110 to 117"),
        ({"type": "open pit"}, "type", "open pit", "a site type"),
        ({"type": "shaft", "problems": "adit_open"}, "type / problems", "shaft, adit_open", "could never be closed"),
        ({"problems": ""}, "type / problems", "adit", "could never be closed"),
        ({"problems": "adit_open*two"}, "problems", "adit_open*two", "problems such as"),
        ({"problems": "adit_open*0"}, "problems", "adit_open*0", "its count above 0"),
        ({"problems": "adit_open*0.0000001"}, "problems", "adit_open*0.0000001", "at most 6 decimals"),
        ({"problems": "坑口未封"}, "problems", "坑口未封", "letters, digits"),
        ({"problems": "shed; shed"}, "problems", "shed; shed", "each problem once"),
        ({"area_ha": "1.5 kg"}, "area_ha", "1.5 kg", "the units are 公顷, ha, hm2, 亩"),
        ({"area_ha": "-1"}, "area_ha", "-1", "an area from 0"),
        ({"hazard": "severe"}, "hazard", "severe", "high, medium or low"),
        ({"mineral": "x" * 101}, "mineral", "x" * 101, "at most 100"),
    ],
)  # fmt: skip
def test_bad_row_named_with_row_column_value_and_expectation(
    tmp_path: Path, changes: dict[str, str], column: str, value: str, expected: str
) -> None:
    result = read(tmp_path, row(id="P0"), row(**changes))
    assert [(fault.row, fault.column, fault.value) for fault in result.faults] == [(3, column, value)]
    assert expected in result.faults[0].expected
    assert [site.id for site in result.sites] == ["P0"] and result.readable
    assert result.bad_rows[0].cells == tuple(row(**changes))


def test_counts_that_ask_for_more_than_can_be_reported_are_a_fault(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, PLAN.replace("title: 封堵,", "title: 封堵, quantity: 2,"))
    file = csv_file(tmp_path, [row(id="P0", problems="adit_open*400000000"), row(problems="adit_open*600000000.5")])
    (fault,) = read_register(file, plan).faults
    assert (fault.row, fault.column, fault.value) == (3, "problems", "adit_open*600000000.5")
    assert "seal, 2 for each problem, asks for at most 999999999.999999" in fault.expected


def test_a_row_may_have_several_faults_and_all_are_said(tmp_path: Path) -> None:
    result = read(tmp_path, row(id="", city="x", latitude="?", area_ha="much", hazard="severe", mineral="m" * 101))
    assert {fault.column for fault in result.faults} == {"id", "city", "latitude", "area_ha", "hazard", "mineral"}


def test_an_id_that_stands_twice_names_the_first_row(tmp_path: Path) -> None:
    result = read(tmp_path, GOOD, row(id="P2"), GOOD)
    assert [(f.row, f.column, f.value, f.expected) for f in result.faults] == [
        (4, "id", "P1", f"an id of its own: row 2 has it already, as P1; {ROWS_OF_ONE_SITE}")
    ]


def test_cells_beyond_the_header_are_not_lost_silently(tmp_path: Path) -> None:
    result = read(tmp_path, [*GOOD, "", "left over"], [*row(id="P2"), ""])
    assert [(f.row, f.column, f.value) for f in result.faults] == [(2, "13", "left over")]
    assert [site.id for site in result.sites] == ["P2"]


def test_problem_not_in_catalogue_is_warning_if_others_apply(tmp_path: Path) -> None:
    result = read(tmp_path, GOOD, row(id="P2", problems="shed; adit_opne"))
    assert len(result.sites) == 2
    assert [(w.value, w.row) for w in result.warnings] == [("adit_opne", 3)]


def test_without_gbt2260_a_county_is_free_text(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, PLAN + "division_codes: free\n")
    result = read_register(csv_file(tmp_path, [row(county="Somewhere else")]), plan)
    assert [site.county for site in result.sites] == ["Somewhere else"]


def test_without_an_extent_the_globe_is_the_extent(tmp_path: Path) -> None:
    text = "\n".join(line for line in PLAN.splitlines() if not line.startswith("extent"))
    cells = [row(latitude="-33"), row(id="P2", latitude="113", longitude="33"), row(id="P3", longitude="200")]
    result = read_register(csv_file(tmp_path, cells), small_plan(tmp_path, text))
    assert [site.id for site in result.sites] == ["P1"]
    assert ["swapped" in fault.expected for fault in result.faults] == [True, False]


def test_missing_and_duplicate_columns_make_file_unreadable(tmp_path: Path) -> None:
    result = read(tmp_path, ["1", "a", "b"], header=["id", "name", "Name"])
    assert not result.readable and result.rows == 0
    assert [f.expected.split(",")[0] for f in result.faults] == [
        "one column for name: this header stands twice",
        "a column for city", "a column for county", "a column for latitude", "a column for longitude",
        "a column for type",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "a header row"),
        (b"\n1,2\n", "a header row"),
        (b"\xff\xff\xff", "text in UTF-8, UTF-16 or GB18030"),
        (b"PK\x03\x04 no workbook", "a readable workbook"),
        (b'id,name\n1,"open', "quotes are closed"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_fault(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(content)
    result = read_register(path, small_plan(tmp_path))
    assert len(result.faults) == 1 and expected in result.faults[0].expected and not result.readable


def test_a_register_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nowhere\.csv"):
        read_register(tmp_path / "nowhere.csv", small_plan(tmp_path))


def test_only_the_first_sheet_is_read_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    book = xlsxwriter.Workbook(path)
    first = book.add_worksheet("台账")
    first.write_row(0, 0, HEADER)
    first.write_row(3, 0, GOOD)
    book.add_worksheet("说明")
    book.close()
    result = read_register(path, small_plan(tmp_path))
    assert result.sites == (SITE,)
    assert [(w.value, "台账" in w.expected) for w in result.warnings] == [("说明", True)]


def test_fifty_thousand_rows_are_judged_one_by_one_with_progress(tmp_path: Path) -> None:
    rows = [row(id=f"S{n}", latitude="33,5" if n % 100 == 0 else "33.5") for n in range(50_000)]
    seen: list[tuple[int, int]] = []
    result = read_register(
        csv_file(tmp_path, rows), small_plan(tmp_path), progress=lambda done, total: seen.append((done, total))
    )
    assert (len(result.sites), len(result.bad_rows)) == (49_500, 500)
    assert seen[-1] == (50_000, 50_000) and seen == sorted(seen) and len(seen) == 50


@pytest.mark.parametrize("again", ["p1", "Ｐ１", "P\u200b1"])
def test_one_id_in_two_spellings_is_one_fault(tmp_path: Path, again: str) -> None:
    result = read(tmp_path, GOOD, row(id=again, latitude="33.9"))
    assert [(fault.row, fault.column) for fault in result.faults] == [(3, "id")]
    assert "row 2 has it already, as P1" in result.faults[0].expected


def test_two_spellings_of_one_office_are_one_unit(tmp_path: Path) -> None:
    header = [*HEADER, "配合部门", "建设企业"]
    rows = [
        [*row(), "国土局（示例）；水利局", "Stone Works Ltd"],
        [*row(id="P2"), "国土局(示例)； 水 利 局", "STONE WORKS LTD"],
    ]
    result = read(tmp_path, *rows, header=header)
    assert [site.departments for site in result.sites] == [("国土局（示例）", "水利局")] * 2
    assert {site.enterprise for site in result.sites} == {"Stone Works Ltd"}
    told = {(warning.row, warning.value) for warning in result.warnings if "one spelling" in warning.expected}
    assert told == {(3, "国土局(示例)"), (3, "水 利 局"), (3, "STONE WORKS LTD")}
    twice = read(tmp_path, [*row(), "国土局（示例）；国土局(示例)", ""], header=header)
    assert [fault.column for fault in twice.faults] == ["配合部门"]


def test_city_and_county_read_by_any_spelling_of_their_names(tmp_path: Path) -> None:
    result = read(tmp_path, row(city="平顶山 市", county="宝丰县\u200b"))
    assert [(site.city, site.county) for site in result.sites] == [("410400", "410421")]


def test_a_workbooks_computed_number_is_read_as_it_is_shown(tmp_path: Path) -> None:
    cells: list[str | float] = [*GOOD]
    cells[HEADER.index("area_ha")] = 0.1 + 0.7  # 0.7999999999999999
    (site,) = read_register(xlsx_file(tmp_path, [cells]), small_plan(tmp_path)).sites
    assert site.area_ha == Decimal("0.8")


def test_areas_finer_than_six_decimals_are_rounded_and_told_once(tmp_path: Path) -> None:
    areas = ["1.5", "12.345678901234", "0.12345678", "12.345678901234", "3.000000000", "6.5亩"]
    result = read(tmp_path, *(row(id=f"P{n}", name=f"{n}", area_ha=area) for n, area in enumerate(areas)))
    assert not result.faults
    assert [str(site.area_ha) for site in result.sites] == [
        "1.5", "12.345679", "0.123457", "12.345679", "3.000000000", "0.433333",
    ]  # fmt: skip
    (told,) = (warning for warning in result.warnings if warning.column == "area_ha")
    assert told.row == 3 and "6 decimals: 3 rows are finer" in told.expected


@pytest.mark.parametrize("area", ["1e60", "-1e60", "-0.00000051", "1000000.0000006"])
def test_area_out_of_range_is_a_fault_however_fine(tmp_path: Path, area: str) -> None:
    (fault,) = read(tmp_path, row(area_ha=area)).faults
    assert (fault.value, fault.expected) == (area, "an area from 0 to 1000000 hectares")
