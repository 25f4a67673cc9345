"""What `check` says of a register's places."""

from pathlib import Path

from rich.console import Console

from commands.campaign.check_view import check_json, show_check
from intake.check import check
from tests.support.intake_samples import HEADER, PLAN, csv_file, plan_file, row


def test_datums_and_sites_without_place_are_said(tmp_path: Path) -> None:
    rows = [[*row(), ""], [*row(id="P2"), "gcj02"], [*row(id="P3", latitude="", longitude=""), ""]]
    plan = plan_file(tmp_path, PLAN + "coordinates: gcj02\nplaces: optional\n")
    report = check(plan, csv_file(tmp_path, rows, [*HEADER, "坐标系"]))
    out = Console(record=True, width=200)
    show_check(out, report)
    assert "places: 2 read as GCJ-02, converted to WGS 84, 1 site without a place" in out.export_text()
    assert check_json(report)["register"]["places"] == {"read_as": {"gcj02": 2}, "converted": 2, "without": 1}
