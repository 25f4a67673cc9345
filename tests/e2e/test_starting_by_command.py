"""Starting by the command line: once, whole, without bad rows, and not in the past."""

import csv

import pytest

from intake.plan.freeze import freeze
from intake.plan.plan_file import read_plan
from intake.register.register_file import read_register
from schemas.clock import Clock
from schemas.errors import NotFound
from storage.campaigns import create_campaign, find_campaign
from storage.connections import Pool
from tests.support.command_line import REGISTER, ROOT, CommandLine

pytestmark = pytest.mark.timeout(240)


async def test_start_is_idempotent_and_resumes_after_interruption(shell: CommandLine, pool: Pool) -> None:
    plan, register = shell.write_campaign("once")
    read, faults = read_plan(shell.folder / plan)
    assert read is not None and faults == []
    sites = read_register(shell.folder / register, read).sites
    await create_campaign(pool, freeze(read), sites, Clock())  # and there the first start died

    assert "start died half-way" in shell.run("status")
    assert shell.run("start", plan, "--register", register).startswith(
        "completed: the start of once (once No. 1) had died"
    )
    assert (await find_campaign(pool, "once")).started
    assert shell.run("start", plan, "--register", register).startswith("unchanged: once (once No. 1)")
    (shell.folder / "other.yaml").write_text((shell.folder / plan).read_text().replace("amount: 30", "amount: 29"))
    assert "the plan differs" in shell.run("start", "other.yaml", "--register", register, code=1)


async def test_bad_rows_are_refused_or_put_aside_and_never_overwritten(shell: CommandLine, pool: Pool) -> None:
    plan, register = shell.write_campaign("dirty", f"{REGISTER}CAMPAIGN-5,,north,upper,33.7,113.2,adit,adit\n")
    assert "skip the bad rows with --skip-bad" in shell.run("start", plan, "--register", register, code=1)
    with pytest.raises(NotFound):
        await find_campaign(pool, "dirty")
    (shell.folder / "dirty.bad.csv").write_text("somebody's corrections")
    taken = shell.run("start", plan, "--register", register, "--skip-bad", code=1)
    assert "dirty.bad.csv: is there already with other content; nothing was started" in taken
    started = shell.data("start", plan, "--register", register, "--skip-bad", "--bad-rows", "bad.csv")
    assert (started["sites"], started["rejected_rows"], started["bad_rows_file"]) == (4, 1, "bad.csv")
    assert "dirty-5" in (shell.folder / "bad.csv").read_text(encoding="utf-8-sig")


def test_past_campaign_refused_by_start_allowed_in_rehearsal(shell: CommandLine) -> None:
    example = ROOT / "examples/henan-2021"
    said = shell.run("start", example / "plan.yaml", "--register", example / "register.csv", code=1)
    assert "ended on 2021-10-31" in said and "starter.py rehearse" in said and "--starts-on" in said


def test_the_closed_mines_start_without_their_bad_rows(shell: CommandLine) -> None:
    example = ROOT / "examples" / "closed-mines"
    arguments = ("start", example / "plan.yaml", "--register", example / "register.csv", "--map", example / "map.yaml")
    refused = shell.run(*arguments, "--starts-on", "today", code=1)
    for mine in ("M5576", "M5688", "M5693", "M5695", "M5660", "M7107"):
        assert mine in refused or "row" in refused
    shell.data(*arguments, "--starts-on", "today", "--skip-bad", "--bad-rows", "mines.bad.csv")
    assert shell.data("status", "closed-mines")["sites"]["total"] == 1748
    with (shell.folder / "mines.bad.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["GEM Mine ID"] for row in rows) == ["M5576", "M5660", "M5688", "M5693", "M5695", "M7107"]
    assert all(row["faults"] for row in rows)


def test_ids_that_are_open_in_a_running_campaign_are_told(shell: CommandLine) -> None:
    plan, register = shell.write_campaign("first")
    shell.run("start", plan, "--register", register)
    other, _ = shell.write_campaign("second")
    same = (shell.folder / register).read_text().replace("first-", "FIRST－")
    (shell.folder / "same.csv").write_text(same)
    checked = shell.data("check", other, "--register", "same.csv")
    assert checked["register"]["compared_with_running_campaigns"]
    expected = [warning["expected"] for warning in checked["warnings"]]
    told = [said for said in expected if "no other running campaign" in said]
    assert len(told) == 4 and "first/first-1 is open" in told[0]
    assert "first/first-1 is open" in shell.run("start", other, "--register", "same.csv")
