"""What the command line answers while a campaign lives: its status, what is not known, a server that is away."""

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.command_line import CITY, ROOT, CommandLine

pytestmark = pytest.mark.timeout(240)


def test_commands_on_a_live_campaign_end_with_nought_forty_times(shell: CommandLine) -> None:
    """Half of them used temporalio, after which a Python process can crash while it ends (runtime.exit)."""
    plan, register = shell.write_campaign("lively")
    status, receipt = ("status", "lively", "--json"), ("receipt", "lively", "north", "--as", CITY, "--json")
    with shell.worker():
        shell.run("start", plan, "--register", register)
        shell.until(lambda: shell.data("status", "lively")["documents"].get("sent") == 2)
        with ThreadPoolExecutor(4) as people:
            said = list(people.map(lambda _: shell.process(*status), range(20)))
            answers = list(people.map(lambda _: shell.process(*receipt, "--command-id", "once"), range(20)))
    for text in said:
        status_now = json.loads(text)
        assert status_now["campaign_id"] == "lively" and status_now["sites"]["total"] == 4
        assert sum(status_now["sites"]["by_stage"].values()) == 4
    assert set(status_now) >= {"title", "phase", "day", "days", "starts_on", "ends_on", "as_of", "sites", "cities"}
    assert {json.loads(text)["verdict"] for text in answers} <= {"accepted", "duplicate"}


@pytest.fixture(scope="module")
def lively(shell: CommandLine) -> None:
    """A campaign that is there, whichever of these tests runs first; starting it again changes nothing."""
    plan, register = shell.write_campaign("lively")
    shell.run("start", plan, "--register", register)


@pytest.mark.usefixtures("lively")
def test_who_and_what_must_be_known(shell: CommandLine) -> None:
    assert "Known campaigns:" in shell.run("status", "nowhere", code=1)
    assert "neither a campaign, a programme nor a site" in shell.run("ledger", "nowhere", code=1)
    assert "not in the register of any campaign" in shell.run(
        "suspend", "nothing", "--reason", "r", "--as", CITY, code=1
    )
    assert "--as id:role:unit" in shell.run("stop", "lively", "--reason", "r", code=2)
    assert "Its cities: north Northtown, south Southtown" in shell.run(
        "receipt", "lively", "east", "--as", CITY, code=1
    )


@pytest.mark.usefixtures("lively")
def test_unreachable_temporal_is_named_and_exits_with_three(shell: CommandLine) -> None:
    begun = time.monotonic()
    arguments = ("receipt", "lively", "north", "--as", CITY)
    assert "127.0.0.1:1" in shell.process(*arguments, code=3, TEMPORAL_ADDRESS="127.0.0.1:1")
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
