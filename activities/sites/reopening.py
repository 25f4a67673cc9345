"""Reopens struck-off sites: each is started from its ledger with the order as an update, which its rules judge."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from temporalio import activity
from temporalio.client import Client

from activities.sites.restoring import ask_restored, restored_site
from activities.sites.starts import AT_ONCE
from rules.site.reopening import may_have_missed, reopen_command
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.reopening import ReopenedReport, Reopening, ReopenOrder
from schemas.stages import Stage
from storage.amendments import plan_versions
from storage.connections import Pool
from storage.register import named_sites

_log = structlog.get_logger(__name__)


class Reopener:
    """A struck-off site has no running workflow; a reopened one runs again with the state of its ledger."""

    def __init__(self, pool: Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn(name="reopen_sites")
    async def reopen_sites(self, order: ReopenOrder) -> ReopenedReport:
        """The sites that this order reopened; the same order again changes nothing and returns the same.

        Sites that are open, carried over, of another city or not in the register are left unchanged.
        """
        versions = await plan_versions(self._pool, order.campaign_id)
        known = await named_sites(self._pool, order.campaign_id, [one.site_id for one in order.sites])
        reopened: list[str] = []
        for first in range(0, len(order.sites), AT_ONCE):
            page = order.sites[first : first + AT_ONCE]
            async with asyncio.TaskGroup() as tasks:
                asked = [tasks.create_task(self._reopen(versions, order, one, known)) for one in page]
            reopened += [one.site_id for one, task in zip(page, asked, strict=True) if task.result()]
            activity.heartbeat(first + len(page))
        counties = {site: known[site].county for site in reopened}
        return ReopenedReport(at=order.at, origin=order.origin, reopened=tuple(reopened), counties=counties)

    async def _reopen(
        self, versions: Sequence[FrozenPlan], order: ReopenOrder, one: Reopening, known: Mapping[str, Site]
    ) -> bool:
        site = known.get(one.site_id)
        if site is None or order.city not in (None, site.city):
            return False
        aggregate = await restored_site(self._pool, versions, site, None, order.clock)
        if order.origin in aggregate.state.reopened:  # an interrupted attempt reopened it
            return True
        if aggregate.state.stage is not Stage.CLOSED:
            _log.info(
                "site is not struck off and is not opened again", site=aggregate.stream, stage=aggregate.state.stage
            )
            return False
        if order.again and not may_have_missed(aggregate.state, order.at):
            _log.info("site was struck off after the order, which is over", site=aggregate.stream)
            return False
        command = reopen_command(one, order.at, order.cause, order.origin)
        return await ask_restored(self._client, aggregate, command, order.task_queue)
