"""The load on the DBOS variant: the same sweeps, sent by DBOS's own client."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial

import asyncpg
from dbos import DBOSClient, EnqueueOptions

from bench.dbos_app import QUEUE
from bench.life import LIFE, Step, workflow_id
from bench.load import AT_ONCE, Spent, at_once
from schemas.starts import SiteStart

_LOOK_SECONDS = 0.05
_OPEN = "select count(*) from plain_site where site_id = any ($1)"
_ENDED = "select count(*) from dbos.workflow_status where workflow_uuid = any ($1) and status = 'SUCCESS'"


async def live_on_dbos(url: str, sites: Sequence[SiteStart]) -> Spent:
    """Run the whole life of every site; a site has ended when DBOS reports SUCCESS."""
    client = DBOSClient(system_database_url=url, system_database_pool_size=20)
    watch = await asyncpg.connect(url)
    ids = [workflow_id(site) for site in sites]
    terms = sites[0].terms

    async def send(step: Step, site: SiteStart) -> None:
        await client.send_async(workflow_id(site), step(site).command.model_dump_json())

    async def until(query: str) -> None:
        while True:
            if await watch.fetchval(query, ids) == len(ids):
                return
            await asyncio.sleep(_LOOK_SECONDS)

    try:
        begun = time.perf_counter()
        order: EnqueueOptions = {"workflow_name": "open_sites", "queue_name": QUEUE}
        await client.enqueue_async(order, ids, len(terms.requirements), len(terms.levels))
        await until(_OPEN)
        started = time.perf_counter()
        for step in LIFE:
            await at_once(partial(send, step), sites, AT_ONCE)
        sent = time.perf_counter()
        await until(_ENDED)
        ended = time.perf_counter()
    finally:
        await watch.close()
        client.destroy()
    return Spent(started - begun, sent - begun, ended - begun)
