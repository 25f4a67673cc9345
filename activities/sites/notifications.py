"""Signals to sites the result of the document of their rung: issued, withdrawn, or answered by their city."""

import asyncio
from datetime import datetime, timedelta

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.sites.starts import AT_ONCE
from rules.calendar import local_date
from rules.site.escalation import escalation_command
from schemas.calendar import Calendar
from schemas.documents.reasons import EngineReason
from schemas.register import Proposal
from schemas.streams import site_stream
from schemas.work import EscalationUpdate, NotifiedReport, NotifyOrder
from storage.connections import Pool
from storage.notices import missed_updates, proposals_of

_log = structlog.get_logger(__name__)

_RPC = timedelta(seconds=10)

_ON_ITS_WAY = timedelta(days=1)
"""How old (campaign time) a decided document is before its notification counts as missed."""


class SiteNotifier:
    """Sends signals, which a busy site receives too; the same notification again has the same command id."""

    def __init__(self, pool: Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn(name="tell_sites")
    async def tell_sites(self, order: NotifyOrder) -> NotifiedReport:
        """Signal every site of the document that still runs; a settled one needs no notification."""
        sites = await proposals_of(self._pool, order.campaign_id, order.document, order.sites)
        notified = 0
        for first in range(0, len(sites), AT_ONCE):
            page = sites[first : first + AT_ONCE]
            async with asyncio.TaskGroup() as tasks:
                heard = [tasks.create_task(self._tell(order, about)) for about in page]
            notified += sum(task.result() for task in heard)
            activity.heartbeat(first + len(page))
        return NotifiedReport(sites=notified)

    async def tell_again(self, campaign_id: str, city: str, at: datetime, calendar: Calendar) -> int:
        """Signal the sites that wait for the result of a decided document again; how many there were.

        Their city was lost before it signalled all of them, or they had no running workflow at that time.
        """
        unheard = await missed_updates(self._pool, campaign_id, city, at - _ON_ITS_WAY)
        for one in unheard:
            order = NotifyOrder(
                campaign_id=campaign_id,
                city=city,
                at=at,
                news=EscalationUpdate.RUNG_ISSUED if one.issued else EscalationUpdate.RUNG_WITHDRAWN,
                document=one.document,
                rung=one.rung,
                day=local_date(calendar, one.issued_at if one.issued else at),
                reason=one.reason or EngineReason.NOT_OVERDUE_AT_ISSUE,
            )
            await self._tell(order, Proposal(one.site_id, one.round, one.proposal))
            _log.warning(
                "site had missed the result of its rung and was notified again", site=one.site_id, document=one.document
            )
        return len(unheard)

    async def _tell(self, order: NotifyOrder, about: Proposal) -> bool:
        stream = site_stream(order.campaign_id, about.site_id)
        try:
            await self._client.get_workflow_handle(stream).signal(
                order.news, escalation_command(order, about), rpc_timeout=_RPC
            )
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True
