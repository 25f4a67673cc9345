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
from rules.amendments.plan import SiteChanges, amend_site_command
from rules.site.reinstatement import CAMPAIGN_ENDED
from rules.terms.plan import ends_at
from schemas.amendments import AmendmentRecord, AmendSite, AmendSitesOrder, SitesAmendedReport
from schemas.clock import Clock
from schemas.register import Site
from schemas.streams import site_stream
from storage.amendments import list_amendments, page_carried_over, page_uninformed, plan_versions
from storage.connections import Pool

_log = structlog.get_logger(__name__)

_RPC = timedelta(seconds=10)


class SiteAmender:
    """Sends signals, which a busy site receives too; a site that knows the amendment changes nothing."""

    def __init__(self, pool: Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn(name="amend_sites")
    async def amend_sites(self, order: AmendSitesOrder) -> SitesAmendedReport:
        """Signal every open site that does not know the amendment; a retry continues after the last heartbeat."""
        record = await self._record(order.campaign_id, order.amendment)
        after, count = "", 0
        if details := activity.info().heartbeat_details:
            after, count = details
        count = await self._tell(order.campaign_id, order.city, record, after, count)
        count += await self._reinstate(order.campaign_id, order.city, record, order.clock, order.task_queue)
        return SitesAmendedReport(amendment=order.amendment, told=count)

    async def tell_again(self, campaign_id: str, city: str, clock: Clock, task_queue: str) -> int:
        """Signal the sites that missed the newest amendment again; how many there were."""
        heard = [record for record in await list_amendments(self._pool, campaign_id) if record.heard]
        if not heard:
            return 0
        count = await self._tell(campaign_id, city, heard[-1], "", 0)
        count += await self._reinstate(campaign_id, city, heard[-1], clock, task_queue)
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
            activity.heartbeat(after, count)
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
        self, campaign_id: str, city: str, record: AmendmentRecord, clock: Clock, task_queue: str
    ) -> int:
        """Open the sites again that came to an end before they heard that it had been moved; how many there were."""
        known = [one for one in await list_amendments(self._pool, campaign_id) if one.amendment <= record.amendment]
        versions = [f for f in await plan_versions(self._pool, campaign_id) if f.amendment <= record.amendment]
        changes, after, count = SiteChanges(versions), "", 0
        while page := await page_carried_over(
            self._pool, campaign_id, city, after, PAGE, record.amendment, CAMPAIGN_ENDED
        ):
            for site, carried_over_at in page:
                moved = [one for one in known if one.heard_at is not None and ends_at(one.frozen) > carried_over_at]
                if not moved or moved[0].heard_at is None or moved[0].heard_at >= carried_over_at:
                    continue
                aggregate = await restored_site(self._pool, versions, site, None, clock)
                command = amend_site_command(
                    record.amendment, record.document_number, moved[0].heard_at, aggregate.stream, changes.of(site)
                )
                count += await ask_restored(self._client, aggregate, command, task_queue)
                activity.heartbeat(after, count)
            after = page[-1][0].id
        return count

    async def _signal(self, stream: str, command: AmendSite) -> bool:
        try:
            await self._client.get_workflow_handle(stream).signal("amend_site", command, rpc_timeout=_RPC)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:  # not opened yet, or settled meanwhile
                return False
            raise
        return True
