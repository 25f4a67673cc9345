"""Reading an edited export: its table is found, and a cell without a value is a fault."""

from pathlib import Path

import pytest

from intake.offline_file import REGISTER, REGISTER_HEADERS, TASK_HEADERS, TASKS, read_offline
from tests.support.workbooks import edited, workbook

pytestmark = pytest.mark.unit

SITE = [
    "P1", "'=一号井", "410400", "410421", "", 33.87, 113.05, "adit", "煤", 1.5, 12, "", "high", "甲", "", *[""] * 8, 3
]  # fmt: skip
TASK = ["P1", "seal", "封堵", "处", 2, 1, "", "", "", "", 3]


def exported(folder: Path, *titles: list[object]) -> Path:
    register: list[list[object]] = [*titles, list(REGISTER_HEADERS), list(SITE)]
    tasks: list[list[object]] = [list(TASK_HEADERS), list(TASK), list(TASK)]
    tasks[2][:2] = ["", "sign"]
    return workbook(folder, (REGISTER, register), (TASKS, tasks))


def test_export_below_titles_is_read_with_its_rows(tmp_path: Path) -> None:
    read = read_offline(exported(tmp_path, ["示例"], []))
    assert [fault.row for fault in read.faults] == [3], "the id of the second task is missing"


def test_apostrophe_of_an_exported_name_stays(tmp_path: Path) -> None:
    path = exported(tmp_path)
    edited(path, lambda sheet: sheet.parent[TASKS].delete_rows(3))
    (row,) = read_offline(path).register
    assert row.fields["name"] == "'=一号井"


def test_merged_cells_of_an_export_are_filled_and_told(tmp_path: Path) -> None:
    path = exported(tmp_path)
    edited(path, lambda sheet: sheet.parent[TASKS].merge_cells("A2:A3"))
    read = read_offline(path)
    assert [row.site_id for row in read.tasks] == ["P1", "P1"]
    assert [warning.value for warning in read.warnings] == ["id A2:A3"]


def test_error_in_an_edited_cell_is_a_fault(tmp_path: Path) -> None:
    path = exported(tmp_path)
    edited(path, lambda sheet: [sheet.parent[TASKS].delete_rows(3), sheet.parent[TASKS].cell(2, 6, value="#REF!")])
    (fault,) = read_offline(path).faults
    assert (fault.row, fault.column, fault.value) == (2, "done", "#REF!") and "shows an error" in fault.expected


def test_export_without_its_header_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    (fault,) = read_offline(path).faults
    assert "the header that `starter.py export` writes" in fault.expected and "--header-row" not in fault.expected
