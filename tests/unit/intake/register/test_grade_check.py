"""A register graded by its plan's rules: counts, cells that say another hazard, and the columns that rules read."""

from decimal import Decimal
from pathlib import Path

import pytest

from intake.register.register_file import RegisterResult, read_register
from schemas.register import Hazard
from tests.support.intake_samples import HEADER, PLAN, csv_file, row, small_plan

pytestmark = pytest.mark.unit

RULES = """\
grading:
  rules:
    - {hazard: high, title: 深, depth_m: {at_least: 20}}
    - {hazard: low, title: 远, distance_m: {at_least: 500}}
"""
WIDE = [*HEADER, "深度(米)", "距居民点或道路(米)"]


def read(folder: Path, *rows: list[str], plan: str = PLAN + RULES) -> RegisterResult:
    return read_register(csv_file(folder, rows, WIDE), small_plan(folder, plan))


def test_rules_grade_and_check_counts_each_of_them(tmp_path: Path) -> None:
    rows = [
        [*row(id="P1", hazard="high"), "25", ""],
        [*row(id="P2", hazard=""), "3", "0.6km"],
        [*row(id="P3", hazard="medium"), "", ""],
    ]
    found = read(tmp_path, *rows)
    assert [site.hazard for site in found.sites] == [Hazard.HIGH, Hazard.LOW, Hazard.MEDIUM]
    by_rule = (("grading.rules[0]", Hazard.HIGH, 1), ("grading.rules[1]", Hazard.LOW, 1))
    assert found.grades == (*by_rule, ("register", None, 1))
    assert not [one for one in found.warnings if one.column == "hazard"], "an empty cell says nothing else"


def test_cell_of_another_hazard_warned_with_both(tmp_path: Path) -> None:
    rows = [[*row(id=f"P{n}", hazard="low"), "25", ""] for n in (1, 2, 3)]
    found = read(tmp_path, *rows)
    (told,) = [one for one in found.warnings if one.column == "hazard"]
    assert (told.row, told.value) == (2, "low")
    assert told.expected.startswith("high, as grading.rules[0] grades the site") and "2 more rows" in told.expected
    assert {site.hazard for site in found.sites} == {Hazard.HIGH}


def test_plan_without_rules_keeps_the_cells(tmp_path: Path) -> None:
    found = read(tmp_path, [*row(hazard="low"), "25", ""], plan=PLAN)
    assert (found.sites[0].hazard, found.grades) == (Hazard.LOW, ())


def test_depth_and_distance_are_read_with_their_units(tmp_path: Path) -> None:
    (site,) = read(tmp_path, [*row(), "１２．５米", "0.3 km"]).sites
    assert (site.depth_m, site.distance_m) == (Decimal("12.5"), Decimal(300))


def test_a_depth_that_is_no_length_is_a_fault(tmp_path: Path) -> None:
    faults = read(tmp_path, [*row(), "deep", "3 ha"]).faults
    assert [(one.column, one.value) for one in faults] == [("深度(米)", "deep"), ("距居民点或道路(米)", "3 ha")]
    assert "a number of metres" in faults[0].expected and "units are" in faults[1].expected
    (negative,) = read(tmp_path, [*row(), "-3", ""]).faults
    assert "a depth from 0" in negative.expected
