"""Starting site workflows by the client: idempotent, concurrent, with search attributes for campaign and city."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from runtime.search_attributes import CAMPAIGN_ID, CITY_CODE
from runtime.workflow_start import WorkflowStart, start_workflow
from schemas.site.commands import CarryOver
from schemas.site.terms import SiteTerms
from schemas.starts import SiteStart
from schemas.streams import site_stream

AT_ONCE = 24
"""Starts in flight at once: enough to keep the server busy, few enough to leave room for reports."""

PAGE = 240
"""Sites read, started and heartbeated at a time."""

_RPC = timedelta(seconds=30)


def site_attributes(terms: SiteTerms) -> TypedSearchAttributes:
    """The search attributes by which the running sites of a campaign or a city are listed."""
    return TypedSearchAttributes(
        [SearchAttributePair(CAMPAIGN_ID, terms.campaign_id), SearchAttributePair(CITY_CODE, terms.city)]
    )


def site_start(
    start: SiteStart, task_queue: str, *, stop: CarryOver | None = None, once: bool = False
) -> WorkflowStart:
    """The start of a site's workflow; `stop` is sent to it as its first signal."""
    terms = start.terms
    return WorkflowStart(
        "SiteWorkflow",
        start,
        site_stream(terms.campaign_id, terms.site_id),
        task_queue,
        once=once,
        attributes=site_attributes(terms),
        signal=("carry_over", stop) if stop else None,
    )


class SiteStarter:
    """Starts sites for all activities of a process, `AT_ONCE` at a time: many cities may open in the same hour."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def start(self, start: SiteStart, task_queue: str, *, stop: CarryOver | None = None) -> None:
        """Start one site's workflow, with `stop` as its first signal if given.

        A running or closed one is left as it is.
        """
        async with self._slots:
            await start_workflow(self._client, site_start(start, task_queue, stop=stop, once=True))

    async def start_page(self, starts: Iterable[SiteStart], task_queue: str, alive: Callable[[], None]) -> None:
        """Start a page of sites; `alive` is called after each."""

        async def one(start: SiteStart) -> None:
            await self.start(start, task_queue)
            alive()

        async with asyncio.TaskGroup() as page:
            for start in starts:
                page.create_task(one(start))

    async def carry_over(self, stream: str, stop: CarryOver) -> bool:
        """Signal a running site that its campaign was stopped; False if it has no running workflow."""
        async with self._slots:
            try:
                await self._client.get_workflow_handle(stream).signal("carry_over", stop, rpc_timeout=_RPC)
            except RPCError as gone:
                if gone.status is not RPCStatusCode.NOT_FOUND:
                    raise
                return False
        return True
