"""The machine under test: one embedded pair, and one worker process at a time."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
from temporalio.client import Client

from bench.plain_life import TABLES
from bench.progress import PROGRESS_FILE, Progress
from runtime.embedded.child_process import ChildProcess
from runtime.embedded.servers import EmbeddedServers
from runtime.search_attributes import register_search_attributes
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from schemas.errors import HundredDaysError
from storage.connections import Pool
from storage.migrate import create_database, migrate
from storage.pool import open_pool

_PROJECT = Path(__file__).resolve().parent.parent
_READY_SECONDS = 60.0
_STOP_SECONDS = 20.0


class Machine:
    """Servers, a client, and the database of each kind of variant."""

    def __init__(self, folder: Path, client: Client, pool: Pool, temporal: str, urls: dict[str, str]) -> None:
        self.folder = folder
        self.client = client
        self.pool = pool
        self.temporal = temporal
        self.urls = urls
        self.progress = Progress(folder / PROGRESS_FILE)
        self._started = 0

    @contextlib.asynccontextmanager
    async def worker(self, variant: str, profile: Path | None = None) -> AsyncIterator[None]:
        """A fresh worker process of this variant inside the block; HundredDaysError with its last words if it fails."""
        self._started += 1
        self.progress.write(0)
        log = self.folder / f"worker-{self._started}-{variant}.log"
        arguments = [variant, self.temporal, self.urls[variant], str(self.folder), *([str(profile)] if profile else [])]
        process = await ChildProcess.start(
            [sys.executable, "-m", "bench.process", *arguments],
            log=log,
            environment={**os.environ, "PYTHONPATH": str(_PROJECT)},
            orphan_signal=signal.SIGTERM,
        )
        try:
            async with asyncio.timeout(_READY_SECONDS):
                while "ready" not in process.last_words():
                    if process.exit_code is not None:
                        raise HundredDaysError(f"the {variant} worker ended:\n{process.last_words()}")
                    await asyncio.sleep(0.05)
            yield
            if process.exit_code is not None:
                raise HundredDaysError(f"the {variant} worker ended:\n{process.last_words()}")
        finally:
            await process.stop(signal.SIGTERM, _STOP_SECONDS)


@contextlib.asynccontextmanager
async def running_machine(folder: Path) -> AsyncIterator[Machine]:
    """An embedded pair with production's durability, its databases made."""
    async with contextlib.AsyncExitStack() as stack:
        servers = await stack.enter_async_context(EmbeddedServers(folder))
        engine = await create_database(servers.postgres_url, "bench_engine")
        await migrate(engine)
        plain = {}
        for variant in ("naive", "dbos"):
            plain[variant] = await create_database(servers.postgres_url, f"bench_{variant}")
            connection = await asyncpg.connect(plain[variant])
            await connection.execute(TABLES)
            await connection.close()
        client = await connect_temporal(Settings(data_dir=folder), servers.temporal_address)
        await register_search_attributes(client)
        pool = await open_pool(engine)
        stack.push_async_callback(pool.close)
        urls = {"engine": engine, "skeleton": engine, **plain}
        yield Machine(folder, client, pool, servers.temporal_address, urls)
