"""A campaign from start to stop through the command line only, and the worker is killed in between."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.command_line import CITY, CITY_JUDGE, COUNTY, PROVINCE, YESTERDAY, CommandLine

pytestmark = pytest.mark.timeout(240)


def test_campaign_by_command_line_survives_killed_worker(shell: CommandLine) -> None:
    plan, register = shell.write_campaign("hills")
    with shell.worker() as worker:
        assert shell.data("start", plan, "--register", register)["outcome"] == "started"
        shell.until(lambda: shell.data("status", "hills")["documents"].get("sent") == 2)

        # Nothing is reported before the city's deployment is approved.
        too_early = shell.run("complete", "hills-3", "signs", "--as", CITY, code=1)
        assert "the site is not open yet: the deployment of north Northtown is awaited" in too_early
        shell.run("receipt", "hills", "Northtown", "--as", CITY)
        (shell.folder / "opinion.txt").write_text("Seal both adits first.")
        submitted = shell.run("deploy", "hills", "north", "--submit", "@opinion.txt", "--points", "3", "--as", CITY)
        assert submitted.startswith("accepted: submit_deployment at hills/north")
        assert "is for the roles province" in shell.run("deploy", "hills", "north", "--approve", "--as", CITY, code=1)
        shell.run("deploy", "hills", "north", "--return", "name the points", "--as", PROVINCE)
        shell.run("deploy", "hills", "north", "--submit", "again", "--as", CITY)
        shell.run("deploy", "hills", "north", "--approve", "--as", PROVINCE)
        shell.until(lambda: shell.stages("hills") == {"rectifying": 3, "registered": 1})

        done = shell.data("complete", "hills-3", "signs", "--as", CITY)
        assert (done["verdict"], done["state"]["outstanding"]) == ("accepted", {"signs": 1.0})
        refused = shell.run("complete", "hills-3", "fence", "--as", CITY, code=1)
        assert "the site has no requirement 'fence'; it has: signs" in refused
        worker.kill()
        worker.wait(10)

    # Commands are kept while no worker runs, and status needs none.
    kept = ("complete", "hills-3", "signs", "--as", CITY, "--command-id", "kept-1", "--at", f"{YESTERDAY}T12:00Z")
    assert "kept, not yet judged: complete_task at hills/hills-3" in shell.run(*kept, "--wait", "1s")
    assert shell.data(*kept, "--signal")["verdict"] == "kept"
    shell.run("suspend", "hills-2", "--reason", "flood", "--as", PROVINCE, "--signal")
    assert shell.stages("hills") == {"rectifying": 3, "registered": 1}

    with shell.worker():
        shell.until(lambda: shell.stages("hills") == {"rectifying": 2, "verifying": 1, "registered": 1})
        shell.until(lambda: shell.data("status", "hills")["sites"]["suspended"] == 1)
        reports = [entry for entry in shell.data("ledger", "hills-3") if entry["data"].get("command_id") == "kept-1"]
        assert [entry["kind"] for entry in reports] == ["task_reported"]
        other_content = shell.run(*kept, "--quantity", "2", code=1)
        assert "'kept-1' was used before for another content" in other_content

        assert "reported work at this site" in shell.run("verify", "hills-3", "county", "--pass", "--as", CITY, code=1)
        shell.run("verify", "hills-3", "county", "--fail", "one leans", "--requirement", "signs", "--as", COUNTY)
        far_more = shell.run("complete", "hills-3", "signs", "--quantity", "2000", "--as", CITY, code=1)
        assert "a total above 20 " in far_more and "an amendment raises what is asked" in far_more
        assert "more than is asked" in shell.run("complete", "hills/hills-3", "signs", "--quantity", "3", "--as", CITY)
        *_, told = shell.data("status", "--site", "hills-3")["warned"]
        assert "is 3 what you meant?" in told["warning"]
        assert "what you meant?" in shell.run("status", "--site", "hills-3")
        shell.run("verify", "hills-3", "county", "--pass", "--as", COUNTY)
        shell.run("verify", "hills-3", "city", "--pass", "--as", CITY_JUDGE)
        shell.until(lambda: shell.stages("hills").get("closed") == 1)
        assert "the site was closed on" in shell.run("complete", "hills-3", "signs", "--as", CITY, code=1)

        shell.run("resume", "hills-2", "--as", PROVINCE)
        shell.run("extend", "hills-2", YESTERDAY + timedelta(days=60), "--reason", "flood", "--as", PROVINCE)
        assert shell.data("overdue", "hills") == []
        assert "seal" in shell.run("status", "--site", "hills-2")
        shell.run("stop", "hills", "--reason", "merged into another", "--as", PROVINCE)
        shell.until(lambda: shell.stages("hills") == {"closed": 1, "carried_over": 3})
        assert "the site was carried over on" in shell.run(
            "suspend", "hills-2", "--reason", "r", "--as", PROVINCE, code=1
        )

    assert "the ledger holds" in shell.run("verify-ledger", "hills")
    assert len(shell.data("refused", "hills")) == shell.data("status", "hills")["refused"]
    assert "city nowhere: not in campaign hills" in shell.run("refused", "hills", "--city", "nowhere", code=1)
    shell.run("ledger", "hills", "--export", "hills.jsonl")
    lines = [json.loads(line) for line in (shell.folder / "hills.jsonl").read_text().splitlines()]
    assert {line["stream"] for line in lines} >= {"campaign/hills", "city/hills/south", "site/hills/hills-4"}
    assert all(line["hash"] == hash_by_a_stranger(line) for line in lines)
    shell.run("report", "hills", "--out", "report")
    assert {path.name for path in (shell.folder / "report").iterdir()} == {
        "documents.html",
        "report.html",
        "report.xlsx",
    }


def hash_by_a_stranger(line: dict[str, Any]) -> str:
    """As the documentation of the export says, without a line of ours."""
    rest = {name: value for name, value in line.items() if name not in ("hash", "prev_hash")}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{line['prev_hash']}\n{text}".encode()).hexdigest()
