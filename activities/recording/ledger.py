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
    """Record a batch, or return the entries that the ledger has in its place, which take precedence.

    An attempt that was interrupted after recording leaves entries with another receive time; they follow the same entry
    as this batch does. If even that entry differs, this release derived other entries than the recorded ones. Then the
    whole stream is returned.

    Raises:
        LedgerBroken: the recorded entries are no valid chain.
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
    """The activity that records; built in `worker.py` with the recorder of the process."""

    def __init__(self, pool: Pool, recorder: Recorder) -> None:
        self._pool = pool
        self._recorder = recorder

    @activity.defn(name="record")
    async def record(self, burst: RecordBatch) -> Recorded:
        """Record a batch in one transaction; idempotent."""
        return await record_or_rebase(self._pool, self._recorder, burst)
