"""The results of `check` for the two examples, and for examples with missing parts."""

from datetime import date
from pathlib import Path

from intake.check import check
from services.campaign.bad_rows import write_bad_rows
from tests.support.intake_samples import GOOD, HENAN, MINES, PLAN, csv_file, plan_file, row

MAP = MINES / "map.yaml"


def test_the_henan_example_is_sound() -> None:
    report = check(HENAN / "plan.yaml", HENAN / "register.csv")
    assert not report.faults and report.register is not None and not report.register.warnings
    assert report.sites_by_city == (("410400", 30), ("410600", 16), ("410181", 14), ("411200", 22))
    assert report.provisional == ()
    assert all("示例" in site.name for site in report.register.sites)


def test_the_dirt_of_the_closed_mines_is_reported_row_by_row(tmp_path: Path) -> None:
    report = check(MINES / "plan.yaml", MINES / "register.csv", MAP)
    assert report.register is not None and report.may_skip_bad
    found = [
        (bad.cells[0], bad.row, fault.column, fault.value, fault.expected)
        for bad in report.register.bad_rows
        for fault in bad.faults
    ]
    pair = "a pair of coordinates: latitude and longitude, in degrees"
    degrees = "degrees such as 33.7501 or 33°45′0.4″"
    twice = "41.02985051408915. -0.5964618077206504"
    both = "Latitude / Longitude"
    assert found == [
        (
            "M5576", 2, both, "144.1699617, -38.39175093",
            "a place inside the plan's extent, latitude -60 to 81, longitude -180 to 180: "
            "latitude and longitude are probably swapped",
        ),
        ("M5660", 396, both, "", pair),
        ("M5688", 448, "Latitude", "40.85820686573206.", degrees),
        ("M5693", 454, "Latitude", twice, degrees),
        ("M5695", 456, "Latitude", twice, degrees),
        ("M7107", 1052, both, "", pair),
    ]  # fmt: skip
    assert len(report.register.sites) == 1748
    assert sum(count for _, count in report.sites_by_city) == 1748 and len(report.sites_by_city) == 157
    write_bad_rows(tmp_path / "bad.csv", report.register)
    assert (tmp_path / "bad.csv").read_text(encoding="utf-8-sig").count("\n") == 7


def test_closed_mines_cities_all_have_sites_except_teruel() -> None:
    report = check(MINES / "plan.yaml", MINES / "register.csv", MAP)
    assert [code for code, count in report.sites_by_city if not count] == ["teruel"]  # its three mines are bad rows


def test_a_campaign_moved_beyond_the_published_days_says_so() -> None:
    report = check(HENAN / "plan.yaml", starts_on=lambda _: date(2098, 12, 1))
    assert report.summary is not None and report.summary.ends_on == date(2099, 3, 17)
    assert "clauses.deployment" in [item.path for item in report.provisional]


def test_a_faulty_plan_is_said_and_its_register_waits(tmp_path: Path) -> None:
    report = check(plan_file(tmp_path, PLAN.replace("id: small", "id: a b")), csv_file(tmp_path, [GOOD]))
    assert [fault.path for fault in report.faults] == ["id"]
    assert report.register is None and report.frozen is None and not report.may_skip_bad


def test_a_faulty_mapping_is_said_and_its_register_waits(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("nmae: x", encoding="utf-8")
    report = check(plan_file(tmp_path), csv_file(tmp_path, [GOOD]), tmp_path / "map.yaml")
    assert [fault.file for fault in report.faults] == ["map.yaml"] and report.register is None
    assert not report.may_skip_bad


def test_single_bad_rows_may_be_skipped_a_bad_file_may_not(tmp_path: Path) -> None:
    rows = check(plan_file(tmp_path), csv_file(tmp_path, [GOOD, row(id="")]))
    assert rows.may_skip_bad and len(rows.faults) == 1
    file = check(plan_file(tmp_path), csv_file(tmp_path, [["x"]], ["id"]))
    assert not file.may_skip_bad and file.faults
