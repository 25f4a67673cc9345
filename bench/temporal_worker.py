"""The worker processes of the Temporal variants: the engine's own, and one for skeleton and naive like it."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

import worker
from bench.naive import Naive, NaiveExecutor
from bench.progress import PROGRESS_FILE, CountingInterceptor, Progress
from bench.skeleton import Skeleton
from runtime.sandbox import sandbox
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from storage.pool import open_pool

_RUNNER = sandbox("bench")
_NAIVE_CONNECTIONS = 20


@contextlib.asynccontextmanager
async def serving_engine(address: str, postgres_url: str, settings: Settings) -> AsyncIterator[None]:
    """The engine as `worker.py` serves it, with its real recorder."""
    client = await _connect(address, settings)
    pool = await open_pool(postgres_url)
    try:
        async with worker.serving(client, pool, settings):
            yield
    finally:
        await pool.close()


@contextlib.asynccontextmanager
async def serving_skeleton(address: str, postgres_url: str, settings: Settings) -> AsyncIterator[None]:
    """The skeleton with the engine's slots, cache and pollers; it never connects to Postgres."""
    client = await _connect(address, settings)
    async with _worker(client, settings, Skeleton, []):
        yield


@contextlib.asynccontextmanager
async def serving_naive(address: str, postgres_url: str, settings: Settings) -> AsyncIterator[None]:
    """The naive design with the same settings and enough connections of its own."""
    client = await _connect(address, settings)
    pool = await open_pool(postgres_url, size=_NAIVE_CONNECTIONS, as_application=False)
    try:
        async with _worker(client, settings, Naive, [NaiveExecutor(pool).transition]):
            yield
    finally:
        await pool.close()


async def _connect(address: str, settings: Settings) -> Client:
    client = await connect_temporal(settings, address)
    counting = CountingInterceptor(Progress(settings.data_dir / PROGRESS_FILE))
    config = client.config()
    config["interceptors"] = [counting]
    return Client(**config)


def _worker(client: Client, settings: Settings, workflow: type, activities: list[Callable[..., Any]]) -> Worker:
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[workflow],
        activities=activities,
        workflow_runner=_RUNNER,
        max_cached_workflows=settings.cache_size,
        max_concurrent_workflow_tasks=settings.workflow_slots,
        max_concurrent_activities=settings.activity_slots,
        max_concurrent_local_activities=settings.local_activity_slots,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=worker.GRACE,
    )
