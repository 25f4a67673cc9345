"""The start of a document's delivery workflow, once."""

from temporalio.client import Client

from runtime.workflow_start import WorkflowStart, start_workflow
from schemas.documents.delivery import DeliveryStart
from schemas.streams import delivery_stream
from storage.connections import Pool
from storage.deliveries import deliveries_of


class DeliveryStarter:
    """Starts one workflow per document; its key is the workflow id, so that a second start has no effect."""

    def __init__(self, pool: Pool, client: Client, delivery_queue: str, task_queue: str) -> None:
        self._pool = pool
        self._client = client
        self._delivery_queue = delivery_queue
        self._task_queue = task_queue

    async def start(self, key: str) -> bool:
        """Start a document's delivery; False if it was started before."""
        return await start_workflow(self._client, await self.start_of(key))

    async def start_of(self, key: str) -> WorkflowStart:
        """The start of the delivery with its recorded channels, since the settings may have changed since then."""
        channels = tuple(delivery.channel for delivery in await deliveries_of(self._pool, key))
        start = DeliveryStart(key=key, queue=self._delivery_queue, channels=channels)
        return WorkflowStart("DeliveryWorkflow", start, delivery_stream(key), self._task_queue, once=True)
