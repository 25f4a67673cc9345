"""Parses raw payloads to commands. A message that does not parse becomes an `Unreadable`, it is never dropped.

The SDK drops a signal whose payload does not decode into the handler's type; so handlers take the raw value and it
is read here.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json
from temporalio.common import RawValue

from schemas.actor import UNKNOWN_SENDER, Actor, Role
from schemas.base import as_command_id
from schemas.command import Command
from schemas.commands import Unreadable

_CONTENT = 4096
"""Kept characters of an unreadable message."""
_LARGEST = 64 * 1024
"""Most bytes of a message: a workflow task must compute far less than two seconds."""
_FAULTS = 10
"""Faults of one message that are listed; the rest is counted."""


def read_command(
    models: Mapping[str, type[Command]], name: str, args: Sequence[RawValue], now: datetime
) -> Command | Unreadable:
    """The command that a message carries; its name is the command's kind."""
    model = models.get(name)
    data = args[0].payload.data if args else b""
    if model is None:
        return _unreadable(name, data, f"there is no command {name!r}; there are: {', '.join(sorted(models))}", now)
    if len(data) > _LARGEST:
        return _unreadable(name, data, f"is larger than {_LARGEST} bytes; send references to files, not files", now)
    if b"\\u0000" in data:
        return _unreadable(name, data, "holds a NUL character, which no text of ours may hold", now)
    if len(args) != 1 or args[0].payload.metadata.get("encoding") != b"json/plain":
        return _unreadable(name, data, "expected one JSON object (encoding json/plain)", now)
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        return _unreadable(name, data, explain(error), now)


def explain(error: ValidationError) -> str:
    """All faults of a command in one line: where, what is wrong, what was given."""
    faults = []
    found = error.errors(include_url=False, include_context=False)
    for fault in found[:_FAULTS]:
        where = ".".join(str(part) for part in fault["loc"]) or "message"
        given = "" if fault["type"] == "missing" else f" (given: {str(fault['input'])[:80]!r})"
        faults.append(f"{where}: {fault['msg'].lower()}{given}")
    if len(found) > _FAULTS:
        faults.append(f"and {len(found) - _FAULTS} more faults")
    return "; ".join(faults)


def _unreadable(name: str, data: bytes, reason: str, now: datetime) -> Unreadable:
    content = data[: 4 * _CONTENT].decode(errors="replace").replace("\x00", "\ufffd")
    said = _as_object(data) if len(data) <= _LARGEST else {}
    return Unreadable(
        command_id=_text(said.get("command_id")) or f"unreadable-{hashlib.sha256(data).hexdigest()[:16]}",
        actor=_actor(said.get("actor")),
        effective_at=now,
        name=name[:64].replace("\x00", "\ufffd"),
        content=content[:_CONTENT],
        reason=reason,
    )


def _as_object(data: bytes) -> dict[str, Any]:
    try:
        said = from_json(data)  # unlike json.loads it bounds the depth and refuses half a surrogate pair
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _text(value: object) -> str | None:
    return as_command_id(value).replace("\x00", "\ufffd") if isinstance(value, str) and value else None


def _actor(value: object) -> Actor:
    """The sender, if it can be parsed; the engine's own messages can be read, so it is not the engine."""
    try:
        actor = Actor.model_validate(value)
    except ValidationError:
        return UNKNOWN_SENDER
    return UNKNOWN_SENDER if actor.role is Role.SYSTEM else actor
