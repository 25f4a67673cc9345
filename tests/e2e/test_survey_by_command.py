"""A survey as somebody brings it by the command line: checked, refused, added, told again."""

import json

import pytest

from tests.support.command_line import CommandLine

pytestmark = pytest.mark.timeout(240)

PROVINCE, NORTH, SOUTH = "wang:province:Hills", "li:city:north", "mo:city:south"
HEAD = "id,name,city,county,latitude,longitude,type,problems,area_ha,missed"
FOUND = f"""{HEAD}
CAMPAIGN-7,Third adit,north,upper,33.71,113.21,adit,adit,1.5,yes
CAMPAIGN-8,Second pit,south,lower,33.64,113.24,pit,,2,
"""


def test_a_survey_is_added_while_the_campaign_runs(shell: CommandLine) -> None:
    plan, register = shell.write_campaign("surveyed")
    with (shell.folder / plan).open("a") as file:
        file.write("survey: {rectification: {amount: 7, unit: calendar_days}}\n")
    found = shell.folder / "found.csv"
    found.write_text(FOUND.replace("CAMPAIGN", "surveyed"))
    survey = ("survey", "surveyed", "--register", found, "--id", "S2")
    with shell.worker():
        shell.run("start", plan, "--register", register)
        shell.until(lambda: shell.data("status", "surveyed")["cities"][0]["deployment"]["state"] == "awaited")
        assert "has no survey" in shell.run("survey", "surveyed")

        said = shell.run(*survey, "--as", PROVINCE, code=1)
        assert "newly_found" in said and "1 fault; nothing was added" in said, "row 3 does not say how it was found"
        refused = shell.run(*survey, "--found", "newly", "--as", NORTH, code=1)
        assert "survey S2 has sites in south Southtown" in refused and "li acts for north" in refused
        assert shell.data("status", "surveyed")["sites"]["total"] == 4

        told = shell.data(*survey, "--found", "newly", "--as", PROVINCE)
        assert (told["outcome"], told["sites"]) == ("added", 2)
        assert told["register"]["header_row"] == 1
        beside = [warning["expected"] for warning in told["register"]["warnings"]]
        assert len(beside) == 2 and all("the campaign's register" in said for said in beside), (
            "at one place with others"
        )
        assert [(one["code"], one["missed"], one["verdict"]) for one in told["cities"]] == [
            ("north", 1, "accepted"),
            ("south", 0, "accepted"),
        ]
        assert "header: row 1\n" in shell.run(*survey, "--found", "newly", "--as", PROVINCE)
        again = shell.data(*survey, "--found", "newly", "--as", "other:province:Hills")
        assert again["outcome"] == "already_there_same"
        assert {one["verdict"] for one in again["cities"]} == {"duplicate"}
        differs = shell.run(*survey, "--found", "missed", "--as", PROVINCE, code=1)
        assert "surveyed-8 differs" in differs and "another content" in differs
        assert "the register has this one already" in shell.run(
            "survey", "surveyed", "--register", register, "--id", "S3", "--found", "newly", "--as", PROVINCE, code=1
        )
        assert "unchanged" in shell.run("start", plan, "--register", register)

        shell.run("deploy", "surveyed", "south", "--submit", "ours", "--as", SOUTH)
        shell.run("deploy", "surveyed", "south", "--approve", "--as", PROVINCE)
        shell.until(lambda: shell.stages("surveyed") == {"registered": 4, "rectifying": 2})
    first, found_one = (shell.data("status", "--site", f"surveyed/surveyed-{n}") for n in (4, 8))
    assert first["opened_at"] == found_one["opened_at"] and found_one["due_at"] < first["due_at"]
    made = json.loads(shell.run("status", "surveyed", "--json"))["progress"]
    assert (made["registered_ha"], made["sites"], made["newly_found"], made["missed"]) == (3.5, 6, 1, 1)
    assert "survey S2" in shell.run("status", "surveyed")
    assert "upper" in shell.run("status", "surveyed", "--city", "north")
    (kept,) = shell.data("survey", "surveyed")
    assert kept["id"] == "S2" and '"id":"wang"' in kept["actor"]


def test_a_plan_without_surveys_says_so(shell: CommandLine) -> None:
    plan, register = shell.write_campaign("unsurveyed")
    shell.run("start", plan, "--register", register)
    found = shell.folder / "found.csv"
    found.write_text(FOUND.replace("CAMPAIGN", "unsurveyed"))
    said = shell.run("survey", "unsurveyed", "--register", found, "--id", "S2", "--as", PROVINCE, code=1)
    assert "has no `survey`" in said
    assert "--id" in shell.run("survey", "unsurveyed", "--register", found, code=2)
