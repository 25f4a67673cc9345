"""Registers with foreign columns, read through a mapping."""

import csv
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.register.cells import slug
from intake.register.mapping import RegisterMap, read_mapping
from intake.register.register_file import RegisterResult, read_register
from schemas.identity import folded
from schemas.register import Hazard, Problem
from tests.support.intake_samples import MINES, PLAN, csv_file, small_plan

HEADER = ["Ref", "Mine", "State", "Country", "lat", "lon", "Risk", "Size (km2)", "Findings"]
ROW = ["m-1", "Old Pit", "", "Pingdingshan", "33.5", "113.5", "A", "0.25", "井口*2；工棚"]
MAPPING = """\
id: Ref
name: {column: Mine}
city: {column: [State, Country], slug: true, values: {Pingdingshan: "410400"}}
county: [State, Country]
type: {const: adit}
area_ha: {column: Size (km2), times: 100}
problems: {column: Findings, values: {井口: adit_open, 工棚: shed}}
hazard: {column: Risk, values: {A: high, "": low}}
"""


def mapping(folder: Path, text: str) -> tuple[RegisterMap | None, list[tuple[str | None, int | None, str]]]:
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    found, faults = read_mapping(path)
    return found, [(fault.path, fault.line, fault.expected) for fault in faults]


def read(folder: Path, text: str, *rows: list[str]) -> RegisterResult:
    found, faults = mapping(folder, text)
    assert found is not None, faults
    plan = small_plan(folder, PLAN + "division_codes: free\n")
    return read_register(csv_file(folder, rows, HEADER), plan, found)


def test_mapping_applies_columns_constants_values_and_units(tmp_path: Path) -> None:
    result = read(tmp_path, MAPPING, ROW)
    (site,) = result.sites
    assert (site.id, site.name, site.city, site.county, site.type) == (
        "m-1",
        "Old Pit",
        "410400",
        "Pingdingshan",
        "adit",
    )
    assert (site.latitude, site.area_ha, site.hazard) == (33.5, Decimal(25), Hazard.HIGH)
    assert site.problems == (Problem(kind="adit_open", count=2), Problem(kind="shed"))


def test_mapping_blank_has_value_and_untranslated_value_is_fault(tmp_path: Path) -> None:
    result = read(tmp_path, MAPPING, [*ROW[:6], "", *ROW[7:]], ["m-2", *ROW[1:6], "B", *ROW[7:]])
    assert [site.hazard for site in result.sites] == [Hazard.LOW]
    assert [(f.row, f.column, f.value) for f in result.faults] == [(3, "Risk", "B")]


def test_mapping_newly_found_by_column_or_constant(tmp_path: Path) -> None:
    by_risk = MAPPING + 'newly_found: {column: Risk, values: {A: "yes", "": "no"}}\n'
    result = read(tmp_path, by_risk, ROW, ["m-2", *ROW[1:6], "", *ROW[7:]])
    assert [site.newly_found for site in result.sites] == [True, False], result.faults
    (site,) = read(tmp_path, MAPPING + "newly_found: {const: 是}\n", ROW).sites
    assert site.newly_found


def test_a_mapped_fault_names_their_columns(tmp_path: Path) -> None:
    result = read(tmp_path, MAPPING, [*ROW[:3], "Elsewhere", *ROW[4:]])
    assert [(f.column, f.value) for f in result.faults] == [("State / Country", "Elsewhere")]


def test_mapping_missing_register_column_is_fault_with_line(tmp_path: Path) -> None:
    result = read(tmp_path, MAPPING.replace("Size (km2)", "Size (km)"), ROW)
    assert [(f.file, f.path, f.line, f.value) for f in result.faults] == [("map.yaml", "area_ha", 6, "Size (km)")]
    assert "perhaps Size (km2)" in result.faults[0].expected and not result.readable


@pytest.mark.parametrize(
    ("text", "path", "line", "expected"),
    [
        ("id: Ref\nnmae: Mine", "nmae", 2, "perhaps name"),
        ("id: {const: a, column: b}", "id", 1, "either const or column"),
        ("id: {join: [a], column: b}", "id", 1, "either const or column, or join and hash"),
        ("id: {wiht: x, join: [a]}", "id.wiht", 1, "perhaps with"),
        ("rows: {merge: name}", "rows.merge", 1, "'problems'"),
        ("id: {}", "id", 1, "either const or column"),
        ("id: {colunm: b}", "id.colunm", 1, "perhaps column"),
        ("area_ha: {column: b, times: km}", "area_ha.times", 1, "a number"),
        ("id: {column: b, slug: maybe}", "id.slug", 1, "true or false"),
        ("id: a\nid: b", "id", 2, "line 1 has it already"),
        ("- id", None, None, "fields"),
        ("id: [a", None, 1, "readable YAML"),
    ],
)
def test_a_faulty_mapping_names_path_line_and_expectation(
    tmp_path: Path, text: str, path: str | None, line: int | None, expected: str
) -> None:
    found, faults = mapping(tmp_path, text)
    assert found is None
    assert any(fault[:2] == (path, line) and expected in fault[2] for fault in faults), faults


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("New South Wales", "new-south-wales"),
        ("Świętokrzyskie", "swietokrzyskie"),
        ("Łódź", "lodz"),
        ("Sardinia, Carbonia-Iglesias Province", "sardinia-carbonia-iglesias-province"),
        ("Ærøskøbing", "aeroskobing"),
        ("河南", "u-c4b2e6f9"),
    ],
)
def test_a_foreign_name_becomes_a_code(text: str, code: str) -> None:
    assert slug(text) == code


NUMBERED = ["County", "No", "Mine", "lat", "lon"]
REST = """\
name: Mine
city: {const: "410400"}
county: County
type: {const: adit}
problems: {const: adit_open}
"""


