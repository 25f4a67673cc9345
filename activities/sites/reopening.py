"""Reopens struck-off sites: each is started from its ledger with the order as an update, which its rules judge."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from temporalio import activity
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError

from activities.sites.restoring import restored_site
from activities.sites.starts import AT_ONCE, site_attributes
from rules.site.aggregate import SiteAggregate
from rules.site.reopening import may_have_missed, reopen_command
from schemas.answers import Answer
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.reopening import Reopen, ReopenedReport, Reopening, ReopenOrder
from schemas.stages import Stage
from schemas.starts import SiteStart
from storage.amendments import plan_versions
from storage.connections import Pool
from storage.register import named_sites

_log = structlog.get_logger(__name__)

_ANSWER_WITHIN = timedelta(seconds=20)
"""Timeout of one attempt; the order is repeated under the same command id until the site has answered."""


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
        return await self._order(aggregate, reopen_command(one, order.at, order.cause, order.origin), order.task_queue)

    async def _order(self, aggregate: SiteAggregate, command: Reopen, task_queue: str) -> bool:
        """Send the order to the site's workflow, running or new; returns whether the site was reopened."""
        terms = aggregate.terms
        start: WithStartWorkflowOperation[Any, str] = WithStartWorkflowOperation(
            "SiteWorkflow",
            SiteStart(terms=terms, state=aggregate.state.model_dump(mode="json")),
            id=aggregate.stream,
            task_queue=task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=site_attributes(terms),
        )
        try:
            await self._client.execute_update_with_start_workflow(
                command.kind,
                command,
                start_workflow_operation=start,
                id=command.command_id,
                result_type=Answer,
                rpc_timeout=_ANSWER_WITHIN,
            )
        except WorkflowUpdateFailedError as failed:
            if not isinstance(failed.cause, ApplicationError) or failed.cause.type != "Refused":
                raise
            _log.info("site is not opened again", site=aggregate.stream, reason=failed.cause.message)
            return False
        return True
