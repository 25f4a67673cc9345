"""What every command has in common; `schemas.commands` has them all."""

from typing import Annotated

from pydantic import Field

from schemas.actor import Actor
from schemas.base import CommandId, InputModel, Instant

Reason = Annotated[str, Field(min_length=1, max_length=4000)]


DocumentRef = Annotated[str, Field(min_length=1, max_length=300)]
"""A document by its number or its key."""


class Command(InputModel):
    """What every command carries: the sender's own id, who, and when it happened (event time, with a zone)."""

    command_id: CommandId
    actor: Actor
    effective_at: Instant
