"""The deliveries of a document through its channels, and the rate limits of the channels."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from schemas.documents.delivery import ChannelUsage, DeadLetter, Delivery, Turn
from schemas.documents.document import DeliveryState
from schemas.errors import NotFound
from schemas.offices import MAIL, OUTBOX
from storage.connections import Pool, query


async def load(pool: Pool, key: str, channel: str) -> Delivery:
    """One delivery. Raises NotFound if it was never planned."""
    row = await pool.fetchrow(query("deliveries/load"), key, channel)
    if row is None:
        raise NotFound(f"document {key}: no delivery through {channel} was planned")
    return Delivery.model_validate(_fields(row))


async def deliveries_of(pool: Pool, key: str) -> list[Delivery]:
    """All deliveries of a document, in the order in which they are planned."""
    rows = await pool.fetch(query("deliveries/list"), key, OUTBOX, MAIL)
    return [Delivery.model_validate(_fields(row)) for row in rows]


async def unreached(pool: Pool, keys: Sequence[str]) -> tuple[str, ...]:
    """Those of these documents that have a channel besides the outbox, and were sent through none of these."""
    return tuple(row["key"] for row in await pool.fetch(query("deliveries/unreached"), list(keys), OUTBOX))


async def dead_letters(pool: Pool, campaign_id: str) -> list[DeadLetter]:
    """The failed deliveries of a campaign, which can be sent again, in the order of issue."""
    rows = await pool.fetch(query("deliveries/dead_letters"), campaign_id)
    return [DeadLetter.model_validate(_fields(row)) for row in rows]


async def tried_so_far(pool: Pool, campaign_id: str, limit: int) -> list[DeadLetter]:
    """The first `limit` waiting deliveries of a campaign that have a failed attempt, most attempts first."""
    rows = await pool.fetch(query("deliveries/retried"), campaign_id, limit)
    return [DeadLetter.model_validate(_fields(row)) for row in rows]


async def wait_again(pool: Pool, key: str, channel: str) -> None:
    """Sets a failed delivery to waiting."""
    await pool.execute(query("deliveries/wait_again"), key, channel)


async def mark_tried(pool: Pool, key: str, channel: str, answer: str, at: datetime) -> None:
    """Records a failed attempt at campaign time `at`, and the channel's answer."""
    await pool.execute(query("deliveries/mark_tried"), key, channel, answer, at)


async def mark_sent(pool: Pool, key: str, channel: str, answer: str, at: datetime) -> None:
    """Records at campaign time `at` that a channel accepted the document; a repeated call changes nothing."""
    await _settle(pool, key, channel, DeliveryState.SENT, answer, at, tries=1)


async def mark_dead(pool: Pool, key: str, channel: str, reason: str, at: datetime) -> None:
    """Records that a delivery failed; a sent one stays sent. Raises NotFound if it was never planned."""
    if not await _settle(pool, key, channel, DeliveryState.FAILED, reason, at, tries=0):
        await load(pool, key, channel)


async def take_turn(
    pool: Pool, channel: str, unused: ChannelUsage, decide: Callable[[ChannelUsage], tuple[Turn, ChannelUsage]]
) -> Turn:
    """Reserves the channel's next turn: `decide` gets the usage while its row is locked, and returns the new usage.

    The limit holds over all processes. The usage of a channel begins with `unused`.
    """
    async with pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(query("rate_limit/lock"), channel, unused.turn_at, unused.asked_until)
        assert row is not None  # the statement inserts the row if it is missing
        turn, usage = decide(ChannelUsage(turn_at=row["turn_at"], asked_until=row["asked_until"]))
        await connection.execute(query("rate_limit/set"), channel, usage.turn_at, usage.asked_until)
    return turn


async def hold(pool: Pool, channel: str, until: datetime) -> None:
    """Blocks the channel until the real time `until`, because the channel itself asked for it."""
    await pool.execute(query("rate_limit/hold"), channel, until)


async def _settle(
    pool: Pool, key: str, channel: str, state: DeliveryState, answer: str, at: datetime, *, tries: int
) -> bool:
    """Sets the state of one delivery and, in the same transaction, that of its document."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(query("documents/lock"), key)
        changed = await connection.fetchval(query("deliveries/settle"), key, channel, state.value, answer, at, tries)
        if changed is not None:
            await connection.execute(query("documents/settle"), key, at, OUTBOX)
    return changed is not None


def _fields(row: asyncpg.Record) -> dict[str, Any]:
    return dict(row) | {"recipients": json.loads(row["recipients"])}
