"""Recording bursts: ledger, state, notices and documents in one transaction, many callers in one commit."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import asyncpg

from schemas.documents.document import RenderedDocument
from schemas.errors import HundredDaysError, LedgerBroken, NotFound, Unreachable
from schemas.ledger import RecordBatch
from storage.batch import BatchRows, parameters, rows_of
from storage.connections import Borrowed, Pool
from storage.queries import query

_BATCH = 256
"""Bursts in one statement: enough to share a commit widely, few enough that nobody waits long for it."""

_LINGER_SECONDS = 0.05
"""How long an idle connection is kept for the next burst: giving it back and asking again costs two round trips."""

_PATIENCE_SECONDS = 10.0
_LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_REFUSED_BURST = "HD001"  # raised by refuse_burst in the ledger's migration


@dataclass(eq=False, slots=True)
class _Call:
    rows: BatchRows
    done: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Recorder:
    """Records bursts over one connection of `pool`; safe for any number of concurrent callers of one event loop.

    While one batch is being committed, the next gathers; nobody is delayed on purpose.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: deque[_Call] = deque()
        self._flusher: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()
        self._closed = False

    async def record(self, burst: RecordBatch, rendered: Sequence[RenderedDocument] = ()) -> None:
        """Records a burst whole or not at all; recording it again changes nothing.

        `rendered` has the text of each of the burst's documents. Raises LedgerBroken if an entry is there already
        with another hash, NotFound if a state row belongs to nothing that was started, InvalidInput if a document's
        text is missing, Unreachable if Postgres does not answer (then it may or may not be recorded: say it again).
        """
        if self._closed:
            raise Unreachable("the recorder is closed: this process is shutting down")
        call = _Call(rows_of(burst, rendered))
        self._waiting.append(call)
        self._arrived.set()
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush_all(), name="recorder")
        await call.done

    async def close(self) -> None:
        """Records what is waiting and takes no more."""
        self._closed = True
        self._arrived.set()
        if self._flusher is not None:
            await self._flusher

    async def _flush_all(self) -> None:
        try:
            while self._waiting:
                batch = self._decide_command()
                try:
                    async with self._pool.acquire(timeout=_PATIENCE_SECONDS) as connection:
                        while batch:
                            await self._flush(connection, batch)
                            await self._linger()
                            batch = self._decide_command()
                except asyncio.CancelledError:
                    _fail(batch, Unreachable("the recorder was stopped"))
                    raise
                except Exception as failure:
                    _fail(batch, _unreachable(failure) if isinstance(failure, _LOST) else failure)
        finally:
            self._flusher = None
            _fail(self._waiting, Unreachable("the recorder was stopped"))

    async def _linger(self) -> None:
        """Waits a moment for the next call, if none waits already; nobody waits meanwhile."""
        if self._waiting or self._closed:
            return
        self._arrived.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                await self._arrived.wait()

    def _decide_command(self) -> list[_Call]:
        """The next batch: no abandoned calls, and no two that contradict each other."""
        batch: list[_Call] = []
        hashes: dict[tuple[str, int], str] = {}
        while self._waiting and len(batch) < _BATCH:
            call = self._waiting[0]
            own = call.rows.hashes
            if any(hashes.get(entry, value) != value for entry, value in own.items()):
                break
            self._waiting.popleft()
            if not call.done.done():
                hashes |= own
                batch.append(call)
        return batch

    async def _flush(self, connection: Borrowed, batch: list[_Call], *, again: bool = False) -> None:
        """Records a batch; one that fails is halved, so that a bad burst fails alone and its neighbours do not suffer.

        Raises only what makes the connection useless.
        """
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await connection.execute(query("record"), *parameters([call.rows for call in batch]))
        except (asyncpg.PostgresError, asyncpg.DataError, UnicodeError) as failure:
            if connection.is_closed():
                raise
            if len(batch) > 1:
                middle = len(batch) // 2
                await self._flush(connection, batch[:middle])
                await self._flush(connection, batch[middle:])
            elif not again:
                # Once more: another process may have recorded the same burst at the same moment.
                await self._flush(connection, batch, again=True)
            else:
                _fail(batch, _translated(failure))
        except TimeoutError:
            connection.terminate()  # a clean close would wait for the same silent server
            raise
        else:
            for call in batch:
                if not call.done.done():
                    call.done.set_result(None)


def _fail(calls: Sequence[_Call] | deque[_Call], failure: Exception) -> None:
    for call in calls:
        if not call.done.done():
            call.done.set_exception(failure)


def _unreachable(failure: Exception) -> HundredDaysError:
    reason = f"no answer within {_PATIENCE_SECONDS:g} s" if isinstance(failure, TimeoutError) else str(failure)
    return Unreachable(f"Postgres stopped answering while recording: {reason}")


def _translated(failure: Exception) -> Exception:
    if not isinstance(failure, asyncpg.PostgresError) or failure.sqlstate != _REFUSED_BURST:
        return failure
    fault, subject, seq = failure.args[0], failure.detail, failure.hint
    if fault == "entry":
        return LedgerBroken(
            f"stream {subject} seq {seq}: another entry is already recorded there. "
            "Two histories of one subject exist; verify the ledger before anything else is done"
        )
    return NotFound(f"{fault} {subject}: nothing of that name was started, so its state cannot be recorded")
