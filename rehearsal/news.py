"""What a desk tells its sites, as the command that a site of the engine receives for it."""

import hashlib
from typing import Any

from rules.effects import TellSites
from schemas import commands as cmd
from schemas.actor import ENGINE


def news_of(effect: TellSites, round_: int) -> cmd.Command:
    """The command for a site in this round of its; the same news of a document again is the same command."""
    said: dict[str, Any] = {
        "command_id": f"{effect.news}:{hashlib.sha256(effect.document.encode()).hexdigest()[:32]}",
        "actor": ENGINE,
        "effective_at": effect.at,
        "document": effect.document,
        "rung": effect.rung,
        "round": round_,
    }
    match effect.news:
        case "rung_issued":
            return cmd.RungIssued(**said, on=effect.day)
        case "rung_withdrawn":
            return cmd.RungWithdrawn(**said, on=effect.day, reason=effect.reason or "not issued")
        case _:
            return cmd.HoldClimb(**said, until=effect.day)
