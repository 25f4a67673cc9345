"""How a command is sent: by whom, when it happened, under which id, and how long the sender waits.

This module has few imports: the flags of the command line are these fields, and its help loads nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from schemas.actor import PEOPLE, Actor, Role
from schemas.given_time import GivenTime, given_instant

EXPECTED = "id:role:unit, such as li:city:410400"
ROLES = tuple(role.value for role in PEOPLE)


class UnknownActor(ValueError):
    """The command has no actor, or an invalid one; says what was expected."""


@dataclass(frozen=True)
class SendOptions:
    """What every command is sent with, whatever its kind."""

    as_: str | None = None
    """Who sends it, as `id:role:unit`; None is the actor of the environment."""

    at: GivenTime | None = None
    """When it happened; campaign time now by default."""

    command_id: str | None = None
    """The command's own id; a new one by default."""

    signal: bool = False
    """Send it without waiting for the verdict."""

    wait: float = 5.0
    """Seconds to wait for the verdict; then the command is kept as a signal."""

    def event_time(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When it happened, for a campaign of this time zone whose time is `now`."""
        return now if self.at is None else given_instant(self.at, now, zone)

    def actor(self, by_environment: str | None) -> Actor:
        """The actor of this command: `as_`, else HUNDRED_DAYS_ACTOR. UnknownActor if neither names one."""
        source, text = ("--as", self.as_) if self.as_ is not None else ("HUNDRED_DAYS_ACTOR", by_environment)
        if text is None:
            raise UnknownActor(f"who gives this command? Say --as {EXPECTED}, or set HUNDRED_DAYS_ACTOR once")
        try:
            return parse_actor(text)
        except ValueError as error:
            raise UnknownActor(f"{source}: {error}") from None


def parse_actor(text: str) -> Actor:
    """`id:role:unit`; the unit may contain colons. ValueError says what was expected."""
    parts = [part.strip() for part in text.split(":", 2)]
    if len(parts) != 3 or not all(parts):
        raise ValueError(f"expected {EXPECTED}, not {text!r}")
    who, role, unit = parts
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r}; the roles are {', '.join(ROLES)}")
    if len(who) > 128 or len(unit) > 128:
        raise ValueError("id and unit have at most 128 characters each")
    return Actor(id=who, role=Role(role), unit=unit)
