"""Lost programmes and their deliveries: recovered when a worker starts, since a programme waits for most of a year."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from activities.documents.delivery_starts import DeliveryStarter
from activities.recovery.deliveries import LostDeliveries
from activities.recovery.recovery import Candidate, LostSubject, Recovery
from runtime.programme_start import programme_start
from runtime.workflow_start import WorkflowStart
from schemas.streams import programme_stream
from storage.connections import Pool
from storage.programmes import list_programmes


class LostProgrammes(LostSubject[None]):
    """Every programme that has not ended."""

    name = "programme"

    def __init__(self, pool: Pool, task_queue: str) -> None:
        self._pool = pool
        self._task_queue = task_queue

    async def candidates(self) -> AsyncIterator[Sequence[Candidate[None]]]:
        ids = [record.programme_id for record in await list_programmes(self._pool)]
        yield [Candidate(one, programme_stream(one), None) for one in ids]

    async def rebuild(self, candidate: Candidate[None]) -> WorkflowStart | None:
        return await programme_start(self._pool, candidate.id, self._task_queue)


async def restart_programmes(
    pool: Pool, recovery: Recovery, starter: DeliveryStarter, task_queue: str, now: datetime
) -> None:
    """Restart lost programmes, and the deliveries of their documents that were never started; `now` is real time."""
    await recovery.restart_lost(LostProgrammes(pool, task_queue))
    for one in await list_programmes(pool):
        lost = LostDeliveries(pool, starter, one.programme_id, one.clock.campaign_time(now))
        await recovery.restart_lost(lost)
