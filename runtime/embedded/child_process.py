"""A server process that this process starts, watches and stops, and that never outlives it."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

_TETHER = str(Path(__file__).with_name("tether.py"))
_LOG_TAIL_BYTES = 2000


class ChildProcess:
    """One running server process; start it from the main thread: Linux ends it with the thread that started it."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        """Use `start`; `log` is the file both output streams go to."""
        self._process = process
        self._log = log

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        orphan_signal: signal.Signals,
        user: str | None = None,
    ) -> Self:
        """Start `command` in a session of its own, so that Ctrl-C in the terminal does not reach it.

        Args:
            command: Absolute program path and its arguments.
            log: Where its output is appended.
            environment: Its whole environment.
            orphan_signal: What it gets if we die without stopping it (Linux only).
            user: System user to run as; only root may say so.
        """
        tether = (sys.executable, "-I", "-S", _TETHER, str(os.getpid()), str(int(orphan_signal)), user or "-")
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *tether,
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                start_new_session=True,
            )
        return cls(process, log)

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.returncode

    def last_words(self) -> str:
        """The end of its log, for error messages."""
        with self._log.open("rb") as log:
            log.seek(max(0, self._log.stat().st_size - _LOG_TAIL_BYTES))
            return log.read().decode(errors="replace").strip()

    async def wait(self) -> int:
        """Wait until it ends by itself; returns its exit code."""
        return await self._process.wait()

    async def stop(self, asked_by: signal.Signals, patience_seconds: float) -> None:
        """Send it a signal and wait for its end; kill it after the time-out, or at once if this call is cancelled."""
        if self._process.returncode is not None:
            return
        try:
            self._process.send_signal(asked_by)
            async with asyncio.timeout(patience_seconds):
                await self._process.wait()
        except TimeoutError:
            pass
        finally:
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()
