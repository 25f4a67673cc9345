"""The types of channels, by their names in the channel file, and the channels of one worker."""

import dataclasses

from activities.channels import dingtalk, feishu, webhook, wecom
from activities.channels.outbox import OutboxChannel
from activities.channels.protocol import Channel, ChannelRoute, ChannelType
from activities.channels.smtp import SmtpChannel
from runtime.channel_settings import read_channels
from runtime.settings import Settings
from schemas.offices import MAIL, OUTBOX

CHANNEL_TYPES: dict[str, ChannelType] = {
    "wecom": wecom.TYPE,
    "dingtalk": dingtalk.TYPE,
    "feishu": feishu.TYPE,
    "webhook": webhook.TYPE,
}


def channel_routes(settings: Settings) -> dict[str, ChannelRoute]:
    """The outbox folder, e-mail if a mail server is set, and the channels of the channel file.

    Raises:
        InvalidInput: the channel file is invalid; lists all its faults.
    """
    named = {} if settings.channels_file is None else read_channels(settings.channels_file, CHANNEL_TYPES)
    found: dict[str, Channel] = {OUTBOX: OutboxChannel(settings.outbox_dir, settings.mail_from)}
    if (smtp := settings.smtp) is not None:
        found[MAIL] = SmtpChannel(sender=settings.mail_from, **dataclasses.asdict(smtp))
    for name, channel in named.items():
        if channel.type in CHANNEL_TYPES:  # the entries of outbox and e-mail only set a rate
            found[name] = CHANNEL_TYPES[channel.type].build(channel)
    return {
        name: ChannelRoute(channel, named[name].interval if name in named else None) for name, channel in found.items()
    }
