"""The exit codes of the command line where it reaches no server; one of each from a real process."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.in_process import run_in_process

ROOT = Path(__file__).parents[3]
PLAN = ROOT / "examples/henan-2021/plan.yaml"
REGISTER = ROOT / "examples/henan-2021/register.csv"


class Done(NamedTuple):
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


def bare(**environment: str) -> dict[str, str]:
    """An environment that names no server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "HUNDRED_DAYS_"))}
    return {**kept, **environment}


def run(*arguments: object, **environment: str) -> Done:
    """The starter in an environment that names no server."""
    return Done(*run_in_process([str(argument) for argument in arguments], Path.cwd(), bare(**environment)))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", PLAN, "--register", REGISTER, "--json"), 0),
        (("check", "nowhere.yaml"), 1),
        (("verify", "s", "county"), 2),
        (("status",), 3),
    ],
)
def test_a_process_ends_as_the_command_in_ours(arguments: tuple[object, ...], code: int, tmp_path: Path) -> None:
    environment = {"HUNDRED_DAYS_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, ROOT / "starter.py", *map(str, arguments)],
        env=bare(**environment),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == code
    assert run(*arguments, **environment) == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["begin"], 'Unknown command "begin"'),
        (["sttaus"], 'Did you mean "status"?'),
        (["correct", "s", "--reason", "r"], "say what is right"),
        (["check"], "PLAN"),
        (["check", PLAN, "--registr", REGISTER], "Did you mean --register"),
        (["overdue", "c", "--limit", "many"], '"many"'),
        (["suspend", "s", "--reason", "r", "--at", "noon"], "expected a time such as 2021-08-01T10:00+08:00"),
        (["complete", "s", "signs", "--quantity", "nan"], "expected a number from 0 to 999,999,999"),
        (["complete", "s", "signs", "--quantity", "-1"], "expected a number from 0 to 999,999,999"),
        (["complete", "s", "signs", "--quantity", "1ha"], "expected a number from 0 to 999,999,999"),
        (["deploy", "c", "410400", "--approve", "--submit", "opinion"], "one of --submit OPINION, --approve"),
        (["verify", "s", "county"], "one of --pass, --fail OPINION"),
        (["status", "--city", "410400"], "needs its campaign"),
        (["complete", "s", "signs", "--evidence", "later:foo"], "--evidence: expected before:, during: or after:"),
        (["complete", "s", "signs", "--evidence", ":x"], "--evidence: expected before:, during: or after:"),
    ],
)
def test_a_command_line_that_means_nothing_is_usage(arguments: list[object], complaint: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ") and complaint in done.stderr


def test_a_sound_plan_and_register_are_nought(tmp_path: Path) -> None:
    done = run("check", PLAN, "--register", REGISTER, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["sound"] is True and said["register"]["bad_rows"] == 0
    days = said["days"]
    assert (days["calendar_days"], days["working_days"], days["day_100"]) == (107, 71, "2021-10-24")
    assert days["make_up_days"] == ["2021-09-18", "2021-09-26", "2021-10-09"]


def test_check_names_unpublished_days_and_affected_clauses() -> None:
    done = run("check", PLAN, "--starts-on", "2030-03-01")
    assert done.returncode == 0
    assert "provisional" in done.stdout and "clauses.deployment" in done.stdout


def test_faults_are_listed_with_their_place_and_give_one(tmp_path: Path) -> None:
    register = tmp_path / "sites.csv"
    register.write_text(REGISTER.read_text(encoding="utf-8-sig").replace("33.7374,113.2564", "113.2564,33.7374"))
    done = run("check", PLAN, "--register", register, "--json")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    faults = json.loads(done.stdout)["faults"]
    assert [(fault["row"], fault["column"]) for fault in faults] == [(2, "纬度 / 经度")]
    for_people = run("check", PLAN, "--register", register)
    assert for_people.returncode == 1 and "probably swapped" in for_people.stdout


def test_a_missing_file_is_one_clear_line() -> None:
    done = run("check", "nowhere.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: nowhere.yaml: ")


def test_bad_rows_refuse_a_start_before_any_server_is_asked(tmp_path: Path) -> None:
    register = tmp_path / "sites.csv"
    register.write_text(REGISTER.read_text(encoding="utf-8-sig").replace(",露天", ",").replace("410402", "990402", 1))
    done = run("start", PLAN, "--register", register)
    assert done.returncode == 1
    assert "nothing was started" in done.stderr and "--skip-bad" in done.stderr


@pytest.mark.parametrize(
    ("actor", "code", "said"),
    [((), 2, "who gives this command"), (("--as", "li:city:410400"), 1, "started by the role province")],
)
def test_start_by_nobody_is_refused_before_any_server(actor: tuple[str, ...], code: int, said: str) -> None:
    done = run("start", PLAN, "--register", REGISTER, *actor)
    assert done.returncode == code and said in done.stderr


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "no Postgres is known"),
        ({"HUNDRED_DAYS_POSTGRES_URL": "postgresql://u:secret@127.0.0.1:1/d"}, "127.0.0.1:1, database d"),
    ],
)
def test_an_unreachable_server_is_three_within_seconds(tmp_path: Path, environment: dict[str, str], named: str) -> None:
    begun = time.monotonic()
    done = run("status", **environment, HUNDRED_DAYS_DATA_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: ") and named in done.stderr and "secret" not in done.stderr
    assert time.monotonic() - begun < 15


def test_a_setting_that_does_not_exist_is_named() -> None:
    done = run("status", HUNDRED_DAYS_POSTGRES="x")
    assert done.returncode == 1 and "did you mean HUNDRED_DAYS_POSTGRES_URL" in done.stderr


def test_forecast_is_offline_and_deterministic_by_seed() -> None:
    arguments = ("forecast", PLAN, "--register", REGISTER, "--people", "diligent", "--seed", "7", "--json")
    first, second = run(*arguments), run(*arguments)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == second.stdout
    said = json.loads(first.stdout)
    assert said["closed"] + said["carried_over"] == said["sites"] == 82 + 9, (
        "those of the register, and confirmed patches"
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "code"),
    [
        (["begin"], {}, 2),
        (["verify", "s", "county"], {}, 2),
        (["complete", "s", "signs", "--quantity", "nan"], {}, 2),
        (["deploy", "c", "410400", "--submit", "@nowhere.txt"], {}, 1),
        (["check", "nowhere.yaml"], {}, 1),
        (["authority", "no_such_command"], {}, 1),
        (["status"], {}, 3),
        (["status"], {"HUNDRED_DAYS_POSTGRES_URL": "db.example"}, 1),
        (["ledger", "c"], {"HUNDRED_DAYS_POSTGRES_URL": "postgresql://u@127.0.0.1:1/d"}, 3),
    ],
)
def test_with_json_every_error_is_one_object_too(
    arguments: list[str], environment: dict[str, str], code: int, tmp_path: Path
) -> None:
    done = run(*arguments, "--json", **environment, HUNDRED_DAYS_DATA_DIR=str(tmp_path))
    said = json.loads(done.stdout)
    assert done.returncode == said["exit_code"] == code
    assert done.stderr.rstrip("\n") == f"error: {said['error']}"
    assert run(*arguments, **environment, HUNDRED_DAYS_DATA_DIR=str(tmp_path)).stdout == ""


@pytest.mark.parametrize("command", ["check", "start"])
def test_a_result_with_its_faults_is_the_only_object(command: str, tmp_path: Path) -> None:
    register = tmp_path / "sites.csv"
    register.write_text(REGISTER.read_text(encoding="utf-8-sig").replace("33.7374,113.2564", "113.2564,33.7374"))
    done = run(command, PLAN, "--register", register, "--json")
    assert done.returncode == 1 and len(json.loads(done.stdout)["faults"]) == 1


def test_faults_of_other_files_are_in_the_object_of_the_error(tmp_path: Path) -> None:
    programme = tmp_path / "programme.yaml"
    programme.write_text("id: p\ntitle: t\n")
    done = run("programme", "check", programme, "--register", REGISTER, "--json")
    said = json.loads(done.stdout)
    assert done.returncode == said["exit_code"] == 1 and said["faults"][0]["file"] == "programme.yaml"


def test_a_setting_that_does_not_hold_is_one_line() -> None:
    done = run("status", HUNDRED_DAYS_POSTGRES_URL="db.example")
    assert done.returncode == 1
    assert [line.split(":")[0].strip() for line in done.stderr.splitlines()[1:]] == ["HUNDRED_DAYS_POSTGRES_URL"]
