"""Starting site workflows by the client: idempotent, many at once, and found again by campaign and city."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from runtime.search_attributes import CAMPAIGN_ID, CITY_CODE
from schemas.site.commands import CarryOver
from schemas.starts import SiteStart
from schemas.streams import site_stream

AT_ONCE = 24
"""Starts in flight at once: enough to keep the server busy, few enough to leave room for reports."""

PAGE = 240
"""Sites read, started and heartbeated at a time."""

_RPC = timedelta(seconds=30)


class SiteStarter:
    """Starts sites for all activities of a process, `AT_ONCE` at a time: eighteen cities may open in one hour."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def start(
        self, start: SiteStart, task_queue: str, *, stop: CarryOver | None = None, again: bool = False
    ) -> bool:
        """Start one site's workflow, with `stop` as its first signal if given.

        A running one is left as it is; a closed one is started again only with `again` (from its ledger).
        Returns whether it runs now.
        """
        terms = start.terms
        async with self._slots:
            try:
                await self._client.start_workflow(
                    "SiteWorkflow",
                    start,
                    id=site_stream(terms.campaign_id, terms.site_id),
                    task_queue=task_queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    id_reuse_policy=(
                        WorkflowIDReusePolicy.ALLOW_DUPLICATE if again else WorkflowIDReusePolicy.REJECT_DUPLICATE
                    ),
                    search_attributes=TypedSearchAttributes(
                        [
                            SearchAttributePair(CAMPAIGN_ID, terms.campaign_id),
                            SearchAttributePair(CITY_CODE, terms.city),
                        ]
                    ),
                    start_signal="carry_over" if stop else None,
                    start_signal_args=[stop] if stop else [],
                    rpc_timeout=_RPC,
                )
            except WorkflowAlreadyStartedError:
                return False
        return True

    async def start_page(self, starts: Iterable[SiteStart], task_queue: str, alive: Callable[[], None]) -> None:
        """Start a page of sites; `alive` is called after each."""

        async def one(start: SiteStart) -> None:
            await self.start(start, task_queue)
            alive()

        async with asyncio.TaskGroup() as page:
            for start in starts:
                page.create_task(one(start))

    async def carry_over(self, stream: str, stop: CarryOver) -> bool:
        """Tell a running site that its campaign was stopped; False if it has no running workflow."""
        async with self._slots:
            try:
                await self._client.get_workflow_handle(stream).signal("carry_over", stop, rpc_timeout=_RPC)
            except RPCError as gone:
                if gone.status is not RPCStatusCode.NOT_FOUND:
                    raise
                return False
        return True
