"""The shell of somebody who uses this project, and a small campaign to try it on.

A command runs inside the process of the tests (tests.support.in_process), which saves most of its time. What is
about processes (signals, crashes, commands at the same time) uses `process`; the worker is always a process.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from intake.plan.freeze import freeze
from intake.plan.plan_file import read_plan
from intake.register.register_file import read_register
from schemas.clock import Clock
from storage.campaigns import create_campaign
from storage.connections import Pool
from tests.support.in_process import PATIENCE, run_in_process

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
  levels: [{{id: county, title: County, by: county}}, {{id: city, title: City, by: city}}]
"""
REGISTER = """id,name,city,county,latitude,longitude,type,problems
CAMPAIGN-1,First adit,north,upper,33.71,113.21,adit,adit
CAMPAIGN-2,Second adit,north,upper,33.72,113.22,adit,adit
CAMPAIGN-3,Quarry,north,lower,33.73,113.23,quarry,
CAMPAIGN-4,Pit,south,lower,33.64,113.24,pit,
"""
CITY, PROVINCE, EXPERT = "li:city:north", "wang:province:Hills", "sun:expert:north"
CITY_JUDGE = "sun:city:Office"
"""Of level `city`, in an office of the city that has not worked."""
COUNTY = "qian:county:lower"
"""Of the quarry, which the tests have verified."""


@dataclass
class CommandLine:
    """A user's shell: a folder, an environment, and the two programs."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: object, code: int = 0, **environment: str) -> str:
        """One command to its end; its standard output, and its standard error behind it where it failed."""
        words = self._by_somebody([str(argument) for argument in arguments])
        return _checked(words, code, *run_in_process(words, self.folder, {**self.environment, **environment}))

    def process(self, *arguments: object, code: int = 0, **environment: str) -> str:
        """The same by a process of its own; such commands may run at the same time."""
        words = self._by_somebody([str(argument) for argument in arguments])
        done = subprocess.run(
            [sys.executable, ROOT / "starter.py", *words],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return _checked(words, code, done.returncode, done.stdout, done.stderr)

    def _by_somebody(self, words: list[str]) -> list[str]:
        """The command; a start without an actor is one by the plan's province."""
        if words[0] != "start" or "--as" in words or "HUNDRED_DAYS_ACTOR" in self.environment:
            return words
        plan = yaml.safe_load((self.folder / words[1]).read_text(encoding="utf-8"))
        return [*words, "--as", f"wang:province:{plan['province']}"]

    def sign(self, name: str) -> None:
        """Every agency of a joint plan signs it; a plan with one agency needs no signature."""
        agencies = yaml.safe_load((self.folder / f"{name}.yaml").read_text(encoding="utf-8"))["issuing_agencies"]
        for agency in agencies if len(agencies) > 1 else ():
            self.run("sign-plan", name, "--wait", "30s", "--as", f"zhao:province:{agency['name']}")

    def data(self, *arguments: object) -> Any:
        """The JSON of one command."""
        return json.loads(self.run(*arguments, "--json"))

    def until(self, what: Callable[[], bool], patience: float = 60) -> None:
        """Wait until `what` returns True."""
        deadline = time.monotonic() + patience
        while not what():
            assert time.monotonic() < deadline, "it never came"
            time.sleep(0.2)

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

    def write_campaign(self, name: str, register: str = REGISTER, **options: object) -> tuple[str, str]:
        """The names of the plan's and the register's files; `options` are laid over the plan.

        A joint plan goes out at an office hour after its last signature: its offices are open whenever a test runs.
        """
        plan = PLAN.replace("CAMPAIGN", name)
        if "issuing_agencies" in options:
            days = [YESTERDAY + timedelta(days=n) for n in range(4)]
            open_now = {"office": {"opens": "00:01", "closes": "23:59:59"}, "wake_spread_minutes": 0}
            options = open_now | {"calendar": {"source": "weekdays", "work_days": days}} | options
        if options:
            plan = yaml.safe_dump({**yaml.safe_load(plan), **options}, sort_keys=False, allow_unicode=True)
        (self.folder / f"{name}.yaml").write_text(plan)
        (self.folder / f"{name}.csv").write_text(register.replace("CAMPAIGN", name))
        return f"{name}.yaml", f"{name}.csv"

    async def write_half_started(
        self, pool: Pool, clock: Clock, name: str, register: str = REGISTER, **options: object
    ) -> None:
        """The same campaign, with a start that was interrupted; its clock is kept when the start is completed."""
        plan, file = self.write_campaign(name, register, **options)
        read, faults = read_plan(self.folder / plan)
        assert read is not None and faults == []
        await create_campaign(pool, freeze(read), read_register(self.folder / file, read).sites, clock)

    def open_north(self, name: str, register: str = REGISTER, **options: object) -> None:
        """Such a campaign, started, with the sites of its northern city open; a worker must run."""
        self.write_campaign(name, register, **options)
        self.start_north(name)

    def start_north(self, name: str) -> None:
        """The same for a campaign that is written already."""
        self.run("start", f"{name}.yaml", "--register", f"{name}.csv")
        self.sign(name)
        self.until(lambda: self.is_issued(name))
        self.run("deploy", name, "north", "--submit", "ours", "--wait", "30s", "--as", CITY)
        self.run("deploy", name, "north", "--approve", "--as", PROVINCE)
        self.until(lambda: self.stages(name).get("rectifying", 0) > 0)

    def is_issued(self, campaign: str) -> bool:
        """Whether every city has its plan, without which it can not deploy."""
        return all(city["deployment"]["state"] != "not_issued" for city in self.data("status", campaign)["cities"])

    def stages(self, campaign: str) -> dict[str, int]:
        stages: dict[str, int] = self.data("status", campaign)["sites"]["by_stage"]
        return {stage: number for stage, number in stages.items() if number}

    def outstanding(self, site: str) -> dict[str, float]:
        """The outstanding quantities of a site."""
        tasks = self.data("status", "--site", site)["tasks"]
        return {task["id"]: task["left"] for task in tasks if task["left"]}


def _checked(arguments: list[str], expected: int, code: int, stdout: str, stderr: str) -> str:
    """What a command said; AssertionError if it ended with another code, or spoke on standard error without reason."""
    assert code == expected, f"{arguments}: {code}\n{stdout}\n{stderr}"
    assert (stderr == "") == (code == 0), stderr
    return stdout + stderr
