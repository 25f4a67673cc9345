"""The load on a Temporal variant: every site is started, gets its messages spread over time, and ends.

Messages go out in sweeps: the first to every site, then the second, and so on, the next message of a site after its
one before is acknowledged. At most `AT_ONCE` are sent and not yet taken up by a workflow, so a message finds its site
idle, as in a campaign, and a slow worker does not gain from several messages in one workflow task.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from bench.life import LIFE, Step, workflow_id
from bench.progress import Progress
from runtime.search_attributes import CAMPAIGN_ID, CITY_CODE
from runtime.settings import Settings
from schemas.starts import SiteStart

AT_ONCE = 45
"""Requests in flight, and messages on their way from the sender to the workflow."""

_LOOK_SECONDS = 0.02


QUEUE = Settings().task_queue

T = TypeVar("T")


@dataclass(frozen=True)
class Spent:
    """Seconds of one load: until all were started, until all messages were acknowledged, until all sites had ended."""

    started: float
    sent: float
    ended: float


async def at_once(work: Callable[[T], Awaitable[object]], items: Sequence[T], limit: int = AT_ONCE) -> None:
    """Run `work` for every item in order, at most `limit` at once."""
    waiting = iter(items)

    async def work_through() -> None:
        for item in waiting:
            await work(item)

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(limit, len(items))):
            workers.create_task(work_through())


async def start(client: Client, workflow: str, site: SiteStart, queue: str = QUEUE) -> None:
    """One raw start with the input and the search attributes that the engine gives a site."""
    attributes = TypedSearchAttributes(
        [SearchAttributePair(CAMPAIGN_ID, site.terms.campaign_id), SearchAttributePair(CITY_CODE, site.terms.city)]
    )
    await client.start_workflow(workflow, site, id=workflow_id(site), task_queue=queue, search_attributes=attributes)


async def live(
    client: Client,
    workflow: str,
    sites: Sequence[SiteStart],
    progress: Progress,
    *,
    updates: bool = False,
    life: Sequence[Step] = LIFE,
) -> Spent:
    """Run this life of every site to its end."""
    sent_before, sent_now = progress.read(), 0
    # With few sites a sweep would start before the one before has ended.
    ahead = max(1, min(AT_ONCE, len(sites) // 4))

    async def keep_pace() -> None:
        nonlocal sent_now
        while True:
            if sent_before + sent_now - progress.read() < ahead:
                sent_now += 1
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def open_site(site: SiteStart) -> None:
        await keep_pace()
        await start(client, workflow, site)

    async def send(step: Step, site: SiteStart) -> None:
        await keep_pace()
        handle = client.get_workflow_handle(workflow_id(site))
        said = step(site)
        if updates:
            await handle.execute_update(said.name, said.command, id=said.command.command_id)
        else:
            await handle.signal(said.name, said.command)

    async def end(site: SiteStart) -> None:
        await client.get_workflow_handle(workflow_id(site)).result()

    begun = time.perf_counter()
    await at_once(open_site, sites)
    started = time.perf_counter()
    for step in life:
        await at_once(partial(send, step), sites)
    sent = time.perf_counter()
    await at_once(end, sites)
    ended = time.perf_counter()
    return Spent(started - begun, sent - begun, ended - begun)
