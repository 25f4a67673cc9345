"""Which channels a document goes out on, and to whom: by its recipients' own choice."""

from collections.abc import Iterable

from schemas.channels import MAIL, OUTBOX
from schemas.documents import PlannedDelivery
from schemas.offices import Recipient


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
