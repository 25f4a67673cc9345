"""Giving a command to a spot check."""

from commands.connection import connected
from commands.flags import Sending
from commands.sending import to_subject
from commands.spot_check_subject import spot_check_subject
from schemas.command import Command


async def to_spot_check(campaign: str, check: str, model: type[Command], sending: Sending, **content: object) -> int:
    """Give a command of this kind and content to a spot check; returns 0, raises as `send` does."""
    async with connected() as servers:
        subject = await spot_check_subject(await servers.pool(), campaign, check)
        return await to_subject(servers, subject, model, sending, **content)
