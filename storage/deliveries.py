"""A document's way through each of its channels: what waits, what was sent, what was given up."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from schemas.documents.delivery import DeadLetter, Delivery
from schemas.documents.document import DeliveryState
from schemas.errors import NotFound
from schemas.offices import MAIL, OUTBOX
from storage.connections import Pool
from storage.queries import query


async def load(pool: Pool, key: str, channel: str) -> Delivery:
    """One document's way through one channel; NotFound if it was never planned."""
    row = await pool.fetchrow(query("delivery_load"), key, channel)
    if row is None:
        raise NotFound(f"document {key}: no delivery through {channel} was planned")
    return Delivery.model_validate(_fields(row))


async def deliveries_of(pool: Pool, key: str) -> list[Delivery]:
    """All ways of a document, in the order in which they are planned; none for one of an earlier release."""
    rows = await pool.fetch(query("delivery_list"), key, OUTBOX, MAIL)
    return [Delivery.model_validate(_fields(row)) for row in rows]


async def unreached(pool: Pool, keys: Sequence[str]) -> tuple[str, ...]:
    """Of these documents those that should reach somebody beside the outbox, and have reached nobody yet."""
    return tuple(row["key"] for row in await pool.fetch(query("delivery_unreached"), list(keys), OUTBOX))


async def dead_letters(pool: Pool, campaign_id: str) -> list[DeadLetter]:
    """What was given up in a campaign and can be sent again, in the order of issue."""
    return [DeadLetter.model_validate(_fields(row)) for row in await pool.fetch(query("delivery_dead"), campaign_id)]


async def tried_so_far(pool: Pool, campaign_id: str, limit: int) -> list[DeadLetter]:
    """Of what waits in a campaign the first `limit` that came to nothing so far, the most tries first."""
    rows = await pool.fetch(query("delivery_tried_so_far"), campaign_id, limit)
    return [DeadLetter.model_validate(_fields(row)) for row in rows]


async def wait_again(pool: Pool, key: str, channel: str) -> None:
    """A dead letter is on its way again."""
    await pool.execute(query("delivery_again"), key, channel)


async def mark_tried(pool: Pool, key: str, channel: str, said: str, at: datetime) -> None:
    """Notes at campaign time `at` a try that came to nothing, and what the channel said."""
    await pool.execute(query("delivery_tried"), key, channel, said, at)


async def mark_sent(pool: Pool, key: str, channel: str, said: str, at: datetime) -> None:
    """Notes at campaign time `at` that a channel took the document; the first note stands."""
    await _settle(pool, key, channel, DeliveryState.SENT, said, at, tries=1)


async def mark_dead(pool: Pool, key: str, channel: str, reason: str, at: datetime) -> None:
    """Notes that a delivery was given up; NotFound if it was never planned, and one that was sent stays sent."""
    if not await _settle(pool, key, channel, DeliveryState.FAILED, reason, at, tries=0):
        await load(pool, key, channel)


async def _settle(
    pool: Pool, key: str, channel: str, state: DeliveryState, said: str, at: datetime, *, tries: int
) -> bool:
    """Sets one delivery's state, and in the same transaction what its document's deliveries now make of it."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(query("document_lock"), key)
        changed = await connection.fetchval(query("delivery_settle"), key, channel, state.value, said, at, tries)
        if changed is not None:
            await connection.execute(query("document_settle"), key, at, OUTBOX)
    return changed is not None


def _fields(row: asyncpg.Record) -> dict[str, Any]:
    return dict(row) | {"recipients": json.loads(row["recipients"])}
