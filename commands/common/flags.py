"""The flags that every command has which is sent to a workflow."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from cyclopts import Group, Parameter

from commands.common.arguments import instant, reads, seconds
from services.common.send_options import SendOptions


@Parameter(name="*", group=Group("Giving the command", sort_key=9))
@dataclass(frozen=True)
class Sending(SendOptions):
    """How a command is given; the same flags for every one."""

    as_: Annotated[str | None, Parameter(name="--as", metavar="ID:ROLE:UNIT")] = None
    """Who gives it; without it HUNDRED_DAYS_ACTOR says so."""

    at: Annotated[datetime | None, Parameter(converter=reads(instant), n_tokens=1, metavar="TIME")] = None
    """When it happened (ISO 8601 with its zone); campaign time now by default."""

    command_id: Annotated[str | None, Parameter(metavar="ID")] = None
    """The command's own id; the same id twice is one command. A new one by default."""

    signal: Annotated[bool, Parameter(negative="", show_default=False)] = False
    """Send it and do not wait for the verdict."""

    wait: Annotated[float, Parameter(converter=reads(seconds), metavar="DURATION", show_default=lambda _: "5s")] = 5.0
    """How long to wait for the verdict; then the command is kept as a signal."""

    json: Annotated[bool, Parameter(negative="", show_default=False)] = False
    """Print one JSON object: command_id, verdict (accepted, duplicate, refused, kept), reason, state."""


PLAINLY = Sending()
"""No flag given."""
