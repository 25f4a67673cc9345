"""Where the table of a register is, as people say it and as they are told."""

import json
from pathlib import Path

import pytest

from tests.support.in_process import run_in_process
from tests.support.intake_samples import GOOD, csv_file, plan_file, row
from tests.support.workbooks import CHINESE, TITLED, workbook

pytestmark = pytest.mark.unit

OTHER = row(id="P2")
WITH_TOTAL = [*TITLED, GOOD, ["合计", *[""] * 7, "1.5"]]


def run(folder: Path, *words: object, code: int = 0) -> str:
    """What the command prints, both streams."""
    plan_file(folder)
    done = run_in_process([str(word) for word in words], folder, {})
    assert done[0] == code, done
    return done[1] + done[2]


def test_check_tells_header_and_what_is_not_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("点位", WITH_TOTAL))
    said = run(tmp_path, "check", "plan.yaml", "--register", path)
    assert "header: row 3 of sheet 点位 (rows 1 to 2 not read)" in said
    assert "this is a total row, not read as a site" in said
    found = json.loads(run(tmp_path, "check", "plan.yaml", "--register", path, "--json"))
    assert (found["register"]["sheet"], found["register"]["header_row"]) == ("点位", 3)
    plain = csv_file(tmp_path, [GOOD])
    assert "header: row 1\n" in run(tmp_path, "check", "plan.yaml", "--register", plain)


def test_flags_choose_sheet_and_header_row(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("点位", WITH_TOTAL), ("旧", [CHINESE, GOOD, CHINESE, OTHER, row(id="P3")]))
    check = ("check", "plan.yaml", "--register", path, "--json")
    for flags, rows in (((), 1), (("--sheet", "旧"), 3), (("--sheet", "2", "--header-row", 3), 2)):
        assert json.loads(run(tmp_path, *check, *flags))["register"]["good_rows"] == rows


@pytest.mark.parametrize("flags", [("--sheet", "旧"), ("--header-row", "2")])
def test_flags_without_a_register_are_misused(tmp_path: Path, flags: tuple[str, str]) -> None:
    said = run(tmp_path, "check", "plan.yaml", *flags, code=2)
    assert "--sheet and --header-row belong to --register" in said
    assert "belong to --register" in run(tmp_path, "survey", "small", *flags, code=2)
    assert "belong to --register" in run(tmp_path, "amend", "small", "a.yaml", *flags, code=2)


def test_header_row_is_a_row(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [GOOD])
    assert "--header-row" in run(tmp_path, "check", "plan.yaml", "--register", path, "--header-row", 0, code=2)


def test_forecast_tells_what_was_not_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("点位", WITH_TOTAL), ("旧", [CHINESE, OTHER]))
    said = run(tmp_path, "forecast", "plan.yaml", "--register", path)
    assert "total row" in said
    read = json.loads(run(tmp_path, "forecast", "plan.yaml", "--register", path, "--json"))["register"]
    assert (read["sheet"], read["header_row"], len(read["warnings"])) == ("点位", 3, 2)
    assert "total row" not in run(tmp_path, "forecast", "plan.yaml", "--register", path, "--sheet", "旧")


def test_refused_start_tells_the_header(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("点位", [*TITLED, row(latitude="?")]))
    said = run(tmp_path, "start", "plan.yaml", "--register", path, code=1)
    assert "header: row 3 of sheet 点位" in said and "1 fault; nothing was started" in said
