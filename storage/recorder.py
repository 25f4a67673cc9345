"""Records ledger, state, notices and documents in one transaction; batches of several callers share a commit."""

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
from storage.connections import Borrowed, Pool, query

_MAX_CALLS = 256
"""The maximum of record batches in one statement: more would delay each caller, fewer would need more commits."""

_IDLE_SECONDS = 0.05
"""How long an idle connection is kept for the next call: releasing and acquiring it costs two round trips."""

_TIMEOUT_SECONDS = 10.0
_CONNECTION_FAILURES = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
_REFUSED = "HD001"  # raised by the database function refuse_batch


@dataclass(eq=False, slots=True)
class _Call:
    rows: BatchRows
    done: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Recorder:
    """Records batches over one connection of `pool`; safe for any number of concurrent callers of one event loop.

    Calls that arrive during a commit share the next one.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: deque[_Call] = deque()
        self._flusher: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()
        self._closed = False

    async def record(self, batch: RecordBatch, rendered: Sequence[RenderedDocument] = ()) -> None:
        """Records a batch as a whole or not at all; recording it again changes nothing.

        `rendered` has the text of each of the batch's documents. Raises LedgerBroken if an entry was recorded with
        another hash, NotFound if a state row belongs to a subject that was never started, InvalidInput if a document's
        text is missing, Unreachable if Postgres does not answer (the batch may or may not be recorded: retry).
        """
        if self._closed:
            raise Unreachable("the recorder is closed: this process is shutting down")
        call = _Call(rows_of(batch, rendered))
        self._waiting.append(call)
        self._arrived.set()
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush_all(), name="recorder")
        await call.done

    async def close(self) -> None:
        """Records the waiting calls and refuses new ones."""
        self._closed = True
        self._arrived.set()
        if self._flusher is not None:
            await self._flusher

    async def _flush_all(self) -> None:
        try:
            while self._waiting:
                calls = self._next_calls()
                try:
                    async with self._pool.acquire(timeout=_TIMEOUT_SECONDS) as connection:
                        while calls:
                            await self._flush(connection, calls)
                            await self._wait_for_call()
                            calls = self._next_calls()
                except asyncio.CancelledError:
                    _fail(calls, Unreachable("the recorder was stopped"))
                    raise
                except Exception as failure:
                    _fail(calls, _unreachable(failure) if isinstance(failure, _CONNECTION_FAILURES) else failure)
        finally:
            self._flusher = None
            _fail(self._waiting, Unreachable("the recorder was stopped"))

    async def _wait_for_call(self) -> None:
        """Waits up to `_IDLE_SECONDS` for the next call, if none is waiting."""
        if self._waiting or self._closed:
            return
        self._arrived.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(_IDLE_SECONDS):
                await self._arrived.wait()

    def _next_calls(self) -> list[_Call]:
        """The calls of the next statement: without cancelled ones, and no two with different hashes of one entry."""
        calls: list[_Call] = []
        hashes: dict[tuple[str, int], str] = {}
        while self._waiting and len(calls) < _MAX_CALLS:
            call = self._waiting[0]
            own = call.rows.hashes
            if any(hashes.get(entry, value) != value for entry, value in own.items()):
                break
            self._waiting.popleft()
            if not call.done.done():
                hashes |= own
                calls.append(call)
        return calls

    async def _flush(self, connection: Borrowed, calls: list[_Call], *, again: bool = False) -> None:
        """Records calls in one statement. If it fails, records each half alone, so that only an invalid call fails.

        Raises only errors after which the connection cannot be used.
        """
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await connection.execute(query("recording/record"), *parameters([call.rows for call in calls]))
        except (asyncpg.PostgresError, asyncpg.DataError, UnicodeError) as failure:
            if connection.is_closed():
                raise
            if len(calls) > 1:
                middle = len(calls) // 2
                await self._flush(connection, calls[:middle])
                await self._flush(connection, calls[middle:])
            elif not again:
                # Retried once: another process may have recorded the same batch at the same time.
                await self._flush(connection, calls, again=True)
            else:
                _fail(calls, _translated(failure))
        except TimeoutError:
            connection.terminate()  # a clean close would wait for the same server
            raise
        else:
            for call in calls:
                if not call.done.done():
                    call.done.set_result(None)


def _fail(calls: Sequence[_Call] | deque[_Call], failure: Exception) -> None:
    for call in calls:
        if not call.done.done():
            call.done.set_exception(failure)


def _unreachable(failure: Exception) -> HundredDaysError:
    reason = f"no answer within {_TIMEOUT_SECONDS:g} s" if isinstance(failure, TimeoutError) else str(failure)
    return Unreachable(f"Postgres stopped answering while recording: {reason}")


def _translated(failure: Exception) -> Exception:
    if not isinstance(failure, asyncpg.PostgresError) or failure.sqlstate != _REFUSED:
        return failure
    fault, subject, seq = failure.args[0], failure.detail, failure.hint
    if fault == "entry":
        return LedgerBroken(
            f"stream {subject} seq {seq}: another entry is already recorded there. "
            "Two histories of one subject exist; verify the ledger before anything else is done"
        )
    return NotFound(f"{fault} {subject}: nothing of that name was started, so its state cannot be recorded")
