"""Recording and anchoring the ledger."""

from collections.abc import Sequence

from temporalio import activity

from schemas.documents import RenderedDocument
from schemas.errors import LedgerBroken
from schemas.ledger import Burst
from schemas.work import AnchorOrder, AnchorReport, CountOrder, CountReport, Recorded
from storage import ledger, settlement
from storage.connections import Pool
from storage.recorder import Recorder


async def record_or_adopt(
    pool: Pool, recorder: Recorder, burst: Burst, rendered: Sequence[RenderedDocument] = ()
) -> Recorded:
    """Record a burst, or return the entries of an earlier attempt that stand where it would go.

    An attempt that was cut off after it recorded leaves entries with another receive time; they follow the same
    entry as this burst does, so the workflow adopts them. Anything else is two histories of one subject.

    Raises:
        LedgerBroken: what stands there does not follow from where this burst begins.
    """
    try:
        await recorder.record(burst, rendered)
    except LedgerBroken:
        first = burst.entries[0]
        standing = await ledger.read_stream_from(pool, first.stream, first.seq)
        if not standing or standing[0].prev_hash != first.prev_hash:
            raise
        return Recorded(standing=tuple(standing))
    return Recorded()


class LedgerKeeper:
    """The activities that write and count; built in `worker.py` with the process's one recorder."""

    def __init__(self, pool: Pool, recorder: Recorder) -> None:
        self._pool = pool
        self._recorder = recorder

    @activity.defn(name="record")
    async def record(self, burst: Burst) -> Recorded:
        """Record a burst whole; recording it again changes nothing."""
        return await record_or_adopt(self._pool, self._recorder, burst)

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
