"""Opening the sites of a city from its register, and settling them at the end; paged, with the page as heartbeat."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable

import structlog
from temporalio import activity

from activities.sites.starts import PAGE, SiteStarter
from rules.terms.plan import opened_report, opening_clause, site_terms, with_opened
from schemas.actor import ENGINE
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.site.commands import CarryOver
from schemas.starts import SiteStart
from schemas.streams import site_stream
from schemas.work import OpenSitesOrder, ReconcileOrder, SettledReport, SettleOrder, SitesOpenedReport
from storage.campaigns import read_plan
from storage.connections import Pool
from storage.register import page_open_sites, page_sites
from storage.status import CityCounts, city_counts

_log = structlog.get_logger(__name__)
_LOOKS, _LOOK_SECONDS = 10, 0.2
"""A pass waits two seconds for its sites to settle; then the city calls the activity again."""


class SiteRegister:
    """The activities that page over a city's sites; `restart_lost` is the recovery of a city's lost sites."""

    def __init__(
        self, pool: Pool, starter: SiteStarter, restart_lost: Callable[[ReconcileOrder], Awaitable[object]]
    ) -> None:
        self._pool = pool
        self._starter = starter
        self._restart_lost = restart_lost

    @activity.defn(name="open_sites")
    async def open_sites(self, order: OpenSitesOrder) -> SitesOpenedReport:
        """Start the workflow of every site of the city's first register, or of one survey or one county.

        A retry continues after the page of the last heartbeat.
        """
        frozen = await read_plan(self._pool, order.campaign_id)
        after, report = "", opened_report(frozen, order.at, order)
        if details := activity.info().heartbeat_details:
            after, report = details[0], SitesOpenedReport.model_validate(details[1])
        next_page = functools.partial(
            page_sites,
            self._pool,
            order.campaign_id,
            order.city,
            survey=order.survey,
            only=order.only,
            apart=order.apart,
            surveys=order.surveys,
        )
        while page := await next_page(after, PAGE):
            starts = [SiteStart(terms=site_terms(frozen, site, order.at, order.clock)) for site in page]
            alive = functools.partial(activity.heartbeat, after, report.model_dump(mode="json"))
            await self._starter.start_page(starts, order.task_queue, alive)
            after = page[-1].id
            for site, start in zip(page, starts, strict=True):
                report = with_opened(report, start.terms, opening_clause(frozen, order.at, site))
            activity.heartbeat(after, report.model_dump(mode="json"))
        return report

    @activity.defn(name="settle_sites")
    async def settle_sites(self, order: SettleOrder) -> SettledReport:
        """One pass over the open sites: carry them over and count the remaining ones; the city calls it again.

        Sites that never opened are started only to be carried over, so that their ledger records it. Later passes
        restart sites without a running workflow.
        """
        frozen = await read_plan(self._pool, order.campaign_id)
        after = ""
        while page := await page_open_sites(self._pool, order.campaign_id, order.city, after, PAGE):
            async with asyncio.TaskGroup() as tasks:
                for site, stage in page:
                    tasks.create_task(self._settle(frozen, site, stage, order))
            after = page[-1][0].id
            activity.heartbeat(after)
        if order.again:
            await self._restart_lost(
                ReconcileOrder(
                    campaign_id=order.campaign_id,
                    city=order.city,
                    at=order.at,
                    opened_at=None,
                    clock=order.clock,
                    task_queue=order.task_queue,
                )
            )
        counts = await self._settled_or_not(order)
        if counts.open:
            _log.log(
                logging.WARNING if order.again else logging.INFO,
                "sites are still open after the end",
                campaign=order.campaign_id,
                city=order.city,
                sites=counts.open,
            )
        return SettledReport(at=order.at, closed=counts.closed, carried_over=counts.carried_over, open=counts.open)

    async def _settled_or_not(self, order: SettleOrder) -> CityCounts:
        """The counts, after a moment in which the sites may settle."""
        for _ in range(_LOOKS):
            counts = await city_counts(self._pool, order.campaign_id, order.city)
            if not counts.open:
                break
            activity.heartbeat("waiting")
            await asyncio.sleep(_LOOK_SECONDS)
        return counts

    async def _settle(self, frozen: FrozenPlan, site: Site, stage: str, order: SettleOrder) -> None:
        stream = site_stream(order.campaign_id, site.id)
        stop = None
        if order.carry_over:
            stop = CarryOver(
                command_id=f"{stream}:carry-over", actor=ENGINE, effective_at=order.at, reason=order.reason
            )
        if stage == "registered":
            start = SiteStart(terms=site_terms(frozen, site, None, order.clock))
            await self._starter.start(start, order.task_queue, stop=stop)
        elif stop is not None and not await self._starter.carry_over(stream, stop):
            _log.warning("site has no running workflow; it will be started again", site=stream)
