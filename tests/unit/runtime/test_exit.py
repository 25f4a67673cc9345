"""Every program of ours ends with its true code: real processes, real pipes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = """
import asyncio, atexit, sys
from runtime.exit import run_to_exit
from schemas.errors import HundredDaysError, Unreachable
atexit.register(print, "an exit hook ran")
def main() -> int:
{body}
run_to_exit(main)
"""


def run(body: str) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(body="\n".join(f"    {line}" for line in body.splitlines()))
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return 0", 0),
        ("return 2", 2),
        ("raise SystemExit(2)", 2),
        ("raise SystemExit", 0),
        ("raise KeyboardInterrupt", 130),
    ],
)
def test_a_program_ends_with_the_code_it_meant_and_says_nothing(body: str, code: int) -> None:
    done = run(body)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_output_complete_despite_immediate_interpreter_exit() -> None:
    done = run("print('x' * 100_000)\nreturn 0")
    assert (done.returncode, len(done.stdout)) == (0, 100_001)


def test_an_expected_error_is_one_clear_line() -> None:
    done = run("raise Unreachable('Temporal does not answer at 127.0.0.1:1')")
    assert (done.returncode, done.stderr) == (3, "error: Temporal does not answer at 127.0.0.1:1\n")


def test_an_expected_error_inside_a_task_group_is_the_same_line() -> None:
    done = run(
        "async def fail(): raise HundredDaysError('the plan does not hold')\n"
        "async def group():\n"
        "    async with asyncio.TaskGroup() as tasks: tasks.create_task(fail())\n"
        "asyncio.run(group())"
    )
    assert (done.returncode, done.stderr) == (1, "error: the plan does not hold\n")


def test_a_fault_of_ours_shows_its_traceback_and_is_no_refusal() -> None:
    done = run("raise ZeroDivisionError('ours')")
    assert done.returncode == 70
    assert "Traceback" in done.stderr and "ZeroDivisionError: ours" in done.stderr


def test_a_reader_that_leaves_early_ends_the_program_quietly() -> None:
    program = PROGRAM.format(body="    for n in range(10**7): print(n)\n    return 0")
    writer = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None and writer.stderr is not None
    with writer, writer.stderr:
        assert writer.stdout.readline() == "0\n"
        writer.stdout.close()
        complaints = writer.stderr.read()
    assert (writer.returncode, complaints) == (141, "")


def test_broken_connection_not_treated_as_closed_reader() -> None:
    assert run("raise BrokenPipeError('some server')").returncode == 70
