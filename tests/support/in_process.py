"""A command inside the process of the tests: by the same function as in a process of its own (runtime.exit)."""

import contextlib
import io
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import starter
from runtime.exit import call, outcome_of

PATIENCE = 60.0
"""Seconds within which a command must have ended."""

_ONE_AT_A_TIME = threading.Lock()
"""Standard streams, environment and working directory are those of the whole process."""


def run_in_process(arguments: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str, str]:
    """One command in this process: its exit code, its standard output and its standard error.

    It runs in a thread of its own, because it runs an event loop of its own; the environment, the working directory,
    the standard streams and the handlers of the log are its own meanwhile.
    """
    code: list[int] = []
    command = threading.Thread(
        target=lambda: code.append(outcome_of(lambda: call(starter.app, arguments))), name=" ".join(arguments[:2])
    )
    stdout, stderr = _Captured(), _Captured()
    with (
        _ONE_AT_A_TIME,
        _environment_of(environment),
        contextlib.chdir(folder),
        _log_of_its_own(),
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
    ):
        command.start()
        command.join(PATIENCE)
        assert not command.is_alive(), f"{arguments}: no end within {PATIENCE:g} s"
    return code[0], stdout.text(), stderr.text()


class _Captured(io.TextIOWrapper):
    """A standard stream into memory, UTF-8 and no terminal, as the pipe of a process is."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="\n", write_through=True)

    def text(self) -> str:
        """What was written."""
        self.flush()
        written: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return written.decode("utf-8")


@contextmanager
def _environment_of(wanted: dict[str, str]) -> Iterator[None]:
    """Exactly these variables inside the block; only those that differ are touched."""
    before = dict(os.environ)
    _change_environment(before, wanted)
    try:
        yield
    finally:
        _change_environment(dict(os.environ), before)


def _change_environment(now: dict[str, str], wanted: dict[str, str]) -> None:
    for name in now.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in wanted.items() if now.get(name) != value})


@contextmanager
def _log_of_its_own() -> Iterator[None]:
    """No handlers at first, as in a process that has just started; those of the tests again after it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    root.setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
