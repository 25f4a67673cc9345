"""Registers with foreign columns, read through a mapping."""

from pathlib import Path

import pytest

from intake.register.cells import slug
from intake.register.mapping import RegisterMap, read_mapping
from intake.register.register_file import RegisterResult, read_register
from schemas.register import Hazard, Problem
from tests.support.intake_samples import PLAN, csv_file, small_plan

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
    assert (site.latitude, site.area_ha, site.hazard) == (33.5, 25.0, Hazard.HIGH)
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
        ("河南", "河南"),
    ],
)
def test_a_foreign_name_becomes_a_code(text: str, code: str) -> None:
    assert slug(text) == code
