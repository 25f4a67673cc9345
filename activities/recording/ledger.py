"""Recording, anchoring and counting the ledger of a campaign."""

from collections.abc import Sequence

import structlog
from temporalio import activity

from schemas.documents.document import RenderedDocument
from schemas.errors import LedgerBroken
from schemas.ledger import RecordBatch
from schemas.work import AnchorOrder, AnchorReport, CountOrder, CountReport, Recorded
from storage import cities as settlement
from storage import ledger
from storage.connections import Pool
from storage.recorder import Recorder

_log = structlog.get_logger(__name__)


async def record_or_rebase(
    pool: Pool, recorder: Recorder, burst: RecordBatch, rendered: Sequence[RenderedDocument] = ()
) -> Recorded:
    """Record a burst, or return the entries that stand where it would go; the ledger is never argued with.

    An attempt that was cut off after it recorded leaves entries with another receive time; they follow the same entry
    as this burst does. Where even that entry differs, this release derived another past than the recorded one: then
    the whole stream is returned.

    Raises:
        LedgerBroken: what stands there is no chain itself.
    """
    try:
        await recorder.record(burst, rendered)
    except LedgerBroken as conflict:
        first = burst.entries[0]
        standing = await ledger.read_stream_from(pool, first.stream, first.seq)
        if standing and standing[0].prev_hash == first.prev_hash:
            return Recorded(standing=tuple(standing))
        whole = await ledger.read_stream(pool, first.stream)
        if not whole or whole[0].seq != 1:
            raise
        _log.error("the ledger tells another past than this release derived; it stands", conflict=str(conflict))
        return Recorded(standing=tuple(whole))
    return Recorded()


class LedgerRecorder:
    """The activity that records; built in `worker.py` with the process's one recorder."""

    def __init__(self, pool: Pool, recorder: Recorder) -> None:
        self._pool = pool
        self._recorder = recorder

    @activity.defn(name="record")
    async def record(self, burst: RecordBatch) -> Recorded:
        """Record a burst whole; recording it again changes nothing."""
        return await record_or_rebase(self._pool, self._recorder, burst)


async def anchor_ledger(pool: Pool, order: AnchorOrder) -> AnchorReport:
    """A digest over the heads of all streams of the campaign, and which of its cities are settled."""
    heads = await ledger.heads(pool, order.campaign_id)
    return AnchorReport(
        at=order.at,
        digest=heads.digest,
        streams=heads.streams,
        entries=heads.entries,
        snapshot=heads.snapshot,
        settled_cities=await settlement.settled_cities(pool, order.campaign_id),
        patrolled_cities=await settlement.patrolled_cities(pool, order.campaign_id),
    )


async def count_sites(pool: Pool, order: CountOrder) -> CountReport:
    """Closed and carried-over sites of the whole campaign."""
    counts = await settlement.settled_counts(pool, order.campaign_id)
    return CountReport(at=order.at, closed=counts.closed, carried_over=counts.carried_over)
