"""A spot check as it is typed: drawn, taken, inspected, enlarged, returned, and drawn again by a stranger."""

import json

import pytest

from tests.support.command_line import CITY, CITY_JUDGE, PROVINCE, CommandLine

pytestmark = pytest.mark.timeout(240)

JUDGE, INSPECTOR, NEIGHBOUR = "qian:county:lower", "tan:county:upper", "gu:county:lower"
SITES = [f"checks-{number}" for number in range(1, 5)]
REGISTER = (
    "id,name,city,county,latitude,longitude,type\n"
    + "".join(f"{site},Pit,north,lower,33.7{number},113.21,pit\n" for number, site in enumerate(SITES))
    + "checks-9,Shaft,north,upper,33.79,113.21,pit\n"
)
OPTIONS = {
    "spot_check": {
        "share": 0.25,
        "minimum": 1,
        "inspect": {"amount": 5, "unit": "working_days"},
        "enlarge": 1.0,
        "inspectors": ["province", "other_county", "expert"],
    }
}


def test_spot_check_failure_enlarges_sample_and_returns_batch(shell: CommandLine) -> None:
    with shell.worker():
        shell.open_north("checks", REGISTER, **OPTIONS)
        for site in SITES:
            shell.run("complete", site, "signs", "--quantity", "2", "--as", CITY)
            shell.run("verify", site, "county", "--pass", "--as", JUDGE)
            shell.run("verify", site, "city", "--pass", "--as", CITY_JUDGE)
        shell.until(lambda: shell.stages("checks").get("closed") == 4)

        draw = ("spot-check", "checks", "--draw", "autumn", "--city", "Northtown", "--seed", "7", "--as")
        assert "draw_spot_check is for the roles province" in shell.run(*draw, CITY, code=1)
        shell.run(*draw, PROVINCE)
        shell.until(lambda: sample(shell) != [])
        first = sample(shell)
        assert len(first) == 1, "a quarter of four sites in one stratum"
        assert "every drawn site are as recorded" in shell.run("redraw", "checks", "autumn", "--export", "frame.jsonl")
        drawn = shell.data("spot-check", "checks", "autumn")
        assert len((shell.folder / "frame.jsonl").read_text().splitlines()) == 4
        by_file = ("redraw", "--frame", "frame.jsonl", "--share", "0.25", "--minimum", "1", "--seed")
        assert first[0] in shell.run(*by_file, "7", "--hash", drawn["frame_hash"])

        inspect = ("inspect", "checks", "autumn")
        rest = sorted(set(SITES) - set(first))
        assert rest[0] in shell.run(*inspect, rest[0], "--pass", "--as", INSPECTOR, code=1), "it was not drawn"
        assert "rule" in shell.run(*inspect, first[0], "--pass", "--as", NEIGHBOUR, code=1), "its own county"
        shell.run("take-sample", "checks", "autumn", "--as", INSPECTOR)
        shell.run(*inspect, first[0], "--fail", "one leans", "--requirement", "signs", "--as", INSPECTOR)
        shell.until(lambda: shell.data("status", "--site", first[0])["stage"] == "rectifying")
        shell.until(lambda: len(sample(shell)) == 2)
        (more,) = set(sample(shell)) - set(first)
        shell.run(*inspect, more, "--fail", "two lean", "--as", INSPECTOR)
        shell.until(lambda: shell.stages("checks") == {"rectifying": 5})
        assert "autumn" in shell.run("spot-check", "checks")
    reopened = [json.dumps(entry["data"]) for entry in shell.data("ledger", rest[0]) if entry["kind"] == "reopened"]
    assert len(reopened) == 1
    assert "the ledger holds" in shell.run("verify-ledger", "checks")


def sample(shell: CommandLine) -> list[str]:
    """The sampled sites, as the check's page has them."""
    return [one["site"] for one in shell.data("spot-check", "checks", "autumn")["sample"]]
