"""What `check` tells of a register: faults in groups, and at the end totals that add up."""

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from commands.campaign.check_view import check_json, show_check
from commands.common.tables import console
from intake.check import check
from tests.support.intake_samples import GOOD, HEADER, HENAN, PLAN, csv_file, plan_file, row


def shown(capsys: pytest.CaptureFixture[str], plan: Path, register: Path) -> str:
    show_check(console(), check(plan, register))
    return capsys.readouterr().out


def test_check_ends_with_totals_of_the_register(capsys: pytest.CaptureFixture[str]) -> None:
    said = shown(capsys, HENAN / "plan.yaml", HENAN / "register.csv")
    lines = [" ".join(line.split()) for line in said[said.index("totals, to reconcile") :].splitlines()]
    assert {"rows read 82", "bad rows 0", "sites 82", "area (ha) 176.81", "410400 平顶山市 30 51.87"} <= set(lines)


def test_totals_in_json_add_up_and_have_no_binary_tails(tmp_path: Path) -> None:
    rows = [row(id=f"P{n}", area_ha=area) for n, area in enumerate(("0.1", "0.2", ""))] + [row(id="P9", latitude="?")]
    totals: Any = json.loads(json.dumps(check_json(check(plan_file(tmp_path), csv_file(tmp_path, rows)))))["totals"]
    assert (totals["rows_read"], totals["sites"], totals["bad_rows"]) == (4, 3, 1)
    assert (totals["area_ha"], totals["sites_without_area"]) == (0.3, 1)
    assert totals["problems"] == {"adit_open": 6, "shed": 3}
    assert totals["cities"]["410400"]["counties"]["410421"]["sites"] == 3 and totals["cities"]["410181"]["sites"] == 0


def test_unknown_city_in_800_rows_is_one_line_and_every_row_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_file(tmp_path)
    register = csv_file(tmp_path, [GOOD, *(row(id=f"Q{number}", city="41040") for number in range(800))])
    said = shown(capsys, plan, register)
    assert "800 rows, first 3, 4, 5" in said and said.count("41040 ") == 1 and "--json" in said
    assert len(check_json(check(plan, register))["faults"]) == 800


def test_datums_and_sites_without_place_are_said(tmp_path: Path) -> None:
    rows = [[*row(), ""], [*row(id="P2"), "gcj02"], [*row(id="P3", latitude="", longitude=""), ""]]
    plan = plan_file(tmp_path, PLAN + "coordinates: gcj02\nplaces: optional\n")
    report = check(plan, csv_file(tmp_path, rows, [*HEADER, "坐标系"]))
    out = Console(record=True, width=200)
    show_check(out, report)
    assert "places: 2 read as GCJ-02, converted to WGS 84, 1 site without a place" in out.export_text()
    assert check_json(report)["register"]["places"] == {"read_as": {"gcj02": 2}, "converted": 2, "without": 1}


def test_sound_register_with_warnings_says_how_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = plan_file(tmp_path)
    assert "sound: this can be started" in shown(capsys, plan, csv_file(tmp_path, [row()]))
    warned = csv_file(tmp_path, [row(problems="shed; unheard_of"), row(id="P2", type="adlt", problems="shed")])
    assert "sound, with 2 warnings: this can be started" in shown(capsys, plan, warned)


def test_three_areas_of_mu_are_summed_exactly(tmp_path: Path) -> None:
    rows = [[*row(id=f"P{n}", area_ha=""), "6.5"] for n in (1, 2, 3)]
    report = check(plan_file(tmp_path), csv_file(tmp_path, rows, [*HEADER, "面积（亩）"]))
    assert check_json(report)["totals"]["area_ha"] == 1.3
