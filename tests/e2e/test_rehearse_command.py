"""`starter.py rehearse` as `make demo` runs it: from a plan to the files that a stranger can check."""

import hashlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from tests.support.command_line import REGISTER, ROOT

pytestmark = pytest.mark.timeout(240)

SHORT = """
id: short
title: Twenty days of the hills
document_number: short No. 1
issuing_agencies: [{name: Department of Natural Resources, series: DNR}]
province: Hills
time_zone: Etc/UTC
language: en
starts_on: 2021-03-01
ends_on: 2021-03-20
clauses:
  deployment: {amount: 2, unit: working_days}
  rectification: {amount: 5, unit: calendar_days}
  re_rectification: {amount: 2, unit: working_days}
calendar: {source: weekdays}
division_codes: free
catalogue: [{id: signs, title: Warning signs, unit: piece}]
cities:
  - {code: north, name: Northtown, lead: Mayor of Northtown, recipients: [{name: Office}]}
  - {code: south, name: Southtown, lead: Mayor of Southtown, recipients: [{name: Office}]}
reminder_days: [2]
ladder:
  - rung: 2
    instrument: supervision_order
    after: {amount: 1, unit: calendar_days}
    addressee: government
    receipt: {amount: 1, unit: working_days}
    reply: {amount: 2, unit: working_days}
  - rung: 3
    instrument: circular
    after: {amount: 2, unit: working_days}
    approver: {name: Campaign office, superior: {name: Government of Hills}}
    addressee: government
briefing: {}
verification:
  levels: [{id: county, title: County, by: county}]
"""


