"""An export that a spreadsheet program opened and saved brings back only what people edited."""

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reports.offline import tasks_file
from schemas.register import Site
from services.offline.edits import Unwanted, Wanted
from tests.support.budget import examples
from tests.support.plans import report, site
from tests.unit.services.offline.test_edits import NEXT, edited, exported_to, judged, lived

NAMES = st.sampled_from(
    ["示例露天点位²", "007", "1.20", "2026-12-02", "3-12", "TRUE", "-5", "=A1", "'井", "＝井", "@井", "+86 371", "井"]
)


def saved(cell: str) -> str:
    """A cell of a CSV file as Chinese Excel saves it again."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        day = date.fromisoformat(cell)
        return f"{day.year}/{day.month}/{day.day}"
    if re.fullmatch(r"\d{1,2}-\d{1,2}", cell):
        return "{}月{}日".format(*map(int, cell.split("-")))
    if re.fullmatch(r"-?\d+(\.\d+)?", cell):
        return f"{float(cell):.10g}"
    return cell.upper() if cell in ("true", "false") else cell


def save_as_excel(path: Path) -> Path:
    """GBK, days and numbers in its own notation, empty columns at the end, rows in another order."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        header, *rows = list(csv.reader(file))
    with path.open("w", newline="", encoding="gbk", errors="replace") as out:
        csv.writer(out).writerows([[*header, "", ""], *([*map(saved, row), "", ""] for row in reversed(rows))])
    return path


def place(name: str, area: float, latitude: float) -> Site:
    changes: dict[str, Any] = {"name": name, "mineral": name, "area_ha": area, "latitude": latitude}
    return site(1).model_copy(update=changes)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=NAMES, area=st.floats(0, 1000), latitude=st.floats(-90, 90), done=st.floats(0.01, 0.99))
@example(name="井", area=0.0, latitude=32.66092201507621, done=0.5)
def test_saving_alone_edits_nothing(tmp_path: Path, name: str, area: float, latitude: float, done: float) -> None:
    half = report("seal", "half", NEXT).model_copy(update={"quantity": Decimal(str(round(done, 3)))})
    now = lived(place(name, area, latitude), (NEXT, half))
    for file in exported_to(tmp_path / "r.csv", now):
        assert judged(save_as_excel(file), now) == []


def test_true_edits_are_told_among_saved_rows(tmp_path: Path) -> None:
    now = lived(place("示例露天点位²", 1.2, 33.5))
    exported_to(tmp_path / "r.csv", now)
    register = save_as_excel(edited(tmp_path / "r.csv", name="Pit one", stage="closed", due="2021-12-31"))
    tasks = save_as_excel(edited(tasks_file(tmp_path / "r.csv"), done="1", unit="吨"))
    found = judged(register, now) + judged(tasks, now)
    assert [one.column for one in found if isinstance(one, Unwanted)] == ["stage", "due", "unit"]
    assert [one.edit for one in found if isinstance(one, Wanted)] == [
        "name: 示例露天点位² → Pit one",
        "signs: 1 more done",
    ]


@pytest.mark.parametrize("form", ["day", "moment"])
def test_true_dates_and_numbers_of_a_workbook_edit_nothing(tmp_path: Path, form: str) -> None:
    now = lived(place("0012", 1.2, 33.5))
    (file,) = exported_to(tmp_path / "r.xlsx", now)
    book = openpyxl.load_workbook(file)
    sheet = book["register"]
    columns = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
    due = date.fromisoformat(str(sheet.cell(2, columns["due"]).value))
    sheet.cell(2, columns["due"]).value = due if form == "day" else datetime.combine(due, datetime.min.time())
    sheet.cell(2, columns["name"]).value = 12
    book.save(file)
    assert judged(file, now) == []
