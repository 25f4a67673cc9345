"""Turns on a channel: never more documents than its rate allows.

The generic cell rate algorithm, without bursts: turns of one channel lie at least `interval` apart, so in any window of
`n * interval` there are at most n. Who comes much too early gets no turn but is told when to come again, one interval
after the one before, so that a thousand waiting documents ask about twice each and not all at once.
"""

from datetime import datetime, timedelta

from schemas.pace import Pace, Turn

PATIENCE = timedelta(seconds=2)
"""A turn that comes this soon is given now, and its owner waits for it; a later one is not reserved."""


def unused(now: datetime) -> Pace:
    """The pace of a channel that nobody used before."""
    return Pace(turn_at=now, asked_until=now)


def next_turn(pace: Pace, interval: timedelta, now: datetime) -> tuple[Turn, Pace]:
    """The answer to who asks at real time `now`, and the channel's pace from then on."""
    if pace.turn_at <= now + PATIENCE:
        at = max(pace.turn_at, now)
        return Turn(granted=True, wait=at - now), Pace(turn_at=at + interval, asked_until=pace.asked_until)
    at = max(pace.turn_at, pace.asked_until + interval)
    return Turn(granted=False, wait=at - now), Pace(turn_at=pace.turn_at, asked_until=at)
