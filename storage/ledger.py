"""Reads the ledger: one stream, the export, the digest for an anchor, the proof of all chains."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, NamedTuple

from schemas.base import iso_utc
from schemas.canonical import canonical_json
from schemas.errors import LedgerBroken
from schemas.ledger import LedgerEntry
from schemas.programme import FrozenProgramme
from schemas.streams import programme_stream
from storage.campaigns import find_campaign
from storage.chain import Anchors, Stream
from storage.connections import Pool, query
from storage.programmes import unrecorded

_PREFETCH = 1000
"""Entries per fetch, and between two reports of progress."""


class Heads(NamedTuple):
    """The data of an `Anchored` event."""

    digest: str
    streams: int
    entries: int
    snapshot: str


class VerifyReport(NamedTuple):
    """Numbers of proved entries, streams and anchors."""

    streams: int
    entries: int
    anchors: int


async def read_stream(pool: Pool, stream: str) -> list[LedgerEntry]:
    """The entries of one stream (a workflow id), in order; empty if nothing is recorded."""
    return await read_stream_from(pool, stream, 1)


async def read_stream_from(pool: Pool, stream: str, seq: int) -> list[LedgerEntry]:
    """The entries of one stream from `seq` on, in order."""
    return [LedgerEntry.model_validate(dict(row)) for row in await pool.fetch(query("ledger/stream"), stream, seq)]


async def export(pool: Pool, campaign_id: str) -> AsyncIterator[dict[str, Any]]:
    """All entries of a campaign, stream by stream, with exactly the fields of the contract.

    Holds a connection until it is exhausted or closed (`contextlib.aclosing`). Raises NotFound for an unknown campaign.
    """
    await find_campaign(pool, campaign_id)
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        async for row in connection.cursor(query("ledger/of_campaign"), campaign_id, prefetch=_PREFETCH):
            yield as_exported(dict(row))


def as_exported(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The exported fields of an entry: instants as texts, `actor` and `data` as JSON objects."""
    return {
        "stream": entry["stream"],
        "seq": entry["seq"],
        "kind": entry["kind"],
        "at": iso_utc(entry["at"]),
        "received_at": iso_utc(entry["received_at"]),
        "actor": json.loads(entry["actor"]),
        "data": json.loads(entry["data"]),
        "prev_hash": entry["prev_hash"],
        "hash": entry["hash"],
    }


def export_line(entry: Mapping[str, Any]) -> str:
    """One exported entry as a line of JSON, without its newline, in canonical form.

    To verify a line: remove `hash` and `prev_hash`, write the rest with sorted keys, without spaces, in UTF-8. The
    SHA-256 of prev_hash, a newline and that text is the hash.
    """
    return canonical_json(dict(entry))


async def heads(pool: Pool, campaign_id: str) -> Heads:
    """The digest over the heads of all streams of a campaign, with the database snapshot that saw exactly these."""
    row = await pool.fetchrow(query("ledger/heads"), campaign_id)
    assert row is not None  # an aggregate always has its row
    return Heads(**row)


async def last_seqs(pool: Pool, campaign_id: str) -> dict[str, int]:
    """Maps each stream of a campaign to the number of its last entry."""
    return {row["stream"]: row["seq"] for row in await pool.fetch(query("ledger/last_seqs"), campaign_id)}


async def verify(pool: Pool, campaign_id: str, progress: Callable[[int], None] | None = None) -> VerifyReport:
    """Proves every chain and every anchor, and that no stream lost its last entries.

    `progress` gets the number of proved entries. Raises LedgerBroken, which names the first broken entry (stream, seq
    and the reason), and NotFound for an unknown campaign.
    """
    await find_campaign(pool, campaign_id)
    return await _verify(pool, campaign_id, progress)


async def verify_programme(
    pool: Pool, frozen: FrozenProgramme, progress: Callable[[int], None] | None = None
) -> VerifyReport:
    """Proves a programme's own chain, and that what follows from it (documents, campaigns of years) has its entry."""
    report = await _verify(pool, frozen.programme.id, progress)
    lost = await unrecorded(pool, frozen)
    if lost is not None:
        raise LedgerBroken(
            f"stream {programme_stream(frozen.programme.id)}: the entry of {lost} is missing; "
            "the end of the stream was removed, or the year begins at this moment"
        )
    return report


async def _verify(pool: Pool, campaign_id: str, progress: Callable[[int], None] | None) -> VerifyReport:
    streams = entries = 0
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        anchors = Anchors([dict(row) for row in await connection.fetch(query("ledger/anchors"), campaign_id)])
        stream: Stream | None = None
        async for entry in connection.cursor(query("ledger/of_campaign"), campaign_id, prefetch=_PREFETCH):
            if stream is None or stream.name != entry["stream"]:
                if stream is not None:
                    anchors.take(stream)
                stream = Stream(entry["stream"])
                streams += 1
            stream.take(dict(entry))
            entries += 1
            if progress is not None and entries % _PREFETCH == 0:
                progress(entries)
        if stream is not None:
            anchors.take(stream)
        lost = await connection.fetchrow(query("ledger/lost_tails"), campaign_id)
    if lost is not None:
        raise LedgerBroken(
            f"stream {lost['stream']} seq {lost['seq']}: missing, though the state table follows from it; "
            "the end of the stream was removed"
        )
    anchors.prove()
    if progress is not None:
        progress(entries)
    return VerifyReport(streams, entries, len(anchors))
