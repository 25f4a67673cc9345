"""A patrol as it is typed: a duty is performed, a struck-off site is looked at again, and one has come back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.clock import Clock
from storage.connections import Pool
from tests.support.command_line import CITY, CITY_JUDGE, PROVINCE, CommandLine

pytestmark = pytest.mark.timeout(240)

WATER = "zheng:department:Water"
JUDGE, TEAM = "qian:county:lower", "wu:county:lower"
MINUTE_SECONDS = 1.0
_TWO_STRIKE_OFFS = timedelta(minutes=30)
"""They are typed well within this; then the office opens, and the patrol begins with its dispatch that tells them."""
REGISTER = """id,name,city,county,latitude,longitude,type
CAMPAIGN-1,Pit,north,lower,33.71,113.21,pit
CAMPAIGN-2,Quarry,north,lower,33.72,113.21,pit
CAMPAIGN-3,Shaft,south,upper,33.73,113.21,pit
"""


def opening_soon() -> dict[str, object]:
    """A zone in which it is noon, and an office there that opens soon, today being a working day."""
    now = datetime.now(UTC)
    ahead = 12 - now.hour
    local = now + timedelta(hours=ahead) + _TWO_STRIKE_OFFS
    return {
        "time_zone": f"Etc/GMT{-ahead:+d}",
        "office": {"opens": f"{local:%H:%M}", "closes": "23:00"},
        "calendar": {"source": "weekdays", "work_days": [str(local.date())]},
        "starts_on": str(local.date() - timedelta(days=1)),
        "ends_on": str(local.date() + timedelta(days=90)),
        "wake_spread_minutes": 0,
    }


async def test_a_patrol_keeps_its_duties_and_opens_what_has_come_back(shell: CommandLine, pool: Pool) -> None:
    with shell.worker():
        now = datetime.now(UTC)
        await shell.write_half_started(
            pool,
            Clock(real_origin=now, campaign_origin=now, rate=60 / MINUTE_SECONDS),
            "patrols",
            REGISTER,
            **opening_soon(),
            patrol={
                "lasts": {"amount": 20, "unit": "working_days"},
                "duties": [
                    {"duty": "patrol", "title": "Patrol", "every": {"amount": 3, "unit": "working_days"}},
                    {"duty": "joint_meeting", "title": "Meeting", "every": {"amount": 5, "unit": "working_days"}},
                ],
            },
            joint_groups={
                "north": {
                    "title": "Joint group",
                    "leader": {"name": "Water"},
                    "members": [{"name": "Forestry"}, {"name": "Police"}],
                    "receiver": {"name": "Police"},
                }
            },
            catalogue=[
                {
                    "id": "signs",
                    "title": "Warning signs",
                    "unit": "piece",
                    "quantity": 2,
                    "evidence": [],
                    "look_back": {"amount": 5, "unit": "working_days"},
                }
            ],
        )
        shell.start_north("patrols")
        for site in ("patrols-1", "patrols-2"):
            shell.run("complete", site, "signs", "--quantity", "2", "--as", CITY)
            shell.run("verify", site, "county", "--pass", "--as", JUDGE)
            shell.run("verify", site, "city", "--pass", "--as", CITY_JUDGE)
        perform = ("patrol", "patrols", "north", "--perform", "patrol", "--note", "two sites seen", "--as", TEAM)
        assert "begun" in shell.run(*perform, code=1), "before the first strike-off is told there is no patrol"
        assert "--perform needs --note" in shell.run(*perform[:5], "--as", TEAM, code=2)
        shell.until(lambda: patrol(shell) != {})

        shell.run(*perform, "--finding", "a gate is open")
        assert patrol(shell)["duties"][0]["performed"] == 1
        assert "hold_meeting" in shell.run(
            "patrol", "patrols", "north", "--perform", "joint_meeting", "--note", "n", "--as", TEAM, code=1
        )
        meeting = ("meeting", "patrols", "north", "--note", "minutes", "--as", WATER, "--attended")
        assert "--resolved: expected" in shell.run(*meeting, "Forestry", "--resolved", "plant", code=2)
        shell.run(*meeting, "Forestry", "--resolved", "Forestry: plant")
        assert patrol(shell)["group"]["resolutions"]["1"]["unit"] == "Forestry"
        done = ("resolution", "patrols", "north", "1", "--done", "planted", "--as")
        assert "is for Forestry" in shell.run(*done, "lin:department:Police", code=1)
        shell.run(*done, "shu:department:Forestry")
        assert patrol(shell)["group"]["resolutions_done"] == 1
        assert "--relapse needs --site" in shell.run(
            "finding", "patrols", "north", "x", "--relapse", "--as", TEAM, code=2
        )
        wrong = ("finding", "patrols", "south", "gone", "--site", "patrols-1", "--as", TEAM)
        assert "patrols-1 is a site of north, not of south" in shell.run(*wrong, code=1)
        strange = ("look-back", "patrols-2", "fence", "--held", "--as", TEAM)
        assert "due there: signs" in shell.run(*strange, code=1)
        shell.run("look-back", "patrols-2", "signs", "--held", "--as", TEAM)
        assert patrol(shell)["look_backs_held"] == 1
        relapse = ("finding", "patrols", "north", "the signs are gone", "--site", "patrols-1", "--relapse")
        shell.run(*relapse, "--suspected", "--requirement", "signs", "--as", TEAM)
        shell.run("refer-case", "patrols", "north", "2", "--note", "photos", "--as", WATER)
        received = ("receive-case", "patrols", "north", "2", "--as", "lin:police:Police")
        assert "say one of" in shell.run(*received, code=2)
        shell.run(*received, "--take", "file 8")
        assert patrol(shell)["group"]["cases"]["2"]["reference"] == "file 8"
        shell.until(lambda: shell.data("status", "--site", "patrols-1")["stage"] == "rectifying")
        assert patrol(shell)["relapses"] == {"lower": 1}
        assert "Patrol" in shell.run("patrol", "patrols")
        shell.run("look-back", "patrols-1", "signs", "--fail", "gone", "--as", PROVINCE, code=1)
    again = [entry["kind"] for entry in shell.data("ledger", "patrols-1")]
    assert again.count("reopened") == 1 and again.index("closed") < again.index("reopened")
    assert "the ledger holds" in shell.run("verify-ledger", "patrols")


def patrol(shell: CommandLine) -> dict[str, Any]:
    """Where the northern city's patrol stands; nothing before it has begun."""
    found: dict[str, Any] = shell.data("patrol", "patrols", "north")["patrols"].get("north", {})
    return found
