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
years:
  - {{id: decade-1, document_number: Decade No. 2, starts_on: {YESTERDAY}, ends_on: {YESTERDAY + timedelta(days=90)}}}
  - {{id: decade-2, document_number: Decade No. 3, starts_on: {NEXT}, ends_on: {NEXT + timedelta(days=90)}}}
"""


async def test_programme_starts_year_survives_loss_and_stops(shell: CommandLine, temporal_client: Client) -> None:
    _, register = shell.write_campaign("decade-plan")
    (shell.folder / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    given = ("programme.yaml", "--register", register)
    checked = shell.data("programme", "check", *given)
    assert [(year["campaign"], year["target"]) for year in checked["years"]] == [("decade-1", 2), ("decade-2", 4)]
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
