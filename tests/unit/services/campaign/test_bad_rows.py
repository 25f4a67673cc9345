"""The file of bad rows is written as the rows were, and read again once it is corrected."""

import csv
from pathlib import Path

from intake.register.register_file import read_register
from services.campaign.bad_rows import write_bad_rows
from tests.support.intake_samples import GOOD, HEADER, csv_file, row, small_plan


def test_bad_rows_written_verbatim_and_readable_once_corrected(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    bad = [row(id="P2", latitude="33,87"), row(id="P3", name='a,"b"', hazard="?")]
    path = tmp_path / "bad.csv"
    write_bad_rows(path, read_register(csv_file(tmp_path, [GOOD, *bad]), plan))
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header == [*HEADER, "row", "faults"]
    assert rows[0][:12] == bad[0] and rows[0][12] == "3"
    assert rows[1][:12] == bad[1] and "high, medium or low" in rows[1][13]

    path.write_text(
        path.read_text(encoding="utf-8").replace("33,87", "33.87").replace(",?,", ",low,"), encoding="utf-8"
    )
    again = read_register(path, plan)
    assert [site.id for site in again.sites] == ["P2", "P3"] and not again.warnings


def test_formula_in_a_bad_row_is_a_text_and_a_number_stays_one(tmp_path: Path) -> None:
    bad = row(name="=HYPERLINK(1)", mineral="　＝1+1", latitude="-33.87")
    path = tmp_path / "bad.csv"
    write_bad_rows(path, read_register(csv_file(tmp_path, [bad]), small_plan(tmp_path)))
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, written = list(csv.reader(file))
    assert [written[HEADER.index(name)] for name in ("name", "mineral", "latitude")] == [
        "'=HYPERLINK(1)", "'　＝1+1", "-33.87",
    ]  # fmt: skip
