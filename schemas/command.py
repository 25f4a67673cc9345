"""The base of every command; `schemas.commands` lists all of them."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from schemas.actor import Actor
from schemas.base import CommandId, InputModel, Instant

Reason = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]
"""What somebody says in writing: blanks say nothing."""


DocumentRef = Annotated[str, Field(min_length=1, max_length=300)]
"""A document by its number or its key."""


class Command(InputModel):
    """Base of all commands: the sender's own id, the actor, and the event time (with a zone)."""

    if TYPE_CHECKING:
        # Every subclass declares it with one value; a declaration here would change the order of the fields.
        kind: str
    command_id: CommandId
    actor: Actor
    effective_at: Instant
