"""Documents as they were issued, and where their delivery stands."""

import json
from collections.abc import Sequence
from datetime import datetime

import asyncpg

from schemas.documents.document import Document
from schemas.errors import NotFound
from storage.connections import Pool
from storage.queries import query

_JSON = ("data", "letter", "recipients", "progress")


async def load(pool: Pool, key: str) -> Document:
    """One document, with the letter its PDF is pressed from; NotFound if it was never issued."""
    row = await pool.fetchrow(query("document_load"), key)
    if row is None:
        raise NotFound(f"document {key}: never issued")
    return _document(row)


async def mark_sent(pool: Pool, key: str, at: datetime) -> None:
    """Notes the delivery at campaign time `at`; the first note stands. NotFound if it was never issued."""
    if await pool.fetchval(query("document_sent"), key, at) is None:
        await load(pool, key)  # sent before, or NotFound


async def mark_failed(pool: Pool, key: str) -> None:
    """Notes that a waiting document will not be delivered; one that was sent stays sent. NotFound if never issued."""
    if await pool.fetchval(query("document_failed"), key) is None:
        await load(pool, key)


async def recorded_documents(pool: Pool, keys: Sequence[str]) -> list[str]:
    """Those of these keys whose documents are issued, in the order given."""
    rows = await pool.fetch(query("document_recorded"), list(keys))
    there = {row["key"] for row in rows}
    return [key for key in keys if key in there]


async def numbers_documents(pool: Pool, campaign_id: str) -> bool:
    """Whether the campaign began when documents had numbers already."""
    return bool(await pool.fetchval(query("campaign_numbers"), campaign_id))


async def list_documents(pool: Pool, campaign_id: str, city: str | None = None) -> list[Document]:
    """The documents of a campaign, or of one of its cities, in the order of issue, without their letters."""
    return [_document(row) for row in await pool.fetch(query("document_list"), campaign_id, city)]


async def undelivered(pool: Pool, campaign_id: str, issued_before: datetime | None = None) -> list[str]:
    """The keys of documents that wait for one of their channels, oldest first."""
    rows = await pool.fetch(query("document_undelivered"), campaign_id, issued_before)
    return [row["key"] for row in rows]


def _document(row: asyncpg.Record) -> Document:
    fields = dict(row)
    return Document.model_validate(
        fields | {name: json.loads(fields[name]) for name in _JSON if fields.get(name) is not None}
    )
