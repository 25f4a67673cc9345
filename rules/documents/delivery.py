"""Delivery of documents: the channels of each recipient, the rate of a channel, and the end of retries."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from schemas.documents.delivery import ChannelUsage, Turn
from schemas.documents.document import PlannedDelivery
from schemas.offices import MAIL, OUTBOX, Recipient


def planned_deliveries(kind: str, recipients: Iterable[Recipient], *, mail: bool) -> tuple[PlannedDelivery, ...]:
    """One delivery per channel: the outbox with all recipients, then e-mail, then the others by name.

    A recipient without `channels` gets e-mail if it has an address and `mail` is true (a mail server is set). One with
    `channels` gets the document only by those that include its kind. A delivery by a channel that no worker has is
    planned as well: it becomes a dead letter with that reason, and can be sent again later.
    """
    everybody = tuple(recipients)
    by_channel: dict[str, list[Recipient]] = {}
    for recipient in everybody:
        for channel in _channels(kind, recipient, mail):
            by_channel.setdefault(channel, []).append(recipient)
    by_channel.pop(OUTBOX, None)  # it has all recipients anyway
    order = sorted(by_channel, key=lambda channel: (channel != MAIL, channel))
    others = tuple(PlannedDelivery(channel=channel, recipients=tuple(by_channel[channel])) for channel in order)
    return (PlannedDelivery(channel=OUTBOX, recipients=everybody), *others)


def _channels(kind: str, recipient: Recipient, mail: bool) -> list[str]:
    if not recipient.channels:
        return [MAIL] if mail and recipient.email is not None else []
    return [
        channel
        for channel, kinds in recipient.channels.items()
        if (not kinds or kind in kinds) and (channel != MAIL or recipient.email is not None)
    ]


GIVE_UP_AFTER = timedelta(hours=72)


GIVE_UP_TRIES = 20
"""The minimum number of tries: after an outage of the worker the three days may be over before the first one."""


def is_given_up(waited: timedelta, tries: int) -> bool:
    """Whether a delivery is given up after `waited` of real time and `tries` failed attempts."""
    return waited >= GIVE_UP_AFTER and tries >= GIVE_UP_TRIES


PATIENCE = timedelta(seconds=2)
"""A turn within this time is granted at once, and the caller waits for it; a later one is not reserved."""


def unused(now: datetime) -> ChannelUsage:
    """The usage of a channel before its first document."""
    return ChannelUsage(turn_at=now, asked_until=now)


def next_turn(pace: ChannelUsage, interval: timedelta, now: datetime) -> tuple[Turn, ChannelUsage]:
    """The turn for a request at real time `now`, and the channel's usage after it."""
    if pace.turn_at <= now + PATIENCE:
        at = max(pace.turn_at, now)
        return Turn(granted=True, wait=at - now), ChannelUsage(turn_at=at + interval, asked_until=pace.asked_until)
    at = max(pace.turn_at, pace.asked_until + interval)
    return Turn(granted=False, wait=at - now), ChannelUsage(turn_at=pace.turn_at, asked_until=at)
