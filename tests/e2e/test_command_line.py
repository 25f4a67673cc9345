"""A campaign through the command line only: servers, worker and starter are processes, and the worker is killed."""

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from intake.freeze import freeze
from intake.plan_file import read_plan
from intake.register_file import read_register
from runtime.embedded import EmbeddedServers
from schemas.clock import Clock
from schemas.errors import NotFound
from storage.campaigns import create_campaign, find_campaign
from storage.connections import Pool
from storage.migrate import create_database, migrate
from storage.pool import open_pool
from tests.db.filed import put

# One process runs them in order: they share servers and, some, a campaign.
pytestmark = [pytest.mark.timeout(240), pytest.mark.xdist_group("command line")]

ROOT = Path(__file__).parents[2]
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
PLAN = f"""
id: CAMPAIGN
title: Hundred days of the hills
document_number: CAMPAIGN No. 1
issuing_agencies: [{{name: Department of Natural Resources}}]
province: Hills
time_zone: Etc/UTC
language: en
starts_on: {YESTERDAY}
ends_on: {YESTERDAY + timedelta(days=99)}
clauses:
  deployment: {{amount: 5, unit: calendar_days}}
  rectification: {{amount: 30, unit: calendar_days}}
  re_rectification: {{amount: 5, unit: working_days}}
calendar: {{source: weekdays}}
division_codes: free
catalogue:
  - {{id: signs, title: Warning signs, unit: piece, quantity: 2, evidence: []}}
  - {{id: seal, title: Seal the adit, unit: adit, problems: [adit]}}
cities:
  - {{code: north, name: Northtown, lead: Mayor of Northtown, recipients: [{{name: Office}}]}}
  - {{code: south, name: Southtown, lead: Mayor of Southtown, recipients: [{{name: Office}}]}}
verification:
  levels: [{{id: county, title: County}}, {{id: city, title: City}}]
"""
REGISTER = """id,name,city,county,latitude,longitude,type,problems
CAMPAIGN-1,First adit,north,upper,33.71,113.21,adit,adit
CAMPAIGN-2,Second adit,north,upper,33.72,113.22,adit,adit
CAMPAIGN-3,Quarry,north,lower,33.73,113.23,quarry,
CAMPAIGN-4,Pit,south,lower,33.64,113.24,pit,
"""
CITY, PROVINCE, COUNTY, EXPERT = "li:city:north", "wang:province:hills", "qian:county:upper", "sun:expert:north"


@dataclass
class CommandLine:
    """The shell of somebody who uses this project: a folder, an environment, and our two programs."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: object, code: int = 0, **environment: str) -> str:
        """One command to its end; its standard output, and its standard error behind it where it failed."""
        done = subprocess.run(
            [sys.executable, ROOT / "starter.py", *map(str, arguments)],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert (done.stderr == "") == (code == 0), done.stderr
        return done.stdout + done.stderr

    def data(self, *arguments: object) -> Any:
        """The JSON of one command."""
        return json.loads(self.run(*arguments, "--json"))

    def until(self, what: Callable[[], bool], patience: float = 60) -> None:
        """Wait until it is so."""
        deadline = time.monotonic() + patience
        while not what():
            assert time.monotonic() < deadline, "it never came"
            time.sleep(0.5)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker inside the block."""
        log = self.folder / "worker.log"
        log.unlink(missing_ok=True)
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, ROOT / "worker.py"], env=self.environment, stdout=output, stderr=output
            )
        try:
            self.until(lambda: b"worker ready" in log.read_bytes())
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    def write_campaign(self, name: str, register: str = REGISTER) -> tuple[str, str]:
        """The names of the plan's and the register's files."""
        (self.folder / f"{name}.yaml").write_text(PLAN.replace("CAMPAIGN", name))
        (self.folder / f"{name}.csv").write_text(register.replace("CAMPAIGN", name))
        return f"{name}.yaml", f"{name}.csv"

    def stages(self, campaign: str) -> dict[str, int]:
        stages: dict[str, int] = self.data("status", campaign)["sites"]["by_stage"]
        return {stage: number for stage, number in stages.items() if number}


@pytest.fixture(scope="module")
async def shell(embedded: EmbeddedServers) -> AsyncIterator[CommandLine]:
    """On a database and a task queue of its own."""
    name = f"command_line_{uuid4().hex[:8]}"
    url = await create_database(embedded.postgres_url, name)
    folder = Path(tempfile.mkdtemp(prefix="hundred-days-shell-"))
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "HUNDRED_DAYS_"))}
    yield CommandLine(
        folder,
        {
            **bare,
            "TEMPORAL_ADDRESS": embedded.temporal_address,
            "HUNDRED_DAYS_POSTGRES_URL": url,
            "HUNDRED_DAYS_DATA_DIR": str(folder / "var"),
            "HUNDRED_DAYS_TASK_QUEUE": name,
            "HUNDRED_DAYS_DELIVERY_QUEUE": f"{name}-delivery",
        },
    )
    shutil.rmtree(folder, ignore_errors=True)


def test_a_campaign_lives_through_the_command_line_and_a_killed_worker(shell: CommandLine) -> None:
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
        shell.run("complete", "hills/hills-3", "signs", "--quantity", "2", "--as", CITY)
        shell.run("verify", "hills-3", "county", "--pass", "--as", COUNTY)
        shell.run("verify", "hills-3", "city", "--pass", "--as", EXPERT)
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


