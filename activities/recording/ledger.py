"""Recording and anchoring the ledger."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from temporalio import activity

from activities.documents.delivery_starts import DeliveryStarter
from activities.recovery.cities import LostCities
from activities.recovery.spot_checks import LostSpotChecks
from schemas.documents.document import RenderedDocument
from schemas.errors import LedgerBroken
from schemas.ledger import RecordBatch
from schemas.work import AnchorOrder, AnchorReport, CountOrder, CountReport, Recorded
from storage import cities as settlement
from storage import ledger
from storage.connections import Pool
from storage.recorder import Recorder

_log = structlog.get_logger(__name__)

_ON_ITS_WAY = timedelta(days=1)
_REAL_SECONDS = 60
"""How old a document is whose delivery nobody will start any more: a day, and however compressed the clock a real
minute."""


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
    """The activities that write and count; built in `worker.py` with the process's one recorder."""

    def __init__(
        self,
        pool: Pool,
        recorder: Recorder,
        lost_cities: LostCities,
        lost_spot_checks: LostSpotChecks,
        deliveries: DeliveryStarter,
    ) -> None:
        self._pool = pool
        self._recorder = recorder
        self._lost_cities = lost_cities
        self._lost_spot_checks = lost_spot_checks
        self._deliveries = deliveries

    @activity.defn(name="record")
    async def record(self, burst: RecordBatch) -> Recorded:
        """Record a burst whole; recording it again changes nothing."""
        return await record_or_rebase(self._pool, self._recorder, burst)

    @activity.defn(name="take_anchor")
    async def take_anchor(self, order: AnchorOrder) -> AnchorReport:
        """A digest over the heads of all streams of the campaign, and which of its cities are settled.

        Once a day is also the time to find a city or a spot check that lost its workflow, or a document that nobody
        delivers, and to start it again.
        """
        if order.task_queue:
            await self._lost_cities.restart(order)
            await self._lost_spot_checks.restart(order)
            on_its_way = max(_ON_ITS_WAY, timedelta(seconds=_REAL_SECONDS * order.clock.rate))
            await self._deliveries.start_lost(order.campaign_id, order.at - on_its_way)
        heads = await ledger.heads(self._pool, order.campaign_id)
        return AnchorReport(
            at=order.at,
            digest=heads.digest,
            streams=heads.streams,
            entries=heads.entries,
            snapshot=heads.snapshot,
            settled_cities=await settlement.settled_cities(self._pool, order.campaign_id),
            patrolled_cities=await settlement.patrolled_cities(self._pool, order.campaign_id),
        )

    @activity.defn(name="count_settled")
    async def count_settled(self, order: CountOrder) -> CountReport:
        """Closed and carried-over sites of the whole campaign, when it closes."""
        # After this nobody anchors any more: what waits on the way out is looked for once again.
        await self._deliveries.start_lost(order.campaign_id, order.at)
        counts = await settlement.settled_counts(self._pool, order.campaign_id)
        return CountReport(at=order.at, closed=counts.closed, carried_over=counts.carried_over)
