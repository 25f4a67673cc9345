"""The pace of each channel, over all processes that use it: one row a channel, changed by one at a time."""

from collections.abc import Callable
from datetime import datetime

from schemas.documents.delivery import ChannelUsage, Turn
from storage.connections import Pool
from storage.queries import query


async def take_turn(
    pool: Pool, channel: str, unused: ChannelUsage, decide: Callable[[ChannelUsage], tuple[Turn, ChannelUsage]]
) -> Turn:
    """Ask for the channel's next turn: `decide` sees its pace while nobody else can change it.

    A channel that nobody used before begins with the pace `unused`.
    """
    async with pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(query("pacing_lock"), channel, unused.turn_at, unused.asked_until)
        assert row is not None  # the statement inserts it if it is not there
        turn, pace = decide(ChannelUsage(turn_at=row["turn_at"], asked_until=row["asked_until"]))
        await connection.execute(query("pacing_set"), channel, pace.turn_at, pace.asked_until)
    return turn


async def hold(pool: Pool, channel: str, until: datetime) -> None:
    """The channel itself asked for rest: nobody gets a turn before real time `until`."""
    await pool.execute(query("pacing_hold"), channel, until)
