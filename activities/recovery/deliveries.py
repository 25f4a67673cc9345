"""Deliveries without a workflow: the attempt that issued the document was interrupted, and its city was lost."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from temporalio.client import WorkflowExecutionStatus

from activities.documents.delivery_starts import DeliveryStarter
from activities.recovery.recovery import Candidate, LostSubject
from runtime.workflow_start import WorkflowStart
from schemas.streams import delivery_stream
from storage.connections import Pool
from storage.documents import undelivered


class LostDeliveries(LostSubject[None]):
    """Every document of a campaign that waits for delivery and was issued before `issued_before` (campaign time).

    The activity that issued a newer one may still start its delivery.
    """

    name = "delivery"

    def __init__(self, pool: Pool, starter: DeliveryStarter, campaign_id: str, issued_before: datetime) -> None:
        self._pool = pool
        self._starter = starter
        self._campaign_id = campaign_id
        self._issued_before = issued_before

    async def candidates(self) -> AsyncIterator[Sequence[Candidate[None]]]:
        keys = await undelivered(self._pool, self._campaign_id, self._issued_before)
        yield [Candidate(key, delivery_stream(key), None) for key in keys]

    def is_lost(self, record: None, status: WorkflowExecutionStatus | None) -> bool:
        """A delivery is started once: one that was terminated is left to the operator who did it."""
        return status is None

    async def rebuild(self, candidate: Candidate[None]) -> WorkflowStart | None:
        return await self._starter.start_of(candidate.id)
