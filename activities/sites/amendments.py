"""Signals an amendment to the open sites of a city; the daily reconciliation repeats it where it was missed.

A site that was carried over at an end which an amendment had moved before has no running workflow: it is started from
its ledger with the amendment.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.sites.restoring import ask_restored, restored_site
from activities.sites.starts import AT_ONCE, PAGE
from rules.amendments.ends import EndMove, moved_in_time
from rules.amendments.plan import SiteChanges, amend_site_command
from rules.terms.plan import ends_at
from schemas.amendments import AmendmentRecord, AmendSite, AmendSitesOrder, SitesAmendedReport
from schemas.clock import Clock
from schemas.register import Site
from schemas.streams import site_stream
from storage.amendments import list_amendments, page_carried_over, page_uninformed, plan_versions
from storage.connections import Pool

_log = structlog.get_logger(__name__)

_RPC = timedelta(seconds=10)

_TELL, _REINSTATE = "tell", "reinstate"
"""The phases, in their order; a heartbeat has the phase, the last site of its page, and how many were told so far."""


class SiteAmender:
    """Sends signals, which a busy site receives too; a site that knows the amendment changes nothing."""

    def __init__(self, pool: Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn(name="amend_sites")
    async def amend_sites(self, order: AmendSitesOrder) -> SitesAmendedReport:
        """Signal every open site that does not know the amendment; a retry continues after the last heartbeat."""
        record = await self._record(order.campaign_id, order.amendment)
        beat = activity.info().heartbeat_details
        phase, after, count = beat if len(beat) == 3 else (_TELL, "", 0)  # an older worker may have left another one
        if phase == _TELL:
            count = await self._tell(order.campaign_id, order.city, record, after, count)
            after = ""
        count = await self._reinstate(
            order.campaign_id, order.city, record, order.clock, order.task_queue, after, count
        )
        return SitesAmendedReport(amendment=order.amendment, told=count)

    async def tell_again(self, campaign_id: str, city: str, clock: Clock, task_queue: str) -> int:
        """Signal the sites that missed the newest amendment again; how many there were."""
        heard = [record for record in await list_amendments(self._pool, campaign_id) if record.heard]
        if not heard:
            return 0
        count = await self._tell(campaign_id, city, heard[-1], "", 0)
        count = await self._reinstate(campaign_id, city, heard[-1], clock, task_queue, "", count)
        if count:
            _log.warning("sites had missed an amendment and were notified again", city=city, sites=count)
        return count

    async def _record(self, campaign_id: str, amendment: int) -> AmendmentRecord:
        known = await list_amendments(self._pool, campaign_id)
        return next(record for record in known if record.amendment == amendment)

    async def _tell(self, campaign_id: str, city: str, record: AmendmentRecord, after: str, count: int) -> int:
        assert record.heard_at is not None  # only an amendment that the campaign has taken in reaches the sites
        versions = await plan_versions(self._pool, campaign_id)
        changes = SiteChanges([frozen for frozen in versions if frozen.amendment <= record.amendment])
        while page := await page_uninformed(self._pool, campaign_id, city, after, PAGE, record.amendment):
            count += await self._tell_page(campaign_id, page, changes, record, record.heard_at)
            after = page[-1].id
            activity.heartbeat(_TELL, after, count)
        return count

    async def _tell_page(
        self, campaign_id: str, page: Sequence[Site], changes: SiteChanges, record: AmendmentRecord, at: datetime
    ) -> int:
        heard = 0
        for first in range(0, len(page), AT_ONCE):
            async with asyncio.TaskGroup() as tasks:
                telling = []
                for site in page[first : first + AT_ONCE]:
                    stream = site_stream(campaign_id, site.id)
                    command = amend_site_command(record.amendment, record.document_number, at, stream, changes.of(site))
                    telling.append(tasks.create_task(self._signal(stream, command)))
            heard += sum(task.result() for task in telling)
        return heard

    async def _reinstate(
        self,
        campaign_id: str,
        city: str,
        record: AmendmentRecord,
        clock: Clock,
        task_queue: str,
        after: str,
        count: int,
    ) -> int:
        """Open the sites again that came to an end which had been moved before; `count` and how many there were."""
        known = [one for one in await list_amendments(self._pool, campaign_id) if one.amendment <= record.amendment]
        moves = [EndMove(one.heard_at, ends_at(one.frozen)) for one in known if one.heard_at is not None]
        versions = [f for f in await plan_versions(self._pool, campaign_id) if f.amendment <= record.amendment]
        changes = SiteChanges(versions)
        while page := await page_carried_over(self._pool, campaign_id, city, after, PAGE, record.amendment):
            for site, carried_over_at, reason in page:
                moved_at = moved_in_time(carried_over_at, reason, moves)
                if moved_at is None:
                    continue
                aggregate = await restored_site(self._pool, versions, site, None, clock)
                command = amend_site_command(
                    record.amendment, record.document_number, moved_at, aggregate.stream, changes.of(site)
                )
                count += await ask_restored(self._client, aggregate, command, task_queue)
                # A retry leaves out those of this page that know the amendment by then.
                activity.heartbeat(_REINSTATE, after, count)
            after = page[-1].site.id
            activity.heartbeat(_REINSTATE, after, count)
        return count

    async def _signal(self, stream: str, command: AmendSite) -> bool:
        try:
            await self._client.get_workflow_handle(stream).signal("amend_site", command, rpc_timeout=_RPC)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:  # not opened yet, or settled meanwhile
                return False
            raise
        return True
