"""The commands of an offline file, built before any is sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from pydantic import ValidationError

from schemas.actor import Actor
from schemas.command import Command
from services.offline.edits import Outcome, Unwanted, Wanted

_COLUMNS = {"quantity": "done", "evidence": "new_evidence"}
"""Field of a command to its column, if it has another name."""


class Ready(NamedTuple):
    """An edit with a valid command."""

    wanted: Wanted
    command: Command
    now: datetime


def built(found: Iterable[Outcome], actor: Actor, now: datetime) -> tuple[list[Ready], list[Outcome]]:
    """The commands of this actor, and the outcomes without a command: conflicts and faults of the content.

    `now` is campaign time, for edits without a time.
    """
    ready: list[Ready] = []
    rest: list[Outcome] = []
    for one in found:
        if not isinstance(one, Wanted):
            rest.append(one)
            continue
        fields = {"command_id": one.command_id, "actor": actor, "effective_at": one.at or now, **one.content}
        try:
            ready.append(Ready(one, one.model.model_validate(fields), now))
        except ValidationError as error:
            rest += [_fault(one, fault["loc"], fault["msg"]) for fault in error.errors(include_url=False)]
    return ready, rest


def _fault(one: Wanted, loc: tuple[int | str, ...], fault: str) -> Unwanted:
    names = [str(part) for part in loc if part != "record"]
    column = _COLUMNS.get(names[0], names[0]) if names else "done"
    return Unwanted(one.row, column, f"{one.edit}: expected {fault.removeprefix('Input should be ')}")
