"""Delivery of documents: the channels of each recipient, the turns of a channel, and when a delivery is given up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from schemas.documents.delivery import ChannelUsage, Turn
from schemas.documents.document import PlannedDelivery
from schemas.offices import MAIL, OUTBOX, Recipient


def planned_deliveries(kind: str, recipients: Iterable[Recipient], *, mail: bool) -> tuple[PlannedDelivery, ...]:
    """One delivery a channel: the outbox with everybody, then the mail, then the others by name.

    A recipient without `channels` gets mail where it has an address and `mail` says that a server is set. One with
    `channels` gets what they say and nothing else, by those of them that carry this kind of document. A channel that
    no worker knows is planned all the same: it becomes a dead letter that says so, and can be sent again later.
    """
    everybody = tuple(recipients)
    by_channel: dict[str, list[Recipient]] = {}
    for recipient in everybody:
        for channel in _channels(kind, recipient, mail):
            by_channel.setdefault(channel, []).append(recipient)
    by_channel.pop(OUTBOX, None)  # it has everybody anyway
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
"""At least so often is a channel asked: after an outage of our own the three days may be over before the first try."""


def is_given_up(waited: timedelta, tries: int) -> bool:
    """Whether a delivery that waits for `waited` of real time ends, now that `tries` of them came to nothing."""
    return waited >= GIVE_UP_AFTER and tries >= GIVE_UP_TRIES


PATIENCE = timedelta(seconds=2)
"""A turn that comes this soon is given now, and its owner waits for it; a later one is not reserved."""


def unused(now: datetime) -> ChannelUsage:
    """The pace of a channel that nobody used before."""
    return ChannelUsage(turn_at=now, asked_until=now)


def next_turn(pace: ChannelUsage, interval: timedelta, now: datetime) -> tuple[Turn, ChannelUsage]:
    """The answer to who asks at real time `now`, and the channel's pace from then on."""
    if pace.turn_at <= now + PATIENCE:
        at = max(pace.turn_at, now)
        return Turn(granted=True, wait=at - now), ChannelUsage(turn_at=at + interval, asked_until=pace.asked_until)
    at = max(pace.turn_at, pace.asked_until + interval)
    return Turn(granted=False, wait=at - now), ChannelUsage(turn_at=pace.turn_at, asked_until=at)
