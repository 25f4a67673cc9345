"""A sweep as people bring it by the command line: a batch, a clue, a new site, a known one, and nothing."""

import pytest

from tests.support.command_line import CommandLine

pytestmark = pytest.mark.timeout(240)

PROVINCE, UPPER, LOWER = "wang:province:Hills", "li:county:upper", "mo:county:lower"
PATCHES = """id,name,city,county,latitude,longitude,area_ha,note
T-1,Bare slope,north,upper,33.95,113.01,1.5,bare ground
T-2,White spot,north,upper,33.96,113.02,0.5,
T-3,Pit,south,lower,33.64,113.29,2,
"""


def test_patches_are_issued_and_settled_while_it_runs(shell: CommandLine) -> None:
    plan, register = shell.write_campaign("swept")
    with (shell.folder / plan).open("a") as file:
        file.write("survey: {}\nsweep: {check: {amount: 5, unit: working_days}}\n")
    found = shell.folder / "patches.csv"
    found.write_text(PATCHES)
    batch = ("patches", "swept", "--file", found, "--source", "GF-2 2021-07")
    confirm = ("patch", "swept", "T-1", "--confirm", "--name", "Slope", "--type", "pit")
    place = ("--latitude", "33.95", "--longitude", "113.01")
    with shell.worker():
        shell.run("start", plan, "--register", register)
        shell.until(lambda: shell.data("status", "swept")["cities"][0]["deployment"]["state"] == "awaited")
        assert "no patch" in shell.run("patches", "swept")
        assert "is for the roles" in shell.run(*batch, "--as", UPPER, code=1)
        told = shell.data(*batch, "--as", PROVINCE)
        assert [(one["patches"], one["verdict"]) for one in told["cities"]] == [(2, "accepted"), (1, "accepted")]
        assert {one["verdict"] for one in shell.data(*batch, "--as", PROVINCE)["cities"]} == {"duplicate"}

        assert "fault" in shell.run(*confirm, "--site", "swept-1", *place, "--as", UPPER, code=1)
        assert "lower" in shell.run(*confirm, "--site", "N-1", *place, "--as", LOWER, code=1)
        assert shell.data("status", "swept")["sites"]["total"] == 4
        shell.run(*confirm, "--site", "N-1", *place, "--as", UPPER)
        assert "settled already" in shell.run("patch", "swept", "T-1", "--refute", "no", "--as", UPPER, code=1)
        shell.run("patch", "swept", "T-2", "--refute", "a field", "--evidence", "IMG-7", "--as", UPPER)
        shell.run("patch", "swept", "T-3", "--confirm", "--as-site", "swept-4", "--as", LOWER)
        shell.until(lambda: shell.data("status", "swept")["sites"]["total"] == 5)

    outcomes = {one["id"]: (one["outcome"], one["said"]) for one in shell.data("patches", "swept")}
    assert outcomes["T-1"] == ("confirmed", "N-1") and outcomes["T-2"] == ("refuted", "a field")
    north = shell.data("status", "swept", "--city", "north")["sweep"]
    assert (north["issued"], north["confirmed"], north["refuted"], north["open"]) == (2, 1, 1, 0)
