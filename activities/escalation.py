"""Issuing documents: what waits for a dispatch is gathered, rendered, recorded with the ledger, and sent on its way."""

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.ledger import record_or_adopt
from activities.rendering import Renderer
from rules.documents import delivery_stream, document_key
from schemas.delivery import DeliveryStart
from schemas.ledger import Burst
from schemas.work import Gathered, GatherOrder, Recorded
from storage.campaigns import read_plan
from storage.connections import Pool
from storage.notices import gather
from storage.recorder import Recorder


class DocumentIssuer:
    """The activities that turn notices into documents."""

    def __init__(
        self, pool: Pool, client: Client, recorder: Recorder, renderer: Renderer, delivery_queue: str, task_queue: str
    ) -> None:
        self._pool = pool
        self._client = client
        self._recorder = recorder
        self._renderer = renderer
        self._delivery_queue = delivery_queue
        self._task_queue = task_queue

    @activity.defn(name="gather_notices")
    async def gather_notices(self, order: GatherOrder) -> Gathered:
        """What waits in the city, assigned to the documents of this dispatch; the same again for the same dispatch."""
        frozen = await read_plan(self._pool, order.campaign_id)

        def key_of(kind: str, rung: int) -> str:
            return document_key(order.campaign_id, order.city, kind, rung, frozen.calendar, order.at)

        lots = await gather(self._pool, order.campaign_id, order.city, order.at, key_of)
        return Gathered(at=order.at, lots=tuple(lots))

    @activity.defn(name="issue_documents")
    async def issue_documents(self, burst: Burst) -> Recorded:
        """Record a burst with its documents in one transaction, then start each one's delivery; safe to repeat."""
        frozen = await read_plan(self._pool, burst.campaign_id)
        rendered = [await self._renderer.render(frozen, draft) for draft in burst.documents]
        recorded = await record_or_adopt(self._pool, self._recorder, burst, rendered)
        if recorded.standing:
            return recorded
        for draft in burst.documents:
            try:
                await self._client.start_workflow(
                    "DeliveryWorkflow",
                    DeliveryStart(key=draft.key, queue=self._delivery_queue),
                    id=delivery_stream(draft.key),
                    task_queue=self._task_queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                )
            except WorkflowAlreadyStartedError:
                activity.logger.info("delivery of %s was started before", draft.key)
        return recorded
