"""Turns on a channel, over all processes that use it: never more documents than its rate allows.

The generic cell rate algorithm, without bursts: turns of one channel lie at least `interval` apart, so in any window of
`n * interval` there are at most n. Who comes much too early gets no turn but is told when to come again, one interval
after the one before, so that a thousand waiting documents ask about twice each and not all at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.connections import Pool
from storage.queries import query

PATIENCE = timedelta(seconds=2)
"""A turn that comes this soon is given now, and its owner waits for it; a later one is not reserved."""


@dataclass(frozen=True, slots=True)
class Turn:
    """`granted`: go ahead after `wait`. Otherwise: come again after `wait`."""

    granted: bool
    wait: timedelta


async def take_turn(pool: Pool, channel: str, interval: timedelta, now: datetime) -> Turn:
    """Ask for the channel's next turn at real time `now`."""
    async with pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(query("pacing_lock"), channel, now)
        assert row is not None  # the statement inserts it if it is not there
        turn_at, asked_until = row["turn_at"], row["asked_until"]
        granted = turn_at <= now + PATIENCE
        if granted:
            at = max(turn_at, now)
            turn_at = at + interval
        else:
            at = asked_until = max(turn_at, asked_until + interval)
        await connection.execute(query("pacing_set"), channel, turn_at, asked_until)
    return Turn(granted, at - now)


async def hold(pool: Pool, channel: str, until: datetime) -> None:
    """The channel itself asked for rest: nobody gets a turn before real time `until`."""
    await pool.execute(query("pacing_hold"), channel, until)
