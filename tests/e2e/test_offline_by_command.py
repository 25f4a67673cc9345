"""The register is taken along, edited without a network, and brought back after others went on."""

import csv
from pathlib import Path

import openpyxl
import pytest

from tests.support.command_line import CITY, CommandLine

pytestmark = pytest.mark.timeout(240)


def edit(path: Path, site: str, requirement: str | None = None, **cells: str) -> None:
    """As a spreadsheet would write the file back."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["id" if "id" in row else "site"] == site and requirement in (None, row.get("requirement")):
            row.update(cells)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_offline_edits_imported_without_overwriting_others(shell: CommandLine) -> None:
    with shell.worker():
        shell.open_north("fields", extent={"south": 33, "west": 113, "north": 34, "east": 114})
        shell.run("export", "fields", "--city", "Northtown", "--out", "north.csv")
        register, tasks = shell.folder / "north.csv", shell.folder / "north.tasks.csv"
        edit(register, "fields-1", name="First adit, east")
        edit(register, "fields-2", name="Second adit, mine")
        edit(tasks, "fields-3", "signs", done="2", note="both stand")
        # meanwhile, in the office
        shell.run("correct", "fields-2", "--name", "Second adit, theirs", "--reason", "map", "--as", "bo:city:north")
        swapped = ("correct", "fields-1", "--latitude", "113.3", "--longitude", "33.7", "--as", CITY)
        assert "error" in shell.run(*swapped, code=1), "no latitude is above 90"
        outside = ("correct", "fields-1", "--latitude", "34.5", "--as", CITY)
        assert "expected a place inside the plan's extent" in shell.run(*outside, code=1)
        shell.run("correct", "fields-1", "--latitude", "33.75", "--as", CITY)

        bring = ("import", "fields", "north.csv", "--conflicts", "conflicts.csv", "--as", CITY)
        foretold = shell.run(*bring, "--dry-run", code=1)
        assert "fields-2" in foretold and "bo" in foretold, "who changed what meanwhile"
        assert "Second adit, mine" in (shell.folder / "conflicts.csv").read_text(encoding="utf-8-sig")
        assert shell.outstanding("fields-3") == {"signs": 2}, "nothing was sent"
        shell.run(*bring, code=1)
        assert shell.data("status", "--site", "fields-3")["stage"] == "verifying"
        assert "First adit, east" in shell.run("status", "--site", "fields-1")
        assert "Second adit, theirs" in shell.run("status", "--site", "fields-2")
        entries = [len(shell.data("ledger", f"fields-{number}")) for number in (1, 2, 3)]
        shell.run(*bring, code=1)
        assert entries == [len(shell.data("ledger", f"fields-{number}")) for number in (1, 2, 3)], "the same file again"

        shell.run("export", "fields", "--out", "fields.xlsx")
        book = openpyxl.load_workbook(shell.folder / "fields.xlsx")
        assert book.sheetnames[:2] == ["register", "tasks"]
        column = [cell.value for cell in book["tasks"][1]].index("done") + 1
        book["tasks"].cell(2, column).value = "many"
        book.save(shell.folder / "fields.xlsx")
        said = shell.run("import", "fields", "fields.xlsx", "--as", CITY, code=1)
        assert "fields.xlsx: 1 fault" in said and "many" in said and "a number such as 3.25" in said
    assert "the ledger holds" in shell.run("verify-ledger", "fields")
