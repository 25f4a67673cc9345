"""What every command has in common; `schemas.commands` has them all."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from schemas.actor import Actor
from schemas.base import CommandId, InputModel, Instant

Reason = Annotated[str, Field(min_length=1, max_length=4000)]


DocumentRef = Annotated[str, Field(min_length=1, max_length=300)]
"""A document by its number or its key."""


class Command(InputModel):
    """What every command carries: the sender's own id, who, and when it happened (event time, with a zone)."""

    if TYPE_CHECKING:
        # Every command has it, with one value; declared here it would change the order of the fields.
        kind: str
    command_id: CommandId
    actor: Actor
    effective_at: Instant
