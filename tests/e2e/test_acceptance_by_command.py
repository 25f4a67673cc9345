"""A site's acceptance as its people type it: evidence in order, a self-check, problems, drawn experts, the city."""

import pytest

from tests.support.command_line import CITY, CommandLine

pytestmark = pytest.mark.timeout(240)

FOREMAN, CHECKER = "ma:enterprise:Builders", "hu:enterprise:Builders"
COUNTY = "qian:county:upper"
REGISTER = """id,name,city,county,latitude,longitude,type,problems
CAMPAIGN-1,First adit,north,upper,33.71,113.21,adit,adit; no_signs
"""
OPTIONS = {
    "catalogue": [
        {
            "id": "seal",
            "title": "Seal the adit",
            "unit": "adit",
            "problems": ["adit"],
            "evidence": ["before", "during", "after"],
            "evidence_gate": "in_order",
        },
        {
            "id": "signs",
            "title": "Warning signs",
            "unit": "piece",
            "quantity": 2,
            "evidence": [],
            "problems": ["no_signs"],
        },
    ],
    "verification": {
        "closure": {"by": "problem"},
        "levels": [
            {"id": "self", "title": "Self-check", "by": "enterprise", "self_check": True},
            {"id": "county", "title": "County", "by": "county"},
            {"id": "city", "title": "City", "by": "city", "experts": 3},
        ],
        "pool": [{"id": f"expert-{n}", "unit": f"Institute {n}"} for n in range(4)],
    },
}


def test_site_accepted_by_problem_levels_and_drawn_experts(shell: CommandLine) -> None:
    with shell.worker():
        shell.open_north("ladders", REGISTER, **OPTIONS)
        seal = ("complete", "ladders-1", "seal", "--as", FOREMAN)
        assert "before" in shell.run(*seal, "--evidence", "after:1.jpg", code=1), "the photo of before is missing"
        phases = [part for phase in ("before", "during", "after") for part in ("--evidence", f"{phase}:{phase}.jpg")]
        shell.run(*seal, *phases)

        problem = ("close-problem", "ladders-1", "adit", "county")
        assert "say one of" in shell.run(*problem, "--as", COUNTY, code=2)
        assert "reported work" in shell.run(*problem, "--pass", "--as", "ma:county:upper", code=1)
        shell.run(*problem, "--return", "too thin", "--requirement", "seal", "--as", COUNTY)
        assert shell.outstanding("ladders-1") == {"seal": 1, "signs": 2}
        shell.run(*seal, *phases)
        assert "accepted: close_problem" in shell.run(*problem, "--pass", "--as", COUNTY)
        assert "accepted" in shell.run("status", "--site", "ladders-1")
        shell.run("complete", "ladders-1", "signs", "--quantity", "2", "--as", FOREMAN)

        check = ("self-check", "ladders-1", "self", "--pass", "--as")
        assert "reported work at this site" in shell.run(*check, FOREMAN, code=1)
        shell.run(*check, CHECKER)
        assert "no_signs" in shell.run("verify", "ladders-1", "county", "--pass", "--as", COUNTY, code=1)
        shell.run("close-problem", "ladders-1", "no_signs", "county", "--pass", "--as", COUNTY)
        shell.run("verify", "ladders-1", "county", "--pass", "--as", COUNTY)

        drawn = panel(shell)
        assert len(drawn) == 3
        opinion = ("opinion", "ladders-1", "city", "--pass", "site and files agree", "--as")
        (stranger,) = {f"expert-{n}" for n in range(4)} - set(drawn)
        assert "drawn" in shell.run(*opinion, expert(stranger), code=1)
        shell.run("replace-expert", "ladders-1", "city", drawn[0], "--reason", "ill", "--as", CITY)
        assert set(panel(shell)) == {*drawn[1:], stranger}
        for name in (*drawn[1:], stranger):
            assert "opinion" in shell.run("verify", "ladders-1", "city", "--pass", "--as", CITY, code=1)
            shell.run(*opinion, expert(name))
        shell.run("verify", "ladders-1", "city", "--pass", "--as", CITY)
        shell.until(lambda: shell.stages("ladders") == {"closed": 1})
    kinds = [entry["kind"] for entry in shell.data("ledger", "ladders-1")]
    assert kinds.count("problem_closed") == 2 and kinds.count("problem_returned") == 1
    assert kinds.count("opinion_given") == 3 and kinds.count("expert_replaced") == 1
    assert "the ledger holds" in shell.run("verify-ledger", "ladders")


def panel(shell: CommandLine) -> list[str]:
    """The experts of the level that is awaited."""
    return list(shell.data("status", "--site", "ladders-1")["facts"]["panel"])


def expert(name: str) -> str:
    return f"{name}:expert:Institute {name[-1]}"
