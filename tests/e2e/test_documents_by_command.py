"""The documents of a campaign that climbs fast, signed, answered, approved and lifted by command."""

from datetime import UTC, datetime
from typing import Any

import pytest

from intake.plan.freeze import freeze
from intake.plan.plan_file import read_plan
from intake.register.register_file import read_register
from schemas.clock import Clock
from storage.campaigns import create_campaign
from storage.connections import Pool
from tests.support.command_line import CITY, PROVINCE, YESTERDAY, CommandLine
from tests.support.filed_documents import put

pytestmark = pytest.mark.timeout(240)

LADDER = """
ladder:
  - rung: 1
    instrument: supervision_order
    after: {amount: 1, unit: calendar_days}
    reply: {amount: 9, unit: calendar_days}
    lifting: decision
  - rung: 2
    instrument: circular
    after: {amount: 2, unit: calendar_days}
    approver: {name: Director, superior: {name: Governor}}
"""
DAY_SECONDS = 2.0
ISSUER = "wang:province:Department of Natural Resources"
ORDER, DRAFT = ("--kind", "supervision_order", "--unit", "north"), ("--state", "drafted", "--unit", "north")


def ladder_plan(plan: str) -> str:
    """Sites are due after a day; a channel that no worker knows makes dead letters."""
    changes = {
        "rectification: {amount: 30,": "rectification: {amount: 1,",
        "{name: Department of Natural Resources}": "{name: Department of Natural Resources, series: DNR}",
        "recipients: [{name: Office}]": "recipients: [{name: Office, channels: {robot: []}}, {name: Police}]",
    }
    for old, new in changes.items():
        assert old in plan
        plan = plan.replace(old, new)
    return plan + LADDER


async def test_documents_signed_replied_approved_and_lifted_by_command(shell: CommandLine, pool: Pool) -> None:
    plan, register = shell.write_campaign("climb")
    (shell.folder / plan).write_text(ladder_plan((shell.folder / plan).read_text()))
    read, faults = read_plan(shell.folder / plan)
    assert read is not None and faults == []
    frozen = freeze(read)
    # Two seconds a day: the start that died half-way had this clock, and it stands.
    origin = datetime.combine(YESTERDAY, datetime.min.time(), UTC)
    clock = Clock(real_origin=datetime.now(UTC), campaign_origin=origin, rate=86400 / DAY_SECONDS)
    await create_campaign(pool, frozen, read_register(shell.folder / register, read).sites, clock)

    def listed(*narrowed: str) -> list[dict[str, Any]]:
        documents: list[dict[str, Any]] = shell.data("documents", "climb", *narrowed)
        return documents

    with shell.worker():
        shell.run("start", plan, "--register", register)
        shell.until(lambda: len(listed("--kind", "plan_issue")) == 2)
        assert "--unit south" in shell.run("documents", "climb", "climb No. 1")
        assert shell.data("documents", "climb", "climb No. 1", "--unit", "south")["city"] == "south"
        many = shell.run("reply", "climb", "climb No. 1", "x", "--as", CITY, code=1)
        assert "2 documents, one a city; name one by its key: north:plan_issue:0:" in many
        shell.run("receipt", "climb", "north", "--document", "CLIMB no.1", "--as", CITY)
        shell.run("deploy", "climb", "north", "--submit", "all of it", "--as", CITY)
        shell.run("deploy", "climb", "north", "--approve", "--as", PROVINCE)
        shell.until(lambda: bool(listed(*ORDER)))
        order = listed(*ORDER)[0]
        number = order["number"]
        assert number.startswith(f"DNR [{order['issued_at'][:4]}] No. ") and order["unsigned"] == ["Office", "Police"]

        of_another = shell.run("receipt", "climb", "south", "--document", number, "--as", CITY, code=1)
        assert f"climb {number} is a document of north Northtown" in of_another
        typed = number.lower().replace(" ", "").replace("[", "(").replace("]", ")")
        shell.run("receipt", "climb", "north", "--document", typed, "--unit", "Police", "--as", CITY)
        assert listed(*ORDER)[0]["unsigned"] == ["Office"]
        assert "Police signed for" in shell.run(
            "receipt", "climb", "north", "--document", typed, "--unit", "Police", "--as", CITY, code=1
        )
        signed = shell.data("receipt", "climb", "Northtown", "--document", number, "--as", CITY)
        assert signed["verdict"] == "accepted"
        shell.run("reply", "climb", number, "two crews more", "--as", CITY)
        assert "reply is for the roles city" in shell.run("reply", "climb", number, "x", "--as", PROVINCE, code=1)
        whole = shell.run("documents", "climb", number)
        assert "two crews more" in whole and "Please reply in writing" in whole and order["key"] in whole

        shell.until(lambda: bool(listed(*DRAFT)))
        draft = listed(*DRAFT)[0]
        refused = shell.run("approve", "climb", draft["key"], "--as", PROVINCE, code=1)
        assert "waits for Director or Governor" in refused
        assert refused.count(draft["key"].removeprefix("climb/")) == 1, "its name stands once"
        request = next(one for one in listed("--kind", "approval_request") if one["about"] == draft["key"])
        approved = shell.run("approve", "climb", request["number"], "--as", "chen:province:Director")
        assert approved.startswith(f"accepted: approve at climb {draft['key'].removeprefix('climb/')}")
        assert "it goes out at the next dispatch hour" in approved
        shell.until(lambda: any(one["key"] == draft["key"] and one["number"] for one in listed("--kind", "circular")))

        shell.run("lift", "climb", number, "--reason", "done", "--as", ISSUER)
        settled = shell.run("lift", "climb", number, "--reason", "done", "--as", ISSUER, code=1)
        assert "nothing is asked for under it any more: lifted on" in settled

        shell.until(lambda: shell.data("status", "climb")["deliveries"]["failed"] > 0)
        assert "send them again: starter.py resend climb --all" in shell.run("status", "climb")
        dead = listed("--state", "dead")[0]
        again = shell.data("resend", "climb", "--all", "--as", PROVINCE)
        assert dead["key"] in {one["key"] for one in again} and {one["verdict"] for one in again} == {"accepted"}
        no_such = shell.run("resend", "climb", dead["key"], "--channel", "e-mail", "--as", PROVINCE, code=1)
        assert "nothing to send again" in no_such or "does not go through e-mail" in no_such
        assert "open documents:" in shell.run("status", "climb", "--city", "north")
        assert "its plan has no `briefing`" in shell.run("briefing", "climb", code=1)

    await put(pool, "province:closing_report:0:x", city="", kind="closing_report", campaign="climb")
    whole_campaign = shell.run(
        "lift", "climb", "province:closing_report:0:x", "--reason", "r", "--as", PROVINCE, code=1
    )
    assert "no city's desk keeps it" in whole_campaign
    shell.run("report", "climb", "--out", "climb-report")
    page = (shell.folder / "climb-report" / "documents.html").read_text()
    assert number in page and "two crews more" in page and ".pdf" in page
