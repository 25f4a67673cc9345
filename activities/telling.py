"""Telling sites what became of the document of their rung: issued, withdrawn, or answered by their city."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.site_starts import AT_ONCE
from rules.lifecycle import site_stream
from schemas import commands as cmd
from schemas.actor import ENGINE
from schemas.work import TellOrder, Told
from storage.connections import Pool
from storage.notices import rounds_of

_RPC = timedelta(seconds=10)


class SiteTeller:
    """Signals, so that a site which is busy hears it too; the same news again is one command."""

    def __init__(self, pool: Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn(name="tell_sites")
    async def tell_sites(self, order: TellOrder) -> Told:
        """Tell every site of the document that still runs; one that is settled needs no news."""
        sites = await rounds_of(self._pool, order.campaign_id, order.document, order.sites)
        told = 0
        for first in range(0, len(sites), AT_ONCE):
            page = sites[first : first + AT_ONCE]
            async with asyncio.TaskGroup() as tasks:
                heard = [tasks.create_task(self._tell(order, site, round_)) for site, round_ in page]
            told += sum(task.result() for task in heard)
            activity.heartbeat(first + len(page))
        return Told(sites=told)

    async def _tell(self, order: TellOrder, site: str, round_: int) -> bool:
        stream = site_stream(order.campaign_id, site)
        try:
            await self._client.get_workflow_handle(stream).signal(order.news, _command(order, round_), rpc_timeout=_RPC)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True


def _command(order: TellOrder, round_: int) -> cmd.Command:
    said: dict[str, Any] = {
        "command_id": f"{order.news}:{hashlib.sha256(order.document.encode()).hexdigest()[:32]}",
        "actor": ENGINE,
        "effective_at": order.at,
        "document": order.document,
        "rung": order.rung,
        "round": round_,
    }
    match order.news:
        case "rung_issued":
            return cmd.RungIssued(**said, on=order.day)
        case "rung_withdrawn":
            return cmd.RungWithdrawn(**said, on=order.day, reason=order.reason or "not issued")
        case _:
            return cmd.HoldClimb(**said, until=order.day)
