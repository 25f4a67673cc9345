"""The engine as the worker serves it, on queues and a database of the test's own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHandle

import worker
from rules.terms.plan import campaign_terms, site_terms
from runtime import temporal as updates
from runtime.settings import Settings
from schemas.answers import Answer
from schemas.clock import Clock
from schemas.ledger import LedgerEntry
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.site.commands import Verify
from schemas.starts import CampaignStart, SiteStart
from schemas.streams import campaign_stream, site_stream
from storage.campaigns import create_campaign
from storage.connections import Pool
from storage.ledger import read_stream
from storage.pool import open_pool
from tests.support.databases import migrated_database
from tests.support.joint_plans import signatures_of
from tests.support.plans import frozen_plan

Seen = TypeVar("Seen")


@dataclass
class Engine:
    """A served engine; `restart` replaces its worker, `stop` leaves the queues unattended."""

    client: Client
    pool: Pool
    settings: Settings
    url: str
    _serving: Any = field(default=None)

    async def serve(self) -> None:
        self._serving = worker.serving(self.client, self.pool, self.settings)
        await self._serving.__aenter__()

    async def stop(self) -> None:
        if self._serving is not None:
            serving, self._serving = self._serving, None
            await serving.__aexit__(None, None, None)

    async def start_campaign(self, frozen: FrozenPlan, sites: list[Site], clock: Clock) -> WorkflowHandle[Any, Any]:
        """As the starter does it; the agencies of a joint plan sign it, so that it is issued."""
        await create_campaign(self.pool, frozen, sites, clock)
        terms = campaign_terms(frozen, clock.campaign_time(datetime.now(UTC)), clock)
        handle = await self.client.start_workflow(
            "CampaignWorkflow",
            CampaignStart(terms=terms),
            id=campaign_stream(frozen.plan.id),
            task_queue=self.settings.task_queue,
        )
        for signature in signatures_of(frozen.plan, terms.issues_at):
            await handle.signal(signature.kind, signature)
        return handle

    async def start_site(
        self, frozen: FrozenPlan, site: Site, opened_at: datetime | None, clock: Clock
    ) -> WorkflowHandle[Any, Any]:
        """One site alone, with its campaign and register row in Postgres."""
        await create_campaign(self.pool, frozen, [site], clock)
        return await self.client.start_workflow(
            "SiteWorkflow",
            SiteStart(terms=site_terms(frozen, site, opened_at, clock)),
            id=site_stream(frozen.plan.id, site.id),
            task_queue=self.settings.task_queue,
        )

    async def ledger(self, stream: str) -> list[LedgerEntry]:
        return await read_stream(self.pool, stream)

    async def ledger_of(self, stream: str, wanted: int) -> list[LedgerEntry]:
        """The stream's entries, once there are as many as wanted."""
        async for entries in polled(lambda: self.ledger(stream)):
            if len(entries) >= wanted:
                return entries
        raise AssertionError("not reached")


async def polled(look: Callable[[], Awaitable[Seen]], seconds: float = 20) -> AsyncIterator[Seen]:
    """What a look shows, again and again; TimeoutError when nobody was satisfied in time."""
    async with asyncio.timeout(seconds):
        while True:
            yield await look()
            await asyncio.sleep(0.05)


async def ask(handle: WorkflowHandle[Any, Any], command: Any) -> Answer:
    """Send a command as the command line does and wait for its answer."""
    return await updates.ask(handle, command.kind, command)


async def strike_off(engine: Engine, handle: WorkflowHandle[Any, Any], last: Verify) -> None:
    """Give the last level's pass and wait until the site is closed.

    As a signal: when something else arrives while the workflow ends, the answer to an update is lost.
    """
    await handle.signal(last.kind, last)
    async for entries in polled(lambda: engine.ledger(handle.id)):
        if any(entry.kind == "closed" for entry in entries):
            return


async def engine_on(client: Client, postgres_url: str, folder: Path) -> AsyncIterator[Engine]:
    """An engine with a migrated database and queues that nobody else has."""
    name = uuid4().hex[:12]
    url = await migrated_database(postgres_url, f"engine_{name}")
    pool = await open_pool(url)
    settings = Settings(data_dir=folder, task_queue=f"engine-{name}", delivery_queue=f"delivery-{name}")
    engine = Engine(client, pool, settings, url)
    await engine.serve()
    try:
        yield engine
    finally:
        await engine.stop()
        await pool.close()


@pytest.fixture
async def engine(temporal_client: Client, postgres_url: str, tmp_path: Path) -> AsyncIterator[Engine]:
    async for served in engine_on(temporal_client, postgres_url, tmp_path):
        yield served


@pytest.fixture
def frozen() -> FrozenPlan:
    """A campaign with an id of the test's own: workflow ids are shared by the whole server."""
    return frozen_plan(f"c-{uuid4().hex[:10]}")