@pytest.fixture(scope="module")
def rehearsed() -> Iterator[Path]:
    """The folder that a rehearsal of 20 days at 0.6 s left behind; it ended with 0."""
    with tempfile.TemporaryDirectory(prefix="hundred-days-rehearsed-") as name:
        folder = Path(name)
        (folder / "plan.yaml").write_text(SHORT)
        (folder / "sites.csv").write_text(REGISTER.replace("CAMPAIGN", "short"))
        command: list[object] = [
            ROOT / "starter.py",
            "rehearse",
            folder / "plan.yaml",
            "--register",
            folder / "sites.csv",
        ]
        how = ["--day", "600ms", "--people", "slack", "--seed", "3", "--out", folder / "out"]
        bare = {n: v for n, v in os.environ.items() if not n.startswith(("TEMPORAL_", "HUNDRED_DAYS_"))}
        done = subprocess.run(
            [sys.executable, *map(str, [*command, *how])],
            cwd=folder,
            env=bare,
            capture_output=True,
            text=True,
            timeout=200,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "day 1 of 20" in done.stdout and "ledger" in done.stdout, "the board moved and the ledger was proved"
        yield folder / "out"


def test_another_terminal_can_look_while_a_rehearsal_runs(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(SHORT)
    (tmp_path / "sites.csv").write_text(REGISTER.replace("CAMPAIGN", "short"))
    starter = [sys.executable, str(ROOT / "starter.py")]
    bare = {n: v for n, v in os.environ.items() if not n.startswith(("TEMPORAL_", "HUNDRED_DAYS_"))}
    command = [*starter, "rehearse", "plan.yaml", "--register", "sites.csv", "--day", "30s", "--out", "out"]
    with subprocess.Popen(command, cwd=tmp_path, env=bare, stdout=subprocess.PIPE, text=True) as rehearsal:
        try:
            assert rehearsal.stdout is not None
            export = next(line for line in rehearsal.stdout if line.startswith("export "))
            joined = bare | dict(word.split("=", 1) for word in shlex.split(export)[1:])
            assert set(joined) - set(bare) == {"TEMPORAL_ADDRESS", "HUNDRED_DAYS_POSTGRES_URL"}
            receipt = [*starter, "receipt", "short", "north", "--as", "li:city:north"]
            deadline = time.monotonic() + 60
            while (
                signed := subprocess.run(receipt, env=joined, capture_output=True, text=True, timeout=60)
            ).returncode:
                assert time.monotonic() < deadline, signed.stdout + signed.stderr
                time.sleep(0.5)
            assert signed.stdout.startswith("accepted: sign_receipt at short/north")
        finally:
            rehearsal.send_signal(signal.SIGINT)
            try:
                rehearsal.wait(60)
            except subprocess.TimeoutExpired:  # a shell's background job ignores Ctrl-C, and so do its children
                rehearsal.kill()
                raise


@contextmanager
def stoppable(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Path, str]]:
    """A rehearsal on its eleventh day, the folder of its temporary files, and the address of its Temporal server."""
    (folder / "plan.yaml").write_text(SHORT)
    (folder / "sites.csv").write_text(REGISTER.replace("CAMPAIGN", "short"))
    bare = {n: v for n, v in os.environ.items() if not n.startswith(("TEMPORAL_", "HUNDRED_DAYS_"))}
    command = [sys.executable, str(ROOT / "starter.py"), "rehearse", "plan.yaml", "--register", "sites.csv"]
    with tempfile.TemporaryDirectory(prefix="hd-") as temporary:
        # A shell's background job ignores Ctrl-C, and its children with it; a handled signal is not inherited.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            rehearsal = subprocess.Popen(
                [*command, "--day", "400ms", "--out", "out"],
                cwd=folder,
                env=bare | {"TMPDIR": temporary},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        finally:
            signal.signal(signal.SIGINT, before)
        with rehearsal:
            try:
                assert rehearsal.stdout is not None
                export = next(line for line in rehearsal.stdout if line.startswith("export "))
                (address,) = re.findall(r"127[.]0[.]0[.]1:[0-9]+", export)
                assert list(Path(temporary).iterdir())
                assert any(line.startswith("day 11 of 20") for line in rehearsal.stdout)
                yield rehearsal, Path(temporary), address
            finally:
                rehearsal.kill()


def answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


@pytest.mark.parametrize("by, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_rehearsal_writes_its_report_and_leaves_nothing_behind(
    by: signal.Signals, code: int, tmp_path: Path
) -> None:
    with stoppable(tmp_path) as (rehearsal, temporary, address):
        rehearsal.send_signal(by)
        said, _ = rehearsal.communicate(timeout=60)
        assert rehearsal.returncode == code, said
        assert list(temporary.iterdir()) == [] and not answers(address)
    told = " ".join(said.split())  # lines are wrapped
    assert re.search(r"stopped on day 1[0-9] of 20, before the campaign ended", told) and "Traceback" not in said
    out = tmp_path / "out"
    assert "The rehearsal was stopped before the campaign ended" in (out / "report.html").read_text(encoding="utf-8")
    summary = load_workbook(out / "report.xlsx", read_only=True).worksheets[0]
    assert any("The rehearsal was stopped" in str(cell.value) for row in summary.iter_rows() for cell in row)
    status = json.loads((out / "status.json").read_text())
    assert status["rehearsal_stopped"] and status["sites"]["total"] == 4
    assert {entry["kind"] for entry in ledger(out)} >= {"plan_issued", "deployment_approved", "opened"}


def test_rehearsal_that_is_stopped_twice_ends_at_once(tmp_path: Path) -> None:
    with stoppable(tmp_path) as (rehearsal, temporary, address):
        began = time.monotonic()
        while rehearsal.poll() is None:  # two signals at one moment may be one
            rehearsal.send_signal(signal.SIGINT)
            time.sleep(0.05)
        assert rehearsal.returncode == 130 and time.monotonic() - began < 5
        while answers(address):
            assert time.monotonic() - began < 20, "its servers end with it"
            time.sleep(0.1)
        assert [path for path in temporary.iterdir() if path.is_dir() and list(path.glob("postgres/*"))] == []
    assert not (tmp_path / "out" / "report.html").exists()


def test_every_city_adds_up_to_its_register(rehearsed: Path) -> None:
    status = json.loads((rehearsed / "status.json").read_text())
    assert (status["campaign_id"], status["phase"], status["days"]) == ("short", "closed", 20)
    assert {city["code"]: city["sites"]["total"] for city in status["cities"]} == {"north": 3, "south": 1}
    for part in (status, *status["cities"]):
        stages = part["sites"]["by_stage"]
        assert stages["closed"] + stages["carried_over"] == part["sites"]["total"]


def test_a_stranger_can_verify_the_ledger(rehearsed: Path) -> None:
    heads: dict[str, str] = {}
    for line in (rehearsed / "ledger.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        kept, before = entry.pop("hash"), entry.pop("prev_hash")
        assert before == heads.get(entry["stream"], "")
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(f"{before}\n{text}".encode()).hexdigest() == kept
        heads[entry["stream"]] = kept
    assert len(heads) == 1 + 2 + 4


def test_rehearsal_documents_are_numbered_and_dated_by_clauses(rehearsed: Path) -> None:
    issued = [entry for entry in ledger(rehearsed) if entry["kind"] == "document_issued"]
    numbered = [entry["data"]["number"] for entry in issued if entry["data"]["document"] != "plan_issue"]
    assert sorted(numbered, key=place) == [f"DNR [2021] No. {n}" for n in range(1, len(numbered) + 1)]
    assert {"supervision_order", "briefing", "rectification_notice"} <= {entry["data"]["document"] for entry in issued}
    for entry in issued:
        on, data = datetime.fromisoformat(entry["at"]), entry["data"]
        assert on.weekday() < 5 and (data["document"] in ("plan_issue", "closing_report") or on.hour == 9)
        for clause, days in (("receipt_due", 1), ("reply_due", 2)):
            if clause in data:
                assert datetime.fromisoformat(data[clause]) == after_working_days(on, days)


def place(number: str) -> int:
    return int(number.rsplit(" ", 1)[1])


def after_working_days(on: datetime, days: int) -> datetime:
    """The midnight that ends the last of so many weekdays after the day of issue."""
    day = on.replace(hour=0, minute=0, second=0, microsecond=0)
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day + timedelta(days=1)


def ledger(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_file_of_documents_tells_numbers_dates_and_receipts(rehearsed: Path) -> None:
    page = (rehearsed / "documents.html").read_text(encoding="utf-8")
    issued = [entry["data"] for entry in ledger(rehearsed) if entry["kind"] == "document_issued"]
    signed = [entry["data"]["key"] for entry in ledger(rehearsed) if entry["kind"] == "document_signed"]
    assert signed
    for data in issued:
        assert data.get("number", "short No. 1") in page
    linked = set(re.findall(r'href="(outbox/[^"]+[.]pdf)"', page))
    assert len(linked) == len(issued)
    assert all((rehearsed / unquote(link)).read_bytes().startswith(b"%PDF") for link in linked)


def test_report_and_outbox_are_there_to_read(rehearsed: Path) -> None:
    outside: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            outside.extend(v for n, v in attrs if n in ("src", "href") and v and not v.startswith(("#", "data:")))

    Links().feed((rehearsed / "report.html").read_text(encoding="utf-8"))
    assert outside == []
    assert len(load_workbook(rehearsed / "report.xlsx", read_only=True).sheetnames) >= 4
    assert sorted(p.name for p in (rehearsed / "outbox" / "short").iterdir()) == ["north", "province", "south"]
    assert list((rehearsed / "outbox" / "short" / "north").glob("*plan_issue*.txt"))
