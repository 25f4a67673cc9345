"""Registers with a row for each problem of a site."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.register.mapping import read_mapping
from intake.register.register_file import RegisterResult, read_register
from schemas.register import Problem
from services.campaign.bad_rows import write_bad_rows
from tests.support.budget import examples
from tests.support.intake_samples import csv_file, row, small_plan

MERGE = "rows: {merge: problems}\n"


def read(folder: Path, *rows: list[str], text: str = MERGE) -> RegisterResult:
    (folder / "map.yaml").write_text(text, encoding="utf-8")
    mapping, faults = read_mapping(folder / "map.yaml")
    assert mapping is not None, faults
    return read_register(csv_file(folder, rows), small_plan(folder), mapping)


def test_rows_of_one_id_become_one_site_with_all_problems(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        row(problems="adit_open*2"),
        row(id="P2"),
        row(problems="shed*0.1"),
        row(problems="adit_open; shed*0.2"),
    )
    assert [site.id for site in result.sites] == ["P1", "P2"] and not result.faults
    assert result.sites[0].problems == (Problem(kind="adit_open", count=3), Problem(kind="shed", count=0.3))
    assert (result.rows, result.merged_rows) == (4, 2)


def test_row_whose_own_problem_is_no_work_is_sound_beside_another(tmp_path: Path) -> None:
    result = read(tmp_path, row(problems="unknown"), row(problems="shed"))
    assert len(result.sites) == 1 and [warning.value for warning in result.warnings] == ["unknown"]


@pytest.mark.parametrize(
    ("change", "column", "value", "expected"),
    [
        ({"name": "二号井"}, "name", "二号井", "what row 2 of the same site has: 一号井"),
        ({"area_ha": "1.6"}, "area_ha", "1.6", "what row 2 of the same site has: 1.5"),
        ({"latitude": "33.88"}, "latitude", "33.88", "what row 2 of the same site has: 33.87"),
        ({"hazard": ""}, "hazard", "", "what row 2 of the same site has: high"),
    ],
)
def test_rows_that_disagree_name_column_rows_and_values(
    tmp_path: Path, change: dict[str, str], column: str, value: str, expected: str
) -> None:
    result = read(tmp_path, row(), row(problems="shed", **change), row(id="P2"))
    assert [(f.row, f.column, f.value, f.expected) for f in result.faults] == [
        (2, "id", "P1", "a site whose rows are all good: row 3 is not"),
        (3, column, value, expected),
    ]
    assert [site.id for site in result.sites] == ["P2"]


def test_values_written_differently_agree(tmp_path: Path) -> None:
    result = read(tmp_path, row(), row(problems="shed", area_ha="１．５０公顷", latitude="33°52′12″", hazard="高"))
    assert len(result.sites) == 1, result.faults


def test_site_with_one_bad_row_is_refused_whole(tmp_path: Path) -> None:
    rows = [row(), row(id="P2"), row(problems="shed*x"), row(problems="shed", mineral="m" * 101)]
    result = read(tmp_path, *rows)
    assert [site.id for site in result.sites] == ["P2"] and result.readable and result.rows == 4
    assert [(f.row, f.column) for f in result.faults] == [(2, "id"), (4, "problems"), (5, "mineral")]
    write_bad_rows(tmp_path / "bad.csv", result)
    assert (tmp_path / "bad.csv").read_text(encoding="utf-8-sig").count("\n") == 4


def test_cells_beyond_the_header_in_one_row_refuse_the_site(tmp_path: Path) -> None:
    result = read(tmp_path, row(), [*row(problems="shed"), "", "left over"])
    assert not result.sites and [(f.row, f.value) for f in result.faults] == [(2, "P1"), (3, "left over")]


def test_sum_beyond_what_a_count_may_be_is_a_fault(tmp_path: Path) -> None:
    result = read(tmp_path, row(problems="shed*6亿"), row(problems="shed*6亿"))
    assert [(f.row, f.column) for f in result.faults] == [(2, "problems"), (3, "id")]
    assert "its count above 0" in result.faults[0].expected


def test_without_the_rule_an_id_stands_once(tmp_path: Path) -> None:
    result = read(tmp_path, row(), row(problems="shed"), text="hazard: hazard\n")
    assert [(f.row, f.column) for f in result.faults] == [(3, "id")]


cells = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["P1", "P2", "P3", ""]),
        "problems": st.sampled_from(["shed", "adit_open*2", "shed*x", "other"]),
        "name": st.sampled_from(["一", "一", "一", "二"]),
    }
)


@settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(cells, max_size=8))
def test_each_row_is_in_one_site_or_bad_and_no_site_is_split(tmp_path: Path, written: list[dict[str, str]]) -> None:
    result = read(tmp_path, *(row(**change) for change in written))
    assert result.rows == len(written)
    assert not {site.id for site in result.sites} & {bad.cells[0] for bad in result.bad_rows}
    good = [change for change in written if change["id"] in {site.id for site in result.sites}]
    assert len(good) == len(result.sites) + result.merged_rows
