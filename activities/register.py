"""Opening the sites of a city from its register, and settling them at the end; paged, with the page as heartbeat."""

import asyncio

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.service import RPCError, RPCStatusCode

from activities.reconcile import Reconciler
from activities.site_starts import PAGE, start_site, start_sites
from rules.lifecycle import site_stream
from rules.terms import site_terms
from schemas.actor import ENGINE
from schemas.commands import CarryOver
from schemas.plan import FrozenPlan
from schemas.site import Site
from schemas.starts import SiteStart
from schemas.work import OpenSitesOrder, ReconcileOrder, SettledReport, SettleOrder, SitesOpenedReport
from storage.campaigns import read_plan
from storage.connections import Pool
from storage.register import page_open_sites, page_sites
from storage.status import city_counts

_LOST_AFTER = 3
"""A site that is open after so many looks may have lost its workflow: then the register is reconciled."""


class SiteRegister:
    """The activities that page over a city's sites."""

    def __init__(self, pool: Pool, client: Client, reconciler: Reconciler) -> None:
        self._pool = pool
        self._client = client
        self._reconciler = reconciler

    @activity.defn(name="open_sites")
    async def open_sites(self, order: OpenSitesOrder) -> SitesOpenedReport:
        """Start the workflow of every site of the city; goes on from the last heartbeat when it is tried again."""
        frozen = await read_plan(self._pool, order.campaign_id)
        after, opened, due = "", 0, None
        if details := activity.info().heartbeat_details:
            after, opened = details
        while page := await page_sites(self._pool, order.campaign_id, order.city, after, PAGE):
            starts = [SiteStart(terms=site_terms(frozen, site, order.at, order.clock)) for site in page]
            await start_sites(self._client, starts, order.task_queue)
            after, opened, due = page[-1].id, opened + len(page), starts[-1].terms.due
            activity.heartbeat(after, opened)
        return SitesOpenedReport(sites=opened, due=due)

    @activity.defn(name="settle_sites")
    async def settle_sites(self, order: SettleOrder) -> SettledReport:
        """Carry over what is open, and look again (by Temporal's retries) until nothing is.

        Sites that never opened are started only to be carried over, so that their ledger says so.
        """
        frozen = await read_plan(self._pool, order.campaign_id)
        after = ""
        while page := await page_open_sites(self._pool, order.campaign_id, order.city, after, PAGE):
            await asyncio.gather(*(self._settle(frozen, site, stage, order) for site, stage in page))
            after = page[-1][0].id
            activity.heartbeat(after)
        counts = await city_counts(self._pool, order.campaign_id, order.city)
        if counts.open:
            if activity.info().attempt >= _LOST_AFTER:
                await self._reconciler.restart_lost(
                    ReconcileOrder(
                        campaign_id=order.campaign_id,
                        city=order.city,
                        at=order.at,
                        opened_at=None,
                        clock=order.clock,
                        task_queue=order.task_queue,
                    )
                )
            raise ApplicationError(
                f"{counts.open} sites of {order.city} are still open",
                type="StillOpen",
                category=ApplicationErrorCategory.BENIGN,  # the usual wait for a burst of closing sites
            )
        return SettledReport(at=order.at, closed=counts.closed, carried_over=counts.carried_over)

    async def _settle(self, frozen: FrozenPlan, site: Site, stage: str, order: SettleOrder) -> None:
        stream = site_stream(order.campaign_id, site.id)
        stop = None
        if order.carry_over:
            stop = CarryOver(
                command_id=f"{stream}:carry-over", actor=ENGINE, effective_at=order.at, reason=order.reason
            )
        if stage == "registered":
            start = SiteStart(terms=site_terms(frozen, site, None, order.clock))
            await start_site(self._client, start, order.task_queue, stop=stop)
        elif stop is not None:
            try:
                await self._client.get_workflow_handle(stream).signal("carry_over", stop)
            except RPCError as gone:
                if gone.status is not RPCStatusCode.NOT_FOUND:
                    raise
                activity.logger.warning("site %s has no running workflow; it will be reconciled", stream)
