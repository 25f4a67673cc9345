"""A running campaign is amended through the command line: looked at, applied, followed."""

import csv
from datetime import timedelta

import pytest

from tests.support.command_line import CITY, YESTERDAY, CommandLine

pytestmark = pytest.mark.timeout(240)

PROVINCE = "wang:province:Hills"
AMENDMENT = """\
document_number: Amended No. 2
title: More time and a fence
clauses: {rectification: {amount: 45, unit: calendar_days}}
catalogue: {add: [{id: fence, title: Fence, unit: m, quantity: 40, evidence: []}]}
cities: {add: [{code: west, name: Westtown, lead: Mayor of Westtown, recipients: [{name: Office}]}]}
"""


def test_an_amendment_is_previewed_applied_and_followed(shell: CommandLine) -> None:
    plan, register = shell.write_campaign("moors")
    file = shell.folder / "amendment.yaml"
    file.write_text(AMENDMENT, encoding="utf-8")
    (shell.folder / "west.csv").write_text(
        "id,name,city,county,latitude,longitude,type\nmoors-9,Shaft,west,upper,33.7,113.2,pit\n", encoding="utf-8"
    )
    with shell.worker():
        shell.data("start", plan, "--register", register)
        shell.until(lambda: shell.data("status", "moors")["documents"].get("sent") == 2)
        shell.run("deploy", "moors", "north", "--submit", "seal them", "--as", CITY)
        shell.run("deploy", "moors", "north", "--approve", "--as", PROVINCE)
        shell.until(lambda: shell.stages("moors") == {"rectifying": 3, "registered": 1})
        entries = len(shell.data("ledger", "moors"))

        foretold = shell.data("amend", "moors", "amendment.yaml", "--preview")
        assert [(city["code"], city["touched"], city["not_open_yet"]) for city in foretold["cities"]] == [
            ("north", 3, 0),
            ("south", 0, 1),
        ]
        shown = shell.run("amend", "moors", "amendment.yaml", "--register", "west.csv", "--sites", "1")
        assert "... and 2 more sites" in shown
        assert "+fence 40" in shown
        assert len(shell.data("ledger", "moors")) == entries
        assert shell.data("amend", "moors", "--status") == []

        apply = ("amend", "moors", "amendment.yaml", "--register", "west.csv", "--apply", "--as")
        assert "amend is for the roles province" in shell.run(*apply, CITY, code=1)
        assert "accepted: amend at moors" in shell.run(*apply, PROVINCE)
        shell.until(lambda: shell.data("amend", "moors", "--status")[0]["told"] == 3)
        (record,) = shell.data("amend", "moors", "--status")
        assert (record["document_number"], record["open"]) == ("Amended No. 2", 3)
        due = {site["site_id"]: site["due"]["after"] for site in foretold["sites"]}
        assert shell.data("status", "--site", "moors-3")["due_at"] == due["moors-3"]
        assert "fence" in shell.run("status", "--site", "moors-3")
        shell.until(lambda: len(shell.data("status", "moors")["cities"]) == 3)
        assert "unchanged: Amended No. 2 counts since" in shell.run(*apply, PROVINCE)
        assert "nothing left to preview" in shell.run("amend", "moors", "amendment.yaml", code=1)

        file.write_text(AMENDMENT.replace("45", "50"), encoding="utf-8")
        assert "belongs to another amendment" in shell.run("amend", "moors", "amendment.yaml", code=1)
        over = YESTERDAY + timedelta(days=1)
        file.write_text(f"document_number: No. 3\ntitle: Sooner\nends_on: {over}\n", encoding="utf-8")
        assert "an amendment leaves at least until" in shell.run(*apply[:3], "--apply", "--as", PROVINCE, code=1)
        file.write_text("document_number: No. 3\ntitle: Other\ncatalogue: {remove: [fense]}\n", encoding="utf-8")
        assert "1 fault; nothing was amended" in shell.run("amend", "moors", "amendment.yaml", code=1)
        later = YESTERDAY + timedelta(days=40)
        file.write_text(
            f"document_number: No. 3\ntitle: Later\neffective_on: {later}\nreminder_days: [5]\n", encoding="utf-8"
        )
        assert f"counts from {later}; apply it then" in shell.run(
            "amend", "moors", "amendment.yaml", "--apply", "--as", PROVINCE, code=1
        )
        shell.run("amend", "moors", "amendment.yaml", "--json", "--csv", "moved.csv")
        with (shell.folder / "moved.csv").open(encoding="utf-8-sig") as moved:
            assert next(csv.reader(moved))[0] == "site"
    assert "the ledger holds" in shell.run("verify-ledger", "moors")
