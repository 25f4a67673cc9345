"""Every dead letter of a campaign sent again, each document a command of its own."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from commands.common.connection import connected
from commands.common.document_names import called
from commands.common.flags import Sending
from commands.common.sending import verdict_on
from commands.common.subjects import document_subject
from commands.common.tables import console, counted, print_json, table
from schemas.documents.delivery import Resend
from schemas.errors import Refused
from storage.campaigns import find_campaign
from storage.deliveries import dead_letters


async def resend_all(campaign: str, sending: Sending, channel: str | None) -> int:
    """Ask the delivery of each document with a dead letter (through `channel`, if named) to send it again; returns 0.

    Raises:
        Refused: one of them or more could not be sent again; the others were asked all the same.
    """
    async with connected() as servers:
        pool = await servers.pool()
        await find_campaign(pool, campaign)
        dead: dict[str, list[str]] = {}
        letters = await dead_letters(pool, campaign)
        for letter in letters:
            if channel in (None, letter.channel):
                dead.setdefault(letter.key, []).append(letter.channel)
        told: list[dict[str, Any]] = []
        for key, channels in dead.items():
            subject = replace(await document_subject(pool, campaign, key), is_delivery=True)
            assert subject.document is not None
            one = replace(sending, command_id=str(uuid4()))
            verdict, reason = await verdict_on(servers, subject, Resend, one, channel=channel)
            told.append(
                {
                    "document": called(subject.document),
                    "key": key,
                    "city": subject.city,
                    "channels": channels,
                    "command_id": one.command_id,
                    "verdict": verdict,
                    "reason": reason,
                }
            )
    if sending.json:
        print_json(told)
    elif told:
        rows = (
            (one["document"], one["city"], ", ".join(one["channels"]), one["verdict"], one["reason"]) for one in told
        )
        console().print(table(("document", "city", "channels", "verdict", "reason"), rows))
    else:
        through = ", ".join(sorted({letter.channel for letter in letters}))
        others = f"; there are some through: {through}" if letters else ""
        print(f"{campaign}: no dead letters{f' through {channel}' if channel else ''}, nothing to send again{others}")
    refused = sum(one["verdict"] == "refused" for one in told)
    if refused:
        raise Refused(f"{counted(refused, 'document')} of {len(told)} could not be sent again; the reasons are above")
    return 0
