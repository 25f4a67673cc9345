"""A programme over years as it is typed: checked, foreseen, started, looked at, stopped."""

from datetime import timedelta

import pytest
from temporalio.client import Client

from tests.support.command_line import CITY, PROVINCE, YESTERDAY, CommandLine

pytestmark = pytest.mark.timeout(240)

NEXT = YESTERDAY + timedelta(days=365)
PROGRAMME = f"""
id: decade
title: All pits of the hills
document_number: Decade No. 1
share: 0.5
measure: sites
ends_on: {NEXT + timedelta(days=200)}
plan: decade-plan.yaml
survey: {{}}
years:
  - id: decade-1
    document_number: Decade No. 2
    survey: {{until: {YESTERDAY - timedelta(days=10)}}}
    starts_on: {YESTERDAY}
    ends_on: {YESTERDAY + timedelta(days=90)}
  - id: decade-2
    document_number: Decade No. 3
    survey: {{until: {NEXT - timedelta(days=10)}}}
    starts_on: {NEXT}
    ends_on: {NEXT + timedelta(days=90)}
"""
FOUND = """id,name,city,county,latitude,longitude,type,problems
decade-9,New pit,south,lower,33.65,113.25,pit,
"""


async def test_programme_starts_year_survives_loss_and_stops(shell: CommandLine, temporal_client: Client) -> None:
    _, register = shell.write_campaign("decade-plan")
    (shell.folder / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    given = ("programme.yaml", "--register", register)
    checked = shell.data("programme", "check", *given)
    assert [(year["campaign"], year["target"]) for year in checked["years"]] == [("decade-1", 2), ("decade-2", 2)]
    foreseen = shell.data("programme", "forecast", *given, "--people", "diligent", "--seed", "3")
    assert foreseen["years"][0]["chosen"]["sites"] == 2, "half of four sites"
    with shell.worker():
        shell.run("programme", "start", *given)
        shell.until(lambda: "decade-1" in shell.run("status"))
        shell.until(lambda: shell.data("programme", "status", "decade")["years"][0]["chosen"] is not None)
        assert shell.data("status", "decade-1")["sites"]["total"] == 2
        assert "decade" in shell.run("programme", "status")
        years = shell.data("programme", "status", "decade")["years"]
        assert [year["campaign"] for year in years] == ["decade-1", "decade-2"]
        assert years[0]["chosen"]["sites"] == 2 and years[1]["state"] == "waiting"
        assert "nothing was done" in shell.run("programme", "start", *given)
        _hand_in_and_prove(shell)
        lost = temporal_client.get_workflow_handle("programme/decade")
        await lost.terminate("an accident")
        assert shell.data("programme", "start", *given)["outcome"] == "continued"
    await lost.terminate("another one")
    with shell.worker():
        log = (shell.folder / "worker.log").read_text()
        assert "programme had no running workflow and was started again" in log
        stop = ("programme", "stop", "decade", "--reason", "merged", "--as")
        shell.run(*stop, CITY)
        shell.until(lambda: "stop is for the roles province" in shell.run("programme", "status", "decade"))
        shell.run(*stop, PROVINCE)
        shell.until(lambda: "stopped" in shell.run("programme", "status", "decade"))
        assert sum(shell.stages("decade-1").values()) == 2, "the campaign that runs goes on"


def _hand_in_and_prove(shell: CommandLine) -> None:
    """The surveys of the running year, late; then the programme's ledger, documents and report."""
    (shell.folder / "found.csv").write_text(FOUND, encoding="utf-8")
    hand_in = ("programme", "survey", "decade", "--city")
    assert "each city hands in its own" in shell.run(*hand_in, "north", "--register", "found.csv", "--as", CITY, code=1)
    assert "is for the city" in shell.run(*hand_in, "south", "--reason", "nothing", "--as", CITY, code=1)
    said = shell.run(*hand_in, "south", "--register", "found.csv", "--as", "zhou:city:south", "--wait", "30s")
    assert "1 new site" in said
    nothing = (*hand_in, "north", "--reason", "nothing new", "--as", CITY, "--wait", "30s")
    assert shell.data(*nothing)["verdict"] == "accepted"
    shell.until(lambda: shell.data("programme", "status", "decade")["stock"]["sites"] == 5)
    year = shell.data("programme", "status", "decade")["years"][0]
    assert year["stock"]["sites"] == 4 and year["surveys"] == {"south": True, "north": True}, "it counts for the next"
    assert sorted(year["survey_silent"]) == ["north", "south"]
    kinds = [entry["kind"] for entry in shell.data("ledger", "decade")]
    assert kinds[:2] == ["programme_began", "year_started"] and kinds.count("survey_handed_in") == 2
    assert "survey_taken" in kinds
    proved = shell.data("verify-ledger", "decade")
    assert proved["holds"] and proved["streams"] >= 2, "the programme's, and those of the campaign of its year"
    assert isinstance(shell.data("documents", "decade"), list)
    shell.run("programme", "report", "decade", "--out", "out")
    assert "decade-1" in (shell.folder / "out" / "programme.html").read_text(encoding="utf-8")
