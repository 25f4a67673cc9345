"""The register taken along, edited, and brought back."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.offline_file import EDITABLE, REGISTER, REGISTER_HEADERS, TASK_HEADERS, TASKS, read_offline
from reports.offline import OfflineTable, tasks_file, write_offline
from rules.command_results import Received
from schemas import commands as cmd
from schemas.register import Site
from schemas.site.correction import Correct, Corrections
from services.offline.edits import Clash, Exported, Outcome, Unwanted, Wanted
from services.offline.importing import read_file
from services.offline.rows import register_row, site_at, task_rows
from tests.support.budget import examples
from tests.support.plans import COUNTY, CREW, frozen_plan, report, site

FROZEN = frozen_plan("offline")
OPENED = datetime(2021, 7, 20, 2, tzinfo=UTC)
NEXT = OPENED + timedelta(days=1)
LATER = OPENED + timedelta(days=2)
NOW = OPENED + timedelta(days=3)
FORMS = pytest.mark.parametrize("form", ["register.xlsx", "register.csv"])


def lived(one: Site, *told: tuple[datetime, cmd.Command]) -> Exported:
    """A site with its ledger, after these commands."""
    case = site_at(FROZEN, one, OPENED, [])
    entries = list(case.advance([], OPENED).entries)
    for at, command in told:
        entries += case.advance([Received(command, at)], at).entries
    return Exported(FROZEN, one, OPENED, entries, NOW)


def exported_to(target: Path, *sites: Exported) -> tuple[Path, ...]:
    cases = [(s.site, site_at(FROZEN, s.site, s.opened_at, s.entries)) for s in sites]
    return write_offline(
        target,
        OfflineTable(REGISTER, REGISTER_HEADERS, EDITABLE, [register_row(FROZEN, s, c) for s, c in cases]),
        OfflineTable(TASKS, TASK_HEADERS, EDITABLE, [row for s, c in cases for row in task_rows(FROZEN, s, c)]),
    )


def edited(file: Path, **cells: str) -> Path:
    """A CSV file whose first row has other cells."""
    with file.open(newline="", encoding="utf-8-sig") as text:
        rows = list(csv.reader(text))
    for column, value in cells.items():
        rows[1][rows[0].index(column)] = value
    target = file.with_name(f"edited-{file.name}")
    with target.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    return target


def judged(file: Path, now: Exported) -> list[Outcome]:
    read = read_offline(file)
    assert not read.faults, [str(fault) for fault in read.faults]
    return [outcome for row in (*read.register, *read.tasks) for outcome in now.judge(row)]


@FORMS
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.text("=+-@'x 山\"，,;", min_size=1, max_size=12).filter(lambda text: text == text.strip() and text),
    latitude=st.none() | st.floats(-90, 90),
    done=st.decimals("0.000001", 9, places=6),
)
def test_what_nobody_edited_comes_back_as_it_was(
    tmp_path: Path, form: str, name: str, latitude: float | None, done: Decimal
) -> None:
    one = site(1).model_copy(update={"name": name, "latitude": latitude, "responsible": ("公安局", "Bureau A")})
    half = report("seal", "half", NEXT).model_copy(update={"quantity": done})
    now = lived(one, (NEXT, half))
    for file in exported_to(tmp_path / form, now):
        assert judged(file, now) == []


def test_quantity_and_evidence_become_one_report_on_work_date(tmp_path: Path) -> None:
    now = lived(site(1))
    exported_to(tmp_path / "r.csv", now)
    tasks = tasks_file(tmp_path / "r.csv")
    file = edited(tasks, done="1", new_evidence="before:a.jpg; after:b.jpg", done_on="2021-07-21", note="two signs")
    (wanted,) = judged(file, now)
    assert isinstance(wanted, Wanted) and wanted.model is cmd.CompleteTask
    assert wanted.content["quantity"] == 1 and [e.ref for e in wanted.content["evidence"]] == ["a.jpg", "b.jpg"]
    assert wanted.at is not None and wanted.at.astimezone(FROZEN.plan.zone).isoformat() == "2021-07-21T23:59:00+08:00"
    again = judged(file, now)
    assert isinstance(again[0], Wanted) and again[0].command_id == wanted.command_id, "the same file is one command"


def test_work_of_today_is_reported_as_of_now(tmp_path: Path) -> None:
    now = lived(site(1))
    exported_to(tmp_path / "r.csv", now)
    file = edited(tasks_file(tmp_path / "r.csv"), done="1", done_on="2021-07-23")
    (wanted,) = judged(file, now)
    assert isinstance(wanted, Wanted) and wanted.at == NOW, "the end of the day lies in the future"


def test_concurrent_report_is_conflict_naming_actor_and_time(tmp_path: Path) -> None:
    before = lived(site(1))
    exported_to(tmp_path / "r.csv", before)
    file = edited(tasks_file(tmp_path / "r.csv"), done="1")
    meanwhile = report("signs", "m", LATER).model_copy(update={"quantity": Decimal("0.5")})
    (clash,) = judged(file, lived(site(1), (LATER, meanwhile)))
    assert isinstance(clash, Clash)
    assert (clash.conflict.exported, clash.conflict.yours, clash.conflict.theirs) == (0.0, 1.0, 0.5)
    assert clash.who == CREW and clash.entry is not None and clash.entry.at == LATER


def test_reimport_after_later_reports_changes_nothing(tmp_path: Path) -> None:
    before = lived(site(1))
    exported_to(tmp_path / "r.csv", before)
    file = edited(tasks_file(tmp_path / "r.csv"), done="1", new_evidence="before:a.jpg")
    (wanted,) = judged(file, before)
    assert isinstance(wanted, Wanted)
    said = {**wanted.content} | {"command_id": wanted.command_id, "actor": CREW, "effective_at": NEXT}
    taken = (NEXT, cmd.CompleteTask.model_validate(said))
    assert judged(file, lived(site(1), taken)) == [], "its evidence is not reported a second time"
    more = report("signs", "m", LATER).model_copy(update={"quantity": Decimal("0.5")})
    assert judged(file, lived(site(1), taken, (LATER, more))) == [], "nor is what came after it a conflict"


def test_accepted_correction_no_conflict_with_later_correction(tmp_path: Path) -> None:
    before = lived(site(1))
    exported_to(tmp_path / "r.csv", before)
    file = edited(tmp_path / "r.csv", name="Pit one", mineral="coal")
    (wanted,) = judged(file, before)
    assert isinstance(wanted, Wanted)
    record = Corrections.model_validate(wanted.content["record"])
    taken = (NEXT, Correct(command_id=wanted.command_id, actor=COUNTY, effective_at=NEXT, record=record))
    newer = Correct(command_id="newer", actor=COUNTY, effective_at=LATER, record=Corrections(name="Pit 1"))
    assert judged(file, lived(site(1), taken, (LATER, newer))) == []


def test_what_both_did_the_same_is_no_conflict(tmp_path: Path) -> None:
    before = lived(site(1))
    exported_to(tmp_path / "r.csv", before)
    file = edited(tasks_file(tmp_path / "r.csv"), done="1")
    assert judged(file, lived(site(1), (LATER, report("signs", "m", LATER)))) == []


def test_register_correction_is_one_command_and_exported(tmp_path: Path) -> None:
    before = lived(site(1))
    exported_to(tmp_path / "r.csv", before)
    (wanted,) = judged(edited(tmp_path / "r.csv", name="Pit one", responsible="Bureau A；Bureau B"), before)
    assert isinstance(wanted, Wanted) and wanted.model is Correct
    record = Corrections.model_validate(wanted.content["record"])
    after = lived(site(1), (NEXT, Correct(command_id="c", actor=COUNTY, effective_at=NEXT, record=record)))
    exported_to(tmp_path / "again.csv", after)
    (row,) = read_offline(tmp_path / "again.csv").register
    assert (row.fields["name"], row.fields["responsible"]) == ("Pit one", ["Bureau A", "Bureau B"])


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"stage": "closed"}, "stage", "is not edited here"),
        ({"name": ""}, "name", "takes nothing back"),
        ({"version": "77"}, "version", "newer than what is known"),
    ],
)
def test_what_can_not_be_edited_is_told(tmp_path: Path, cells: dict[str, str], column: str, said: str) -> None:
    now = lived(site(1))
    exported_to(tmp_path / "r.csv", now)
    found = [one for one in judged(edited(tmp_path / "r.csv", **cells), now) if isinstance(one, Unwanted)]
    assert [one.column for one in found] == [column] and said in found[0].reason


def test_work_is_not_taken_back_by_a_file(tmp_path: Path) -> None:
    now = lived(site(1), (NEXT, report("signs", "m", NEXT)))
    exported_to(tmp_path / "r.csv", now)
    (found,) = judged(edited(tasks_file(tmp_path / "r.csv"), done="0"), now)
    assert isinstance(found, Unwanted) and "taken back by a verdict" in found.reason


def test_a_site_that_was_settled_meanwhile_takes_no_edits(tmp_path: Path) -> None:
    before = lived(site(1))
    exported_to(tmp_path / "r.csv", before)
    over = datetime(2021, 11, 1, tzinfo=UTC)
    case = site_at(FROZEN, before.site, OPENED, before.entries)
    carried = replace(before, entries=[*before.entries, *case.advance([], over).entries])
    found = judged(edited(tasks_file(tmp_path / "r.csv"), done="1"), carried)
    assert [one.reason for one in found if isinstance(one, Unwanted)] == ["the site is carried_over by now"]


@pytest.mark.parametrize("written", ["2021-08-20", "2021/8/20", "2021年8月20日", "44428", "8月20日"])
def test_day_of_work_is_read_in_any_spelling(tmp_path: Path, written: str) -> None:
    exported_to(tmp_path / "r.csv", lived(site(1)))
    file = edited(tasks_file(tmp_path / "r.csv"), done_on=written)
    assert read_file(file, FROZEN.plan).tasks[0].done_on == date(2021, 8, 20)


def test_edited_place_may_have_minutes_and_seconds(tmp_path: Path) -> None:
    exported_to(tmp_path / "r.csv", lived(site(1)))
    file = edited(tmp_path / "r.csv", latitude="北纬33°52′12″", longitude="113°3′E")
    (row,) = read_offline(file).register
    assert (row.fields["latitude"], row.fields["longitude"]) == (33.87, 113.05)


def test_all_unreadable_cells_are_listed_with_row_and_column(tmp_path: Path) -> None:
    now = lived(site(1))
    exported_to(tmp_path / "r.csv", now)
    bad: dict[str, Any] = {"done": "much", "new_evidence": "a.jpg", "done_on": "yesterday", "version": "v1"}
    faults = read_offline(edited(tasks_file(tmp_path / "r.csv"), **bad)).faults
    assert {(fault.row, fault.column) for fault in faults} == {(2, column) for column in bad}


def test_area_hazard_township_and_enterprise_are_edited(tmp_path: Path) -> None:
    one = lived(site(1))
    (register, _) = exported_to(tmp_path / "r.csv", one)
    said = {"area_ha": "2.5", "hazard": "高", "township": "示例乡", "enterprise": "示例矿业"}
    (wanted,) = judged(edited(register, **said), one)
    assert isinstance(wanted, Wanted) and wanted.model is Correct
    assert wanted.content["record"] == {
        "area_ha": 2.5,
        "hazard": "high",
        "township": "示例乡",
        "enterprise": "示例矿业",
    }


@pytest.mark.parametrize(("column", "value"), [("area_ha", "-1"), ("area_ha", "big"), ("hazard", "some")])
def test_invalid_area_or_hazard_is_a_fault_of_its_cell(tmp_path: Path, column: str, value: str) -> None:
    (register, _) = exported_to(tmp_path / "r.csv", lived(site(1)))
    (fault,) = read_offline(edited(register, **{column: value})).faults
    assert (fault.row, fault.column, fault.value) == (2, column, value)
