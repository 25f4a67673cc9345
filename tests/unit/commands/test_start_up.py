"""What a command loads, and how much processor time it takes, before it does its work."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
ACTOR = ("--as", "li:city:410400")
HEAVY = (
    "chinese_calendar", "httpx2", "jinja2", "openpyxl", "python_calamine", "structlog", "temporalio", "typst",
    "xlsxwriter", "yaml", "workflows", "activities",
)  # fmt: skip
"""What no command needs before it knows its campaign."""
SERVERS = ("asyncpg", "storage", "rules", "schemas.commands", "schemas.plan")
"""What a command line that is only parsed does not need either."""
SECONDS = 1.0
"""Of processor time, with a wide margin: 0.15 to 0.25 was measured, and half as much again without kept bytecode."""

PROGRAM = """
import json, os, runpy, sys, time
import commands.common.connection
def stop():
    said = {"seconds": time.process_time(), "loaded": sorted(sys.modules)}
    print(json.dumps(said), file=sys.stderr, flush=True)
    os._exit(0)
commands.common.connection.connected = stop
sys.argv = ["starter.py", *sys.argv[1:]]
runpy.run_path("starter.py", run_name="__main__")
"""
"""A command that ends where it would open its servers."""
PARSED = """
import json, os, runpy, sys, time
import runtime.exit
def report(app):
    code = runtime.exit.call(app)
    said = {"seconds": time.process_time(), "loaded": sorted(sys.modules)}
    print(json.dumps(said), file=sys.stderr, flush=True)
    os._exit(code)
runtime.exit.run_app = report
sys.argv = ["starter.py", *sys.argv[1:]]
runpy.run_path("starter.py", run_name="__main__")
"""
"""A command line that is complete after it was parsed."""


def said_by(program: str, arguments: tuple[str, ...]) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True)
    said: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    return said


def loaded(said: dict[str, Any], names: tuple[str, ...]) -> list[str]:
    return [name for name in names if name in said["loaded"]]


@pytest.mark.parametrize("arguments", [("--help",), ("deploy", "--help"), ("check",), ("sttaus",)])
def test_what_is_only_parsed_loads_nothing_of_the_engine(arguments: tuple[str, ...]) -> None:
    said = said_by(PARSED, arguments)
    assert loaded(said, HEAVY + SERVERS) == []
    assert said["seconds"] < SECONDS


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("status", "c", "--json"),
        ("overdue", "c"),
        ("ledger", "c"),
        ("documents", "c"),
        ("deploy", "c", "410400", "--approve", *ACTOR),
        ("receipt", "c", "410400", *ACTOR),
        ("complete", "s", "signs", *ACTOR),
        ("verify", "s", "county", "--pass", *ACTOR),
        ("stop", "c", "--reason", "r", *ACTOR),
        ("approve", "c", "d", *ACTOR),
    ],
)
def test_a_command_is_quick_until_it_opens_its_servers(arguments: tuple[str, ...]) -> None:
    said = said_by(PROGRAM, arguments)
    assert loaded(said, HEAVY) == []
    assert said["seconds"] < SECONDS
