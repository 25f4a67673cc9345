"""Who gives a command: `--as id:role:unit`, or HUNDRED_DAYS_ACTOR in the same form."""

from commands.common.arguments import Misused
from schemas.actor import Actor, Role

EXPECTED = "id:role:unit, such as li:city:410400"
ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)
"""The roles of people; `system` is the engine itself."""


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


def acting(named: str | None, by_environment: str | None) -> Actor:
    """The actor of this command: `--as` goes before HUNDRED_DAYS_ACTOR. Misused if neither names one that holds."""
    source, text = ("--as", named) if named is not None else ("HUNDRED_DAYS_ACTOR", by_environment)
    if text is None:
        raise Misused(f"who gives this command? Say --as {EXPECTED}, or set HUNDRED_DAYS_ACTOR once")
    try:
        return parse_actor(text)
    except ValueError as error:
        raise Misused(f"{source}: {error}") from None
