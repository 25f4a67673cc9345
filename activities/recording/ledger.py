"""Recording in the ledger."""

from collections.abc import Sequence

import structlog
from temporalio import activity

from schemas.documents.document import RenderedDocument
from schemas.errors import LedgerBroken
from schemas.ledger import RecordBatch
from schemas.work import Recorded
from storage import ledger
from storage.connections import Pool
from storage.recorder import Recorder

_log = structlog.get_logger(__name__)


async def record_or_rebase(
    pool: Pool, recorder: Recorder, burst: RecordBatch, rendered: Sequence[RenderedDocument] = ()
) -> Recorded:
    """Record a burst, or return the entries that the ledger has in its place: the ledger is the truth.

    An attempt that was cut off after it recorded leaves entries with another receive time; they follow the same entry
    as this burst does. Where even that entry differs, this release derived another past than the recorded one. Then the
    whole stream is returned.

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
        _log.error("the ledger differs from what this release derived; the ledger is kept", conflict=str(conflict))
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
