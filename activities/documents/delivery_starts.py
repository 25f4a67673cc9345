"""Starting the deliveries of issued documents, and once a day those that nobody started."""

from datetime import datetime

import structlog
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from schemas.documents.delivery import DeliveryStart
from schemas.streams import delivery_stream
from storage.connections import Pool
from storage.deliveries import deliveries_of
from storage.documents import undelivered

_log = structlog.get_logger(__name__)


class DeliveryStarter:
    """One workflow a document, by its key: a second start finds the first."""

    def __init__(self, pool: Pool, client: Client, delivery_queue: str, task_queue: str) -> None:
        self._pool = pool
        self._client = client
        self._delivery_queue = delivery_queue
        self._task_queue = task_queue

    async def start(self, key: str) -> bool:
        """Start a document's delivery; False if it was started before."""
        # The channels as they were recorded: an earlier attempt may have planned them by other settings.
        channels = tuple(delivery.channel for delivery in await deliveries_of(self._pool, key))
        try:
            await self._client.start_workflow(
                "DeliveryWorkflow",
                DeliveryStart(key=key, queue=self._delivery_queue, channels=channels),
                id=delivery_stream(key),
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            )
        except WorkflowAlreadyStartedError:
            return False
        return True

    async def start_lost(self, campaign_id: str, issued_before: datetime) -> tuple[str, ...]:
        """Start the delivery of every document that waits for one and has none; their keys.

        What was issued since `issued_before` (campaign time) is on its way, or its activity is still tried.

        An attempt that recorded documents and was cut off before it started their deliveries leaves such ones where
        its desk was lost with it and came back from the ledger.
        """
        waiting = await undelivered(self._pool, campaign_id, issued_before)
        lost = tuple([key for key in waiting if await self.start(key)])
        for key in lost:
            _log.warning("document had no delivery and was sent on its way", key=key)
        return lost
