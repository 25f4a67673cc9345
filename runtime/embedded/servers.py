"""The embedded pair: Temporal and Postgres on one machine, with one owner and one data folder."""

import asyncio
import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from runtime.addresses import SERVERS_FILE, EmbeddedPair, published_pair
from runtime.embedded.postgres import EmbeddedPostgres
from runtime.embedded.temporal import COMPRESSED_CLOCK, EmbeddedTemporal
from schemas.errors import HundredDaysError

LOCK_FILE = "servers.lock"
LEFT_OVER_SECONDS = 15.0


class EmbeddedServers:
    """`async with EmbeddedServers(Path("var")) as servers:` - both servers answer inside, and are stopped after it.

    `servers.json` in the folder has their addresses, for the other commands of this machine. A second owner of the same
    folder is refused. If the owner is killed the servers end too, and the next start takes over.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        compressed: bool = False,
        ephemeral: bool = False,
        ui: bool = False,
        port: int | None = None,
        dynamic_config: Mapping[str, str] | None = None,
    ) -> None:
        """Nothing is started before `async with`.

        Args:
            data_dir: The folder of both servers' data, made when missing.
            compressed: Sharp timers, for clocks that run a day a second.
            ephemeral: For tests: no durability in Postgres, and our files are removed at the end.
            ui: Serve Temporal's web interface (`ui_url`).
            port: Temporal's port on 127.0.0.1; None takes a free one.
            dynamic_config: More settings of the Temporal server, each value in JSON.
        """
        self._data_dir = data_dir.absolute()
        self._ephemeral = ephemeral
        self._stack = contextlib.AsyncExitStack()
        self._temporal = EmbeddedTemporal(
            self._data_dir / "temporal.db",
            self._data_dir / "temporal.log",
            ui=ui,
            port=port,
            dynamic_config={**(COMPRESSED_CLOCK if compressed else {}), **(dynamic_config or {})},
        )
        self._postgres = EmbeddedPostgres(
            self._data_dir / "postgres", self._data_dir / "postgres.log", durable=not ephemeral
        )

    @property
    def temporal_address(self) -> str:
        """`127.0.0.1:port`."""
        return self._temporal.address

    @property
    def postgres_url(self) -> str:
        """URL of the superuser on the maintenance database."""
        return self._postgres.url

    @property
    def ui_url(self) -> str | None:
        """Temporal's web interface; None without `ui=True`."""
        return self._temporal.ui_url

    async def __aenter__(self) -> Self:
        """Start both at once.

        Raises:
            HundredDaysError: the folder is owned by a running pair, or a server cannot be started on it.
            Unreachable: a server did not answer in time.
        """
        async with contextlib.AsyncExitStack() as stack:
            self._data_dir.mkdir(parents=True, exist_ok=True)
            stack.enter_context(self._owned())
            await self._wait_for_left_over_temporal()
            self._withdraw()
            if self._ephemeral:
                self._refuse_kept_data()
                stack.callback(self._remove_data)
            stack.push_async_callback(self._postgres.stop)
            stack.push_async_callback(self._temporal.stop)
            # Both are awaited even if one fails, so that nothing starts after the stop has begun.
            outcomes = await asyncio.gather(self._postgres.start(), self._temporal.start(), return_exceptions=True)
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
            self._publish()
            stack.callback(self._withdraw)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Withdraw the addresses, then stop Temporal, then Postgres."""
        await self._stack.aclose()

    @contextlib.contextmanager
    def _owned(self) -> Iterator[None]:
        """Lock the folder; the kernel releases the lock at the end of the process in any case."""
        with (self._data_dir / LOCK_FILE).open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pair = published_pair(self._data_dir)
                owner = f"process {pair.owner_pid}" if pair is not None else "a process that is just starting"
                raise HundredDaysError(
                    f"an embedded pair already runs on {self._data_dir} (owned by {owner}): "
                    "use that one, stop it, or take another data folder"
                ) from None
            yield

    async def _wait_for_left_over_temporal(self) -> None:
        """Wait for the server of a killed owner to close its file; `EmbeddedPostgres` does so itself."""
        pair = published_pair(self._data_dir)
        if pair is None:
            return
        host, _, port = pair.temporal_address.rpartition(":")
        try:
            async with asyncio.timeout(LEFT_OVER_SECONDS):
                await _falls_silent(host, int(port))
        except TimeoutError:
            raise HundredDaysError(
                f"a Temporal server left over from an earlier run still answers at {pair.temporal_address}: "
                "end that process, then start again"
            ) from None

    def _refuse_kept_data(self) -> None:
        kept = [path for path in self._data_files() if path.exists()]
        if kept:
            raise HundredDaysError(
                f"{kept[0]} holds kept data, which an ephemeral pair would remove: take another folder"
            )

    def _remove_data(self) -> None:
        for path in [*self._data_files(), self._data_dir / "temporal.log", self._data_dir / "postgres.log"]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def _data_files(self) -> list[Path]:
        return [self._data_dir / name for name in ("postgres", "temporal.db", "temporal.db-wal", "temporal.db-shm")]

    def _publish(self) -> None:
        pair = EmbeddedPair(
            temporal_address=self.temporal_address,
            postgres_url=self.postgres_url,
            ui_url=self.ui_url,
            owner_pid=os.getpid(),
        )
        target = self._data_dir / SERVERS_FILE
        aside = target.with_suffix(".new")
        aside.write_text(pair.model_dump_json(indent=2) + "\n")
        aside.replace(target)

    def _withdraw(self) -> None:
        (self._data_dir / SERVERS_FILE).unlink(missing_ok=True)


async def _falls_silent(host: str, port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            return
        writer.close()
        await asyncio.sleep(0.05)
