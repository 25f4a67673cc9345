"""The shell of somebody who uses this project, and a small campaign to try it on; our programs are processes."""

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
CITY, PROVINCE, EXPERT = "li:city:north", "wang:province:Hills", "sun:expert:north"
COUNTY = "qian:county:lower"
"""Of the quarry, which the tests have verified."""


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

    def write_campaign(self, name: str, register: str = REGISTER, **options: object) -> tuple[str, str]:
        """The names of the plan's and the register's files; `options` are laid over the plan."""
        plan = PLAN.replace("CAMPAIGN", name)
        if options:
            plan = yaml.safe_dump({**yaml.safe_load(plan), **options}, sort_keys=False, allow_unicode=True)
        (self.folder / f"{name}.yaml").write_text(plan)
        (self.folder / f"{name}.csv").write_text(register.replace("CAMPAIGN", name))
        return f"{name}.yaml", f"{name}.csv"

    def open_north(self, name: str, register: str = REGISTER, **options: object) -> None:
        """Such a campaign, started, with the sites of its northern city open; a worker must run."""
        plan, file = self.write_campaign(name, register, **options)
        self.run("start", plan, "--register", file)
        self.run("deploy", name, "north", "--submit", "ours", "--wait", "30s", "--as", CITY)
        self.run("deploy", name, "north", "--approve", "--as", PROVINCE)
        self.until(lambda: self.stages(name).get("rectifying", 0) > 0)

    def stages(self, campaign: str) -> dict[str, int]:
        stages: dict[str, int] = self.data("status", campaign)["sites"]["by_stage"]
        return {stage: number for stage, number in stages.items() if number}

    def outstanding(self, site: str) -> dict[str, float]:
        """What is still to do at a site."""
        tasks = self.data("status", "--site", site)["tasks"]
        return {task["id"]: task["left"] for task in tasks if task["left"]}
