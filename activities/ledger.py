"""Recording and anchoring the ledger."""

from temporalio import activity

from schemas.ledger import Burst
from schemas.work import AnchorOrder, AnchorReport, CountOrder, CountReport
from storage import ledger, settlement
from storage.connections import Pool
from storage.recorder import Recorder


class LedgerKeeper:
    """The activities that write and count; built in `worker.py` with the process's one recorder."""

    def __init__(self, pool: Pool, recorder: Recorder) -> None:
        self._pool = pool
        self._recorder = recorder

    @activity.defn(name="record")
    async def record(self, burst: Burst) -> None:
        """Record a burst whole; recording it again changes nothing."""
        await self._recorder.record(burst)

    @activity.defn(name="take_anchor")
    async def take_anchor(self, order: AnchorOrder) -> AnchorReport:
        """A digest over the heads of all streams of the campaign, and which of its cities are settled."""
        heads = await ledger.heads(self._pool, order.campaign_id)
        return AnchorReport(
            at=order.at,
            digest=heads.digest,
            streams=heads.streams,
            entries=heads.entries,
            snapshot=heads.snapshot,
            settled_cities=await settlement.settled_cities(self._pool, order.campaign_id),
        )

    @activity.defn(name="count_settled")
    async def count_settled(self, order: CountOrder) -> CountReport:
        """Closed and carried-over sites of the whole campaign."""
        counts = await settlement.settled_counts(self._pool, order.campaign_id)
        return CountReport(at=order.at, closed=counts.closed, carried_over=counts.carried_over)
