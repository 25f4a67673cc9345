"""A plan of two agencies by the command line: started by the one, signed by the other, amended by both."""

import pytest

from schemas.errors import NotFound
from storage.campaigns import find_campaign
from storage.connections import Pool
from tests.support.command_line import CITY, CommandLine

pytestmark = pytest.mark.timeout(240)

AGENCIES = [{"name": "Natural Resources", "series": "NR"}, {"name": "Public Security", "series": "PS"}]
LAND, POLICE = "wang:province:Natural Resources", "zhao:province:Public Security"
AMENDMENT = """
document_number: Amended No. 3
title: More time
clauses: {rectification: {amount: 60, unit: calendar_days}}
"""


async def test_plan_goes_out_when_both_agencies_signed(shell: CommandLine, pool: Pool) -> None:
    plan, register = shell.write_campaign("both", issuing_agencies=AGENCIES)
    (shell.folder / "more-time.yaml").write_text(AMENDMENT)
    assert "Nothing was started" in shell.run("start", plan, "--register", register, "--as", CITY, code=1)
    with pytest.raises(NotFound):
        await find_campaign(pool, "both")
    with shell.worker():
        started = shell.data("start", plan, "--register", register, "--as", LAND)
        assert (started["outcome"], started["unsigned"]) == ("started", ["Public Security"])
        shell.until(lambda: bool(shell.data("status", "both").get("signing")))
        waiting = shell.data("status", "both")
        assert waiting["phase"] == "issuing" and list(waiting["signing"][0]["signatures"]["signed"]) == [
            "Natural Resources"
        ]
        assert "Public Security has to sign by" in shell.run("status", "both")
        assert shell.data("start", plan, "--register", register, "--as", POLICE)["outcome"] == "unchanged"

        assert "sign_plan" in shell.run("sign-plan", "both", "--as", "li:province:Hills", code=1)
        assert "has signed already" in shell.run("sign-plan", "both", "--as", "li:province:Natural Resources")
        assert not shell.is_issued("both")
        assert "accepted: sign_plan at both" in shell.run("sign-plan", "both", "--as", POLICE)
        shell.until(lambda: shell.is_issued("both"))
        assert shell.data("status", "both")["phase"] != "issuing"

        said = shell.run("amend", "both", "more-time.yaml", "--apply", "--as", POLICE)
        assert "it counts when Natural Resources signed it" in said
        assert shell.data("amend", "both", "--status")[0]["unsigned"] == ["Natural Resources"]
        shell.run("sign-plan", "both", "--amendment", "1", "--as", LAND)
        shell.until(lambda: shell.data("amend", "both", "--status")[0]["heard_at"] is not None)
        kinds = [entry["kind"] for entry in shell.data("ledger", "both")]
        assert kinds[:2] == ["started", "plan_signed"] and kinds.count("plan_signed") == 4
        assert "signatures" in shell.run("status", "both")
        shell.run("report", "both", "--out", "report")
        assert "Signatures (both No. 1)" in (shell.folder / "report" / "report.html").read_text(encoding="utf-8")
