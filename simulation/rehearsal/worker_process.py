"""The worker of a rehearsal: a process of its own, as in production; it is stopped at the end of the rehearsal."""

import asyncio
import contextlib
import importlib.util
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from runtime.embedded.child_process import ChildProcess
from runtime.settings import ENV_PREFIX, Settings
from schemas.errors import HundredDaysError, Unreachable

_READY = "worker ready"
_READY_WITHIN = 30.0
_STOPPED_WITHIN = 15.0


@contextlib.asynccontextmanager
async def worker_process(
    settings: Settings, *, temporal_address: str, postgres_url: str, outbox: Path, log: Path
) -> AsyncIterator[None]:
    """A worker on these servers inside the block; its documents go to `outbox` only, never by mail.

    Raises:
        Unreachable: it ended or was not ready within 30 s; with the end of its log.
    """
    command = [sys.executable, _program()]
    environment = _environment(settings, temporal_address, postgres_url, outbox)
    process = await ChildProcess.start(command, log=log, environment=environment, orphan_signal=signal.SIGTERM)
    try:
        await _until_ready(process, log)
        yield
    finally:
        await process.stop(signal.SIGTERM, _STOPPED_WITHIN)


async def _until_ready(process: ChildProcess, log: Path) -> None:
    try:
        async with asyncio.timeout(_READY_WITHIN):
            while _READY not in process.last_words():
                if process.exit_code is not None:
                    raise Unreachable(f"the worker ended while starting; {log} says:\n{process.last_words()}")
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise Unreachable(
            f"the worker was not ready within {_READY_WITHIN:g} s; {log} says:\n{process.last_words()}"
        ) from None


def _program() -> str:
    """The path of `worker.py`; nobody imports it."""
    found = importlib.util.find_spec("worker")
    if found is None or found.origin is None:
        raise HundredDaysError("worker.py is not installed beside this package: run from the project's folder")
    return found.origin


def _environment(settings: Settings, temporal_address: str, postgres_url: str, outbox: Path) -> Mapping[str, str]:
    """The environment of this process, without the variables that name other servers, mail servers or channels."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    for reaching_people in ("SMTP_URL", "CHANNELS_FILE"):
        kept.pop(f"{ENV_PREFIX}{reaching_people}", None)
    return {
        **kept,
        "TEMPORAL_ADDRESS": temporal_address,
        "TEMPORAL_CONFIG_FILE": os.devnull,
        f"{ENV_PREFIX}POSTGRES_URL": postgres_url,
        f"{ENV_PREFIX}OUTBOX_DIR": str(outbox.absolute()),
        f"{ENV_PREFIX}OUTBOX_ONLY": "true",
        f"{ENV_PREFIX}TASK_QUEUE": settings.task_queue,
        f"{ENV_PREFIX}DELIVERY_QUEUE": settings.delivery_queue,
    }
