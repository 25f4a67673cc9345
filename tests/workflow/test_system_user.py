"""Several workers that start on a fresh machine at once all mean the same system user."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from runtime.embedded.postgres import ensure_system_user

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("useradd") is None, reason="only root makes users, and with useradd"
)

ROOT = Path(__file__).parents[2]
MADE = """
import pwd, sys
from runtime.embedded.postgres import ensure_system_user
print("ready", flush=True)
sys.stdin.readline()
ensure_system_user(sys.argv[1])
print(pwd.getpwnam(sys.argv[1]).pw_uid)
"""


@pytest.fixture
def name() -> Iterator[str]:
    """A user that nobody has, and that is gone afterwards."""
    unused = f"hd-{uuid4().hex[:12]}"
    yield unused
    subprocess.run(["userdel", unused], check=True)


def test_all_who_make_it_at_once_see_the_same_user(name: str) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", MADE, name], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for one in started:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in started:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    seen = [one.communicate(timeout=60)[0].strip() for one in started]
    assert seen == [str(pwd.getpwnam(name).pw_uid)] * 4


def test_one_that_is_there_stays_as_it_is(name: str) -> None:
    ensure_system_user(name)
    before = pwd.getpwnam(name)
    ensure_system_user(name)
    assert pwd.getpwnam(name) == before
