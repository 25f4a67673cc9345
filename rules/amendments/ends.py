"""The campaign's end, where an amendment moves it: whether that was in force before a city or a site came to it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

CAMPAIGN_ENDED = "the campaign ended"
"""The reason for which a city ends, and a site is carried over, at the campaign's end."""


class EndMove(NamedTuple):
    """When an amendment took effect, and the campaign's end under it."""

    heard_at: datetime
    ends_at: datetime


def moved_in_time(ended_at: datetime, reason: str | None, moves: Iterable[EndMove]) -> datetime | None:
    """When the amendment took effect by which the campaign went on at `ended_at`; None where it ended then.

    `reason` is why the subject ended; `moves` are the amendments that may be known, oldest first.
    """
    in_force = [move for move in moves if move.heard_at < ended_at]
    if reason != CAMPAIGN_ENDED or not in_force or in_force[-1].ends_at <= ended_at:
        return None
    return in_force[-1].heard_at