def test_the_status_of_a_live_campaign_ends_with_nought_forty_times(shell: CommandLine) -> None:
    plan, register = shell.write_campaign("lively")
    with shell.worker():
        shell.run("start", plan, "--register", register)
        with ThreadPoolExecutor(4) as people:
            said = list(people.map(lambda _: shell.run("status", "lively", "--json"), range(40)))
    for text in said:
        status = json.loads(text)
        assert status["campaign_id"] == "lively" and status["sites"]["total"] == 4
        assert sum(status["sites"]["by_stage"].values()) == 4
    assert set(status) >= {"title", "phase", "day", "days", "starts_on", "ends_on", "as_of", "sites", "cities"}


@pytest.fixture
async def pool(shell: CommandLine) -> AsyncIterator[Pool]:
    """What a test itself writes and reads."""
    url = shell.environment["HUNDRED_DAYS_POSTGRES_URL"]
    await migrate(url)
    opened = await open_pool(url)
    yield opened
    await opened.close()


async def test_a_start_is_made_once_however_often_and_completed_where_it_died(shell: CommandLine, pool: Pool) -> None:
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


def test_a_campaign_of_the_past_is_not_started_but_may_be_rehearsed(shell: CommandLine) -> None:
    example = ROOT / "examples/henan-2021"
    said = shell.run("start", example / "plan.yaml", "--register", example / "register.csv", code=1)
    assert "ended on 2021-10-31" in said and "starter.py rehearse" in said and "--starts-on" in said


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
DAY_SECONDS = 4.0
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


async def test_documents_are_signed_answered_approved_and_lifted_by_command(shell: CommandLine, pool: Pool) -> None:
    plan, register = shell.write_campaign("climb")
    (shell.folder / plan).write_text(ladder_plan((shell.folder / plan).read_text()))
    read, faults = read_plan(shell.folder / plan)
    assert read is not None and faults == []
    frozen = freeze(read)
    # Four seconds a day: the start that died half-way had this clock, and it stands.
    origin = datetime.combine(YESTERDAY, datetime.min.time(), UTC)
    clock = Clock(real_origin=datetime.now(UTC), campaign_origin=origin, rate=86400 / DAY_SECONDS)
    await create_campaign(pool, frozen, read_register(shell.folder / register, read).sites, clock)

    def listed(*narrowed: str) -> list[dict[str, Any]]:
        documents: list[dict[str, Any]] = shell.data("documents", "climb", *narrowed)
        return documents

    with shell.worker():
        shell.run("start", plan, "--register", register)
        shell.until(lambda: len(listed("--kind", "plan_issue")) == 2)
        shell.run("receipt", "climb", "north", "--document", "climb No. 1", "--as", CITY)
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
        request = next(one for one in listed("--kind", "approval_request") if one["about"] == draft["key"])
        approved = shell.run("approve", "climb", request["number"], "--as", "chen:province:Director")
        assert approved.startswith(f"accepted: approve at climb {draft['key'].removeprefix('climb/')}")
        shell.until(lambda: any(one["key"] == draft["key"] and one["number"] for one in listed("--kind", "circular")))

        shell.run("lift", "climb", number, "--reason", "done", "--as", PROVINCE)
        settled = shell.run("lift", "climb", number, "--reason", "done", "--as", PROVINCE, code=1)
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


@pytest.fixture(scope="module")
def lively(shell: CommandLine) -> None:
    """A campaign that is there, whichever of these tests runs first; starting it again changes nothing."""
    plan, register = shell.write_campaign("lively")
    shell.run("start", plan, "--register", register)


@pytest.mark.usefixtures("lively")
def test_who_and_what_must_be_known(shell: CommandLine) -> None:
    assert "Known campaigns:" in shell.run("status", "nowhere", code=1)
    assert "neither a campaign nor a site" in shell.run("ledger", "nowhere", code=1)
    assert "not in the register of any campaign" in shell.run(
        "suspend", "nothing", "--reason", "r", "--as", CITY, code=1
    )
    assert "--as id:role:unit" in shell.run("stop", "lively", "--reason", "r", code=2)
    assert "Its cities: north Northtown, south Southtown" in shell.run(
        "receipt", "lively", "east", "--as", CITY, code=1
    )


@pytest.mark.usefixtures("lively")
def test_a_temporal_that_does_not_answer_is_named_and_ends_with_three(shell: CommandLine) -> None:
    begun = time.monotonic()
    arguments = ("receipt", "lively", "north", "--as", CITY)
    assert "127.0.0.1:1" in shell.run(*arguments, code=3, TEMPORAL_ADDRESS="127.0.0.1:1")
    assert time.monotonic() - begun < 15
    shell.run("status", "lively", TEMPORAL_ADDRESS="127.0.0.1:1")  # what reads Postgres needs no Temporal


@pytest.mark.usefixtures("lively")
def test_watching_is_ended_by_ctrl_c_and_that_is_no_failure(shell: CommandLine) -> None:
    watching = subprocess.Popen(
        [sys.executable, ROOT / "starter.py", "status", "lively", "--watch", "--json"],
        env=shell.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with watching:
        assert watching.stdout is not None
        assert json.loads(watching.stdout.readline())["campaign_id"] == "lively"
        watching.send_signal(signal.SIGINT)
        assert watching.wait(10) == 0


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
