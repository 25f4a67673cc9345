"""Heilongjiang's and Hukou's ways as they are typed: opinions, modes, bookings, and the departments' signatures."""

import pytest

from tests.support.command_line import CITY, PROVINCE, CommandLine

pytestmark = pytest.mark.timeout(240)

BUILDER, STRANGER = "ma:enterprise:Good Builders", "xu:enterprise:Other Builders"
COUNTY, WATER, FORESTRY = "qian:county:lower", "zhou:department:Water Resources", "wu:department:Forestry"
REGISTER = """\
id,name,city,county,latitude,longitude,type,planned_cny,planned_mu,lead_government,departments,enterprise
CAMPAIGN-1,Pit,north,lower,33.71,113.21,pit,2000000,30,Lower County,Water Resources; Forestry,Good Builders
"""
OPTIONS = {
    "opinion": {"chapters": ["Tasks", "Funding"], "resubmission": {"amount": 3, "unit": "working_days"}},
    "modes": {
        "allowed": [
            {"restoration": "natural", "funding": ["fiscal"]},
            {"restoration": "market", "funding": ["index_trading"]},
        ],
        "confirmed_by_province": True,
    },
    "sign_off": {"due": {"amount": 5, "unit": "working_days"}},
    "catalogue": [
        {"id": "signs", "title": "Warning signs", "unit": "piece", "quantity": 2, "evidence": []},
        {"id": "enclose", "title": "Fence", "unit": "m", "evidence": [], "restoration_modes": ["natural"]},
        {"id": "reclaim", "title": "Reclaim farmland", "unit": "mu", "evidence": [], "restoration_modes": ["market"]},
    ],
}


def test_market_restored_site_signed_off_by_departments(shell: CommandLine) -> None:
    plan, register = shell.write_campaign("markets", REGISTER, **OPTIONS)
    with shell.worker():
        shell.run("start", plan, "--register", register)
        shell.until(lambda: shell.is_issued("markets"))
        (shell.folder / "chapters.md").write_text("# Tasks\nOne pit.\n", encoding="utf-8")
        submit = ("deploy", "markets", "north", "--submit", "ours", "--chapters", "@chapters.md", "--wait", "30s")
        assert "Funding" in shell.run(*submit, "--as", CITY, code=1), "the chapter that lacks is named"
        (shell.folder / "chapters.md").write_text("# Tasks\nOne pit.\n# 2. Funding\nIndices.\n", encoding="utf-8")
        shell.run(*submit, "--as", CITY)
        shell.run("deploy", "markets", "north", "--return", "whose indices?", "--as", PROVINCE)
        shell.run(*submit, "--as", CITY)
        shell.run("deploy", "markets", "north", "--approve", "--as", PROVINCE)
        shell.until(lambda: shell.stages("markets") == {"rectifying": 1})
        history = shell.run("opinions", "markets", "north", "--full")
        assert "whose indices?" in history and "Indices." in history

        mode = ("mode", "markets-1")
        assert "market with index_trading" in shell.run(
            *mode, "--restoration", "market", "--funding", "fiscal", "--as", CITY, code=1
        )
        shell.run(*mode, "--restoration", "market", "--funding", "index_trading", "--as", CITY)
        assert "decide_mode is for the roles province" in shell.run(*mode, "--confirm", "--as", CITY, code=1)
        shell.run(*mode, "--confirm", "--as", PROVINCE)
        assert set(shell.outstanding("markets-1")) == {"signs", "reclaim"}

        book = ("book", "markets-1", "--as", CITY, "--reference")
        sold = ("--counterpart", "estate", "--certificate", "index 5")
        assert "the counterpart and the certificate" in shell.run(*book, "contract 17", "--cny", "1250000.50", code=1)
        shell.run(*book, "contract 17", "--cny", "1250000.50", *sold)
        shell.run(*book, "correction 1", "--cny=-250000.50")
        assert "below 0" in shell.run(*book, "correction 2", "--cny=-2000000", code=1)
        shell.run(*book, "certificate 3", "--mu", "45", *sold)

        signs = ("complete", "markets-1", "signs", "--quantity", "2", "--as")
        assert "rule" in shell.run(*signs, STRANGER, code=1), "where the register names a builder it alone reports"
        shell.run(*signs, BUILDER)
        shell.run("complete", "markets-1", "reclaim", "--as", BUILDER)
        shell.run("verify", "markets-1", "county", "--pass", "--as", COUNTY)
        assert "sign" in shell.run("sign-off", "markets-1", "--agree", "--as", WATER, code=1), (
            "not before the last level"
        )
        shell.run("verify", "markets-1", "city", "--pass", "--as", CITY)
        shell.run("sign-off", "markets-1", "--agree", "--as", WATER)
        assert "sign_off is for the roles department" in shell.run(
            "sign-off", "markets-1", "--agree", "--as", BUILDER, code=1
        )
        assert "Forestry" in shell.run("status", "--site", "markets-1")
        shell.run("sign-off", "markets-1", "--agree", "--as", FORESTRY)
        shell.until(lambda: shell.stages("markets") == {"closed": 1})

        sums = shell.data("status", "markets")["modes"]
        shown = shell.run("status", "markets")
    assert "market" in str(sums) and "1000000" in str(sums) and "45" in str(sums)
    assert "1,000,000" in shown
    assert "the ledger holds" in shell.run("verify-ledger", "markets")
