"""The results of dead letters of a campaign that were sent again."""

from typing import Any

from commands.common.tables import console, print_json, table
from schemas.errors import Refused
from services.common.document_names import called
from services.common.sending import Sent
from services.common.text import counted
from services.documents.sending import ResentAll


def tell_resent(campaign: str, resent: ResentAll, channel: str | None, as_json: bool) -> None:
    """Print one row per document; Refused if any of them could not be sent again."""
    lines = [_line(sent, resent) for sent in resent.sent]
    if as_json:
        print_json(lines)
    elif lines:
        rows = (
            (one["document"], one["city"], ", ".join(one["channels"]), one["verdict"], one["reason"]) for one in lines
        )
        console().print(table(("document", "city", "channels", "verdict", "reason"), rows))
    else:
        through = ", ".join(sorted({letter.channel for letter in resent.letters}))
        others = f"; there are some through: {through}" if resent.letters else ""
        print(f"{campaign}: no dead letters{f' through {channel}' if channel else ''}, nothing to send again{others}")
    refused = sum(one["verdict"] == "refused" for one in lines)
    if refused:
        message = f"{counted(refused, 'document')} of {len(lines)} could not be sent again; the reasons are above"
        raise Refused(message).printed(as_json)


def _line(sent: Sent, resent: ResentAll) -> dict[str, Any]:
    document = sent.subject.document
    assert document is not None  # a delivery has a document
    return {
        "document": called(document),
        "key": document.key,
        "city": sent.subject.city,
        "channels": resent.channels[document.key],
        "command_id": sent.command.command_id,
        "verdict": sent.verdict,
        "reason": sent.refusal,
    }
