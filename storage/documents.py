"""Issued documents, their numbers, and the state of their delivery."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import asyncpg

from schemas.documents.document import Document, DocumentState, Progress
from schemas.errors import NotFound
from schemas.ledger import DocumentDraft
from storage.connections import Pool, query

_JSON = ("data", "letter", "recipients", "progress")


async def load(pool: Pool, key: str) -> Document:
    """One document, with the letter that its PDF is made from. Raises NotFound if it was never issued."""
    row = await pool.fetchrow(query("documents/load"), key)
    if row is None:
        raise NotFound(f"document {key}: never issued")
    return _document(row)


async def recorded_documents(pool: Pool, keys: Sequence[str]) -> list[str]:
    """The keys of those documents that are issued, in the order given."""
    rows = await pool.fetch(query("documents/issued"), list(keys))
    there = {row["key"] for row in rows}
    return [key for key in keys if key in there]


async def undelivered(pool: Pool, campaign_id: str, issued_before: datetime | None = None) -> list[str]:
    """The keys of documents with a waiting delivery, oldest first."""
    rows = await pool.fetch(query("documents/undelivered"), campaign_id, issued_before)
    return [row["key"] for row in rows]


async def new_documents(
    pool: Pool, campaign_id: str, since: datetime, known: Iterable[tuple[str, DocumentState]]
) -> list[DocumentDraft]:
    """The documents of a campaign issued or drafted at `since` or later, without the known ones.

    `known` are key and state, `drafted` or `issued`; the result has the same two states, in the order
    of issue.
    """
    names = [f"{key} drafted" if state is DocumentState.DRAFTED else key for key, state in known]
    return [_draft(row) for row in await pool.fetch(query("documents/published"), campaign_id, since, names)]


async def all_documents(pool: Pool, campaign_id: str) -> list[DocumentDraft]:
    """All documents and drafts of a campaign but those that were put away, in the order of issue."""
    return await new_documents(pool, campaign_id, datetime(1, 1, 2, tzinfo=UTC), ())


async def number(pool: Pool, campaign_id: str, year: int, wanted: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The number of each (document key, series) in this year, in the order given; a key keeps its number.

    One transaction numbers all or none, and locks the series' rows until it commits, so that neither a concurrent nor a
    failed transaction leaves a gap. A city issues its numbered documents before it numbers others. So a number of the
    city without a document belongs to a failed dispatch, and is used again.
    """
    async with pool.acquire() as connection, connection.transaction():
        keys = [key for key, _ in wanted]
        # Always in the same order, so that two cities do not deadlock.
        for series in sorted({series for _, series in wanted}):
            await connection.execute(query("numbering/lock_series"), series, year)
        given = {row["key"]: row["n"] for row in await connection.fetch(query("numbering/given"), keys)}
        for key, series in wanted:
            if key not in given:
                place = (key, series, year, campaign_id)
                reused = await connection.fetchval(query("numbering/reuse"), *place, key.partition(":")[0], keys)
                given[key] = reused or await connection.fetchval(query("numbering/next"), *place)
    return {key: given[key] for key in keys}


def _document(row: asyncpg.Record) -> Document:
    fields = dict(row)
    return Document.model_validate(
        fields | {name: json.loads(fields[name]) for name in _JSON if fields.get(name) is not None}
    )


def _draft(row: asyncpg.Record) -> DocumentDraft:
    drafted = row["state"] == DocumentState.DRAFTED
    return DocumentDraft(
        key=row["key"],
        city=row["city"],
        kind=row["kind"],
        rung=row["rung"],
        issued_at=row["issued_at"],
        sites=tuple(row["sites"]),
        data=json.loads(row["data"]),
        number=row["number"],
        state=DocumentState.DRAFTED if drafted else DocumentState.ISSUED,
        progress=Progress.model_validate_json(row["progress"]),
    )
