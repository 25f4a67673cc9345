"""Types and problems for which the catalogue asks for nothing are told, also where another entry applies."""

from pathlib import Path

import pytest

from intake.register.register_file import RegisterResult, read_register
from schemas.register import Problem
from tests.support.intake_samples import PLAN, csv_file, row, small_plan

ALWAYS = "  - {id: hand_over, title: 移交, unit: 次}\n"
WITH_ALWAYS = PLAN.replace("cities:\n", f"{ALWAYS}cities:\n")


def read(folder: Path, *rows: list[str], plan: str = WITH_ALWAYS) -> RegisterResult:
    return read_register(csv_file(folder, rows), small_plan(folder, plan))


def told(result: RegisterResult) -> list[tuple[str | None, str, int | None]]:
    return [(warning.column, warning.value, warning.row) for warning in result.warnings]


def test_type_that_no_entry_names_is_told_with_the_known_ones(tmp_path: Path) -> None:
    rows = (row(), row(id="P2", type="adlt", problems=""), row(id="P3", type="adlt", problems="shed"))
    result = read(tmp_path, *rows)
    assert len(result.sites) == 3 and told(result) == [("type", "adlt", 3)]
    assert "(adit)" in result.warnings[0].expected and "2 rows, the first is row 3" in result.warnings[0].expected


def test_types_are_free_where_no_entry_has_any(tmp_path: Path) -> None:
    result = read(tmp_path, row(type="adlt"), plan=WITH_ALWAYS.replace("site_types: [adit], ", ""))
    assert len(result.sites) == 1 and not result.warnings


@pytest.mark.parametrize(("kind", "problem"), [("Adit", "adit_open"), ("ＡＤＩＴ", "Adit_Open"), ("adit", "ADIT_OPEN")])
def test_other_spelling_is_read_as_that_of_the_catalogue(tmp_path: Path, kind: str, problem: str) -> None:
    result = read(tmp_path, row(type=kind, problems=f"{problem}*2"))
    assert not result.warnings
    assert [(s.type, s.problems) for s in result.sites] == [("adit", (Problem(kind="adit_open", count=2),))]


def test_one_problem_in_two_spellings_is_a_fault(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, row(problems="adit_open; Adit_open*2")).faults
    assert fault.column == "problems" and "each problem once" in fault.expected


def test_problem_without_work_at_its_type_is_told(tmp_path: Path) -> None:
    plan = WITH_ALWAYS.replace(
        ALWAYS, ALWAYS + "  - {id: fill, title: 回填, unit: 处, site_types: [shaft], problems: [shaft_open]}\n"
    )
    rows = (row(), row(id="P2", problems="shaft_open"), row(id="P3", problems="shed; shaft_open"))
    result = read(tmp_path, *rows, plan=plan)
    assert len(result.sites) == 3 and told(result) == [("problems", "shaft_open", 3)]
    expected = result.warnings[0].expected
    assert "at a site of type adit" in expected and "2 rows, the first is row 3" in expected


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"type": "平硐"}, ["the catalogue knows the types adit"]),
        ({"problems": "井口未封"}, ["the catalogue knows the problems adit_open, shed"]),
        ({"problems": "adit_open**2"}, ["the catalogue knows the problems adit_open, shed"]),
        ({"type": "shaft", "problems": "gone"}, ["the catalogue knows the types adit"]),
        ({"hazard": "严重"}, ["high, medium or low"]),
    ],
)
def test_unknown_word_names_those_of_the_catalogue(tmp_path: Path, cells: dict[str, str], words: list[str]) -> None:
    (fault,) = read(tmp_path, row(**cells), plan=PLAN).faults
    assert all(word in fault.expected for word in (*words, "`values` in --map"))


def test_long_catalogue_is_named_in_part(tmp_path: Path) -> None:
    many = ", ".join(f"kind{n:03}" for n in range(300))
    (fault,) = read(tmp_path, row(problems="井口"), plan=PLAN.replace("[shed]", f"[{many}]")).faults
    assert "kind000" in fault.expected and "..." in fault.expected and len(fault.expected) < 500


def test_repeated_id_says_how_rows_of_one_site_are_merged(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, row(), row(problems="shed")).faults
    assert "row 2 has it already" in fault.expected and "rows: {merge: problems}" in fault.expected


def test_problem_of_the_police_track_needs_no_work(tmp_path: Path) -> None:
    track = """
police_track:
  agency: 公安厅
  works_agency: 自然资源厅
  problems: [illegal]
  transfer: {amount: 10, unit: calendar_days}
  acceptance: {amount: 1, unit: working_days}
  decision: {amount: 3, unit: calendar_days}
  closure: works
  bureaus: {410400: 局, 410181: 局}
"""
    result = read(
        tmp_path,
        row(problems="illegal"),
        plan=WITH_ALWAYS.replace("{name: 自然资源厅}", "{name: 公安厅}, {name: 自然资源厅}") + track,
    )
    assert len(result.sites) == 1 and not result.warnings