def numbered(folder: Path, text: str, *rows: list[str]) -> RegisterResult:
    found, faults = mapping(folder, text + REST)
    assert found is not None, faults
    plan = small_plan(folder, PLAN + "division_codes: free\n")
    return read_register(csv_file(folder, rows, NUMBERED), plan, found)


ROWS = [
    ["410402", "7", "东坡 采石场", "33.50", "113.5"],
    ["410402", "8", "西坡采石场", "33.51", "113.5"],
    ["410404", "7", "东坡 采石场", "33.60", "113.5"],
]


def test_id_joined_of_columns_needs_all_of_them(tmp_path: Path) -> None:
    result = numbered(tmp_path, 'id: {join: [County, No], with: "_"}\n', *ROWS)
    assert [site.id for site in result.sites] == ["410402_7", "410402_8", "410404_7"]
    (fault,) = numbered(tmp_path, "id: {join: [County, No]}\n", ["410402", "", *ROWS[0][2:]]).faults
    assert (fault.row, fault.column) == (2, "County + No") and "required" in fault.expected


def test_text_joined_of_columns_leaves_out_blank_ones(tmp_path: Path) -> None:
    text = "id: No\n" + REST.replace("name: Mine", 'name: {join: [County, No, Mine], with: " "}')
    found, faults = mapping(tmp_path, text)
    assert found is not None, faults
    plan = small_plan(tmp_path, PLAN + "division_codes: free\n")
    cells = [["410402", "7", "", "33.5", "113.5"]]
    assert [s.name for s in read_register(csv_file(tmp_path, cells, NUMBERED), plan, found).sites] == ["410402 7"]


HASHED = "id: {join: County, hash: [Mine, lat, lon]}\n"


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.permutations(ROWS))
def test_generated_ids_do_not_depend_on_the_order_of_rows(tmp_path: Path, rows: list[list[str]]) -> None:
    ids = {tuple(cells): site.id for cells, site in zip(rows, numbered(tmp_path, HASHED, *rows).sites, strict=True)}
    again = {tuple(cells): site.id for cells, site in zip(ROWS, numbered(tmp_path, HASHED, *ROWS).sites, strict=True)}
    assert ids == again and len(set(ids.values())) == 3
    assert all(re.fullmatch(r"41040[24]-[0-9a-f]{10}", one) for one in ids.values())


def test_generated_ids_ignore_width_and_case(tmp_path: Path) -> None:
    (one,) = numbered(tmp_path, HASHED, ["410402", "7", "Pit A", "33.5", "113.5"]).sites
    (same,) = numbered(tmp_path, HASHED, ["410402", "7", " Ｐit a", "３３．５", "113.5"]).sites
    assert one.id == same.id


def test_generated_ids_that_are_the_same_are_a_fault(tmp_path: Path) -> None:
    result = numbered(tmp_path, HASHED, ROWS[0], [*ROWS[0][:1], "9", *ROWS[0][2:]])
    assert [(f.row, f.column) for f in result.faults] == [(3, "County + Mine + lat + lon")]


def test_two_names_of_one_code_are_a_fault(tmp_path: Path) -> None:
    text = MAPPING.replace('values: {Pingdingshan: "410400"}', 'values: {"41 0400": "41 0400"}')
    plan = PLAN.replace("code: 410400", "code: 41-0400") + "division_codes: free\n"
    found, faults = mapping(tmp_path, text)
    assert found is not None, faults
    rows = [[f"m-{n}", *ROW[1:3], name, *ROW[4:]] for n, name in enumerate(["41 0400", "４１ 0400", "41, 0400"])]
    result = read_register(csv_file(tmp_path, rows, HEADER), small_plan(tmp_path, plan), found)
    assert [site.city for site in result.sites] == ["41-0400", "41-0400"]
    (fault,) = result.faults
    assert (fault.row, fault.value) == (4, "41, 0400")
    assert "row 2 has 41 0400, which is 41-0400 too" in fault.expected


SCRIPTS = [
    "Кемеровская область",
    "झारखंड",
    "المنيا",
    "강원도",
    "河南省",
    "შიდა ქართლი",
    "Ελλάδα",
    "ქვემო",
    "Tỉnh Quảng Ninh",
]


@pytest.mark.parametrize("name", SCRIPTS)
def test_city_named_in_any_script_is_found_by_name_or_slug(tmp_path: Path, name: str) -> None:
    text = MAPPING.replace(', values: {Pingdingshan: "410400"}', "")
    found, faults = mapping(tmp_path, text)
    assert found is not None, faults
    for code in ("north", slug(name)):
        plan = PLAN.replace("code: 410400, name: 平顶山市", f"code: {code}, name: {name}") + "division_codes: free\n"
        rows = csv_file(tmp_path, [[*ROW[:3], name, *ROW[4:]]], HEADER)
        result = read_register(rows, small_plan(tmp_path, plan), found)
        assert [site.city for site in result.sites] == [code], result.faults


def test_mines_named_in_local_scripts_have_codes_of_their_own() -> None:
    with (MINES / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {folded(found) for line in csv.DictReader(file) if (found := line["Mine Name (Non-ENG)"])}
    codes = {slug(name) for name in names}
    assert len(names) > 150 and len(codes) > 0.99 * len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", code) for code in codes)
    local = {name for name in names if any(c.isalpha() and not c.isascii() for c in name)}
    assert len({slug(name) for name in local}) == len(local)


@given(one=st.text(min_size=1), other=st.text(min_size=1))
def test_any_text_has_a_code_that_is_an_identifier(one: str, other: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", slug(one))
    if any(c.isalpha() and not c.isascii() for c in unicodedata.normalize("NFKD", folded(one))):
        assert slug(one) != slug(other) or folded(one) == folded(other)
