"""Henan's ways as they are typed: an extension is asked for and decided, a suspected crime goes beside the works."""

from datetime import timedelta

import pytest

from tests.support.command_line import CITY, CITY_JUDGE, COUNTY, EXPERT, PROVINCE, YESTERDAY, CommandLine

pytestmark = pytest.mark.timeout(240)

DECIDER, POLICE = "zhou:province:Campaign office", "he:police:Northtown Police"
REGISTER = """id,name,city,county,latitude,longitude,type,problems
CAMPAIGN-1,First adit,north,lower,33.71,113.21,pit,explosives
CAMPAIGN-2,Pit,north,lower,33.72,113.22,pit,
"""
OPTIONS = {
    "issuing_agencies": [{"name": "Department of Natural Resources"}, {"name": "Department of Public Security"}],
    "extension": {
        "before": {"amount": 5, "unit": "working_days"},
        "decision": {"amount": 3, "unit": "working_days"},
        "at_most": 1,
        "decider": {"name": "Campaign office", "superior": {"name": "Leading group"}},
    },
    "police_track": {
        "agency": "Department of Public Security",
        "bureaus": {"north": "Northtown Police"},
        "problems": ["explosives"],
        "transfer": {"amount": 10, "unit": "calendar_days"},
        "decision": {"amount": 3, "unit": "calendar_days"},
        "closure": "both",
    },
}


def test_an_extension_is_asked_for_and_granted_once(shell: CommandLine) -> None:
    with shell.worker():
        shell.open_north("tracks", REGISTER, **OPTIONS)
        day = YESTERDAY + timedelta(days=50)
        ask = ("extension", "tracks-2", "--request", day, "--reason", "rain", "--as")
        assert "request_extension is for the roles" in shell.run(*ask, EXPERT, code=1)
        shell.run(*ask, CITY)
        assert "pending" in shell.run(*ask, CITY, code=1)
        assert "Campaign office" in shell.run("extension", "tracks-2", "--grant", "--as", PROVINCE, code=1)
        sooner = day - timedelta(days=5)
        shell.run("extension", "tracks-2", "--grant", "--until", sooner, "--as", DECIDER)
        status = shell.data("status", "--site", "tracks-2")
        assert status["due_at"].startswith(str(sooner + timedelta(days=1)))
        assert status["facts"]["deferrals"]["extensions"] == 1
        by_the_province = ("extend", "tracks-2", day, "--reason", "r", "--as", PROVINCE)
        for once_more in ((*ask, CITY), by_the_province):
            assert "the plan allows no more than 1" in shell.run(*once_more, code=1)
        assert shell.data("status", "tracks")["deferrals"]["extensions"] == 1


def test_closure_waits_for_police_case_parallel_to_works(shell: CommandLine) -> None:
    with shell.worker():
        case = ("case", "tracks-1")
        assert "say one of" in shell.run(*case, "--as", POLICE, code=2)
        assert "has no case" in shell.run("case", "tracks-2", "--transfer", "letter 1", "--as", CITY, code=1)
        assert "rule" in shell.run(*case, "--transfer", "letter 1", "--as", POLICE, code=1)
        shell.run(*case, "--transfer", "letter 1", "--note", "detonators", "--as", CITY)
        shell.run("complete", "tracks-1", "signs", "--quantity", "2", "--as", CITY)
        shell.run("verify", "tracks-1", "county", "--pass", "--as", COUNTY)
        shell.run("verify", "tracks-1", "city", "--pass", "--as", CITY_JUDGE)
        waiting = shell.data("status", "--site", "tracks-1")
        assert (waiting["stage"], waiting["level"]) == ("verifying", "police_track")
        assert waiting["facts"]["case"]["waits_for"] == "Northtown Police"
        shell.run(*case, "--accept", "--as", POLICE)
        assert shell.data("status", "tracks")["cases"]["accepted"] == 1
        shell.run(*case, "--filed", "--number", "case 9", "--as", POLICE)
        shell.until(lambda: shell.stages("tracks").get("closed") == 1)
        assert shell.data("status", "tracks")["cases"] == {"filed": 1}
    assert "the ledger holds" in shell.run("verify-ledger", "tracks")
