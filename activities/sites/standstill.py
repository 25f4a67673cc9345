"""Signals an order to suspend or resume to the sites of a city that it is about, page by page."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.sites.starts import AT_ONCE, PAGE
from rules.site.orders import fits, order_command
from schemas.command import Command
from schemas.options.standstill import SitesToldReport, TellSitesOrder
from schemas.streams import site_stream
from storage.campaigns import read_plan
from storage.connections import Pool
from storage.standstill import page_running, page_stopped

_RPC = timedelta(seconds=10)


class OrderTeller:
    """Sends signals, which a busy site receives too; the same order again has the same command id."""

    def __init__(self, pool: Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn(name="tell_order")
    async def tell_order(self, order: TellSitesOrder) -> SitesToldReport:
        """Signal every site that fits; a retry continues after the last heartbeat."""
        plan = (await read_plan(self._pool, order.campaign_id)).plan
        beat: Sequence[object] = activity.info().heartbeat_details
        after, told = (str(beat[0]), int(str(beat[1]))) if len(beat) == 2 else ("", 0)
        resumed = order.lifted_by is not None
        read = page_stopped if resumed else page_running
        number = order.order.number
        while page := await read(self._pool, order.campaign_id, order.city, after, PAGE, number):
            whom = [one for one in page if resumed or fits(plan, order.order.scope, one[0])]
            for first in range(0, len(whom), AT_ONCE):
                async with asyncio.TaskGroup() as tasks:
                    signals = [
                        tasks.create_task(
                            self._signal(site_stream(order.campaign_id, site.id), order_command(order, opened_at))
                        )
                        for site, opened_at in whom[first : first + AT_ONCE]
                    ]
                told += sum(task.result() for task in signals)
            after = page[-1][0].id
            activity.heartbeat(after, told)
        return SitesToldReport(number=number, told=told, resumed=resumed)

    async def _signal(self, stream: str, command: Command) -> bool:
        try:
            await self._client.get_workflow_handle(stream).signal(command.kind, command, rpc_timeout=_RPC)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:  # settled meanwhile, or lost: a restarted site is told again
                return False
            raise
        return True
