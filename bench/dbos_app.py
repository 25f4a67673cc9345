"""The same site life on DBOS 3.4, written as its documentation recommends, on the same Postgres.

One workflow a site; `DBOS.recv_async` for its messages, `DBOSClient.send` from outside; one datasource transaction a
transition, which writes row, ledger line and the step's receipt together. Asynchronous, because a synchronous
workflow keeps a thread while it waits and a campaign has thousands of waiting sites. Tuned: READ COMMITTED instead of
SERIALIZABLE (one writer a site), larger pools, LISTEN/NOTIFY on, no waiting for a poll (the application is told to
open its sites by a workflow that starts them, as the engine's activity does).
"""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, AsyncSQLAlchemyDatasource, DBOSConfig, SetWorkflowID
from pydantic_core import from_json

from bench.plain_life import PlainSite
from schemas.commands import SITE_COMMANDS

QUEUE = "bench-opening"
_POOL = 20
_RECV_SECONDS = 3600.0

_LEDGER = sa.text("insert into plain_ledger values (:site_id, :seq, :kind, :at, :received_at, :actor, :data)")
_SITE = sa.text(
    "insert into plain_site values (:site_id, :stage, :reports, :verdicts, :at) on conflict (site_id) do update set "
    "stage = :stage, reports = :reports, verdicts = :verdicts, changed_at = :at"
)


def config_of(url: str) -> DBOSConfig:
    """The configuration of application and client."""
    return {"name": "bench", "system_database_url": url, "sys_db_pool_size": _POOL, "log_level": "WARNING"}


@contextlib.asynccontextmanager
async def serving_dbos(url: str) -> AsyncIterator[None]:
    """The DBOS application; the database `url` is its own, with the plain tables in it."""
    DBOS(config=config_of(url))
    datasource = await AsyncSQLAlchemyDatasource.create(url, engine_kwargs={"pool_size": _POOL, "max_overflow": 0})
    _register(datasource)
    DBOS.launch()
    await DBOS.register_queue_async(QUEUE, polling_interval_sec=0.1)
    try:
        yield
    finally:
        DBOS.destroy()


def _register(datasource: AsyncSQLAlchemyDatasource) -> None:
    @datasource.transaction(isolation_level="READ COMMITTED")
    async def transition(ledger: dict[str, Any], row: dict[str, Any]) -> None:
        session = datasource.sql_session()
        await session.execute(_LEDGER, ledger)
        await session.execute(_SITE, row)

    async def write(site: PlainSite, kind: str, at: datetime, actor: str, data: str) -> None:
        common = {"site_id": site.site_id, "at": at}
        ledger = {"seq": site.seq, "kind": kind, "received_at": datetime.now(UTC), "actor": actor, "data": data}
        row = {"stage": site.stage, "reports": site.reports, "verdicts": site.verdicts}
        await transition(common | ledger, common | row)

    @DBOS.workflow(name="site")
    async def site_life(site_id: str, reports: int, verdicts: int) -> str:
        site = PlainSite(site_id, reports, verdicts)
        await write(site, site.open(), datetime.now(UTC), "engine", "{}")
        while not site.closed:
            said = await DBOS.recv_async(timeout_seconds=_RECV_SECONDS)
            kind = from_json(said)["kind"]
            command = SITE_COMMANDS[kind].model_validate_json(said)
            await write(site, site.take(kind), command.effective_at, command.actor.id, said)
        return site.stage

    @DBOS.workflow(name="open_sites")
    async def open_sites(site_ids: list[str], reports: int, verdicts: int) -> None:
        for site_id in site_ids:
            with SetWorkflowID(site_id):
                await DBOS.start_workflow_async(site_life, site_id, reports, verdicts)
