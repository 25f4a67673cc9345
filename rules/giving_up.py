"""When a channel that does not take a document is given up, and its delivery becomes a dead letter."""

from datetime import timedelta

GIVE_UP_AFTER = timedelta(hours=72)
GIVE_UP_TRIES = 20
"""At least so often is a channel asked: after an outage of our own the three days may be over before the first try."""


def is_given_up(waited: timedelta, tries: int) -> bool:
    """Whether a delivery that waits for `waited` of real time ends, now that `tries` of them came to nothing."""
    return waited >= GIVE_UP_AFTER and tries >= GIVE_UP_TRIES
