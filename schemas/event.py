"""The base of all ledger events."""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames


def new_field(default: Any) -> Any:
    """A field that is left out of the JSON while it has its default.

    Entries stay short, and a field that is added later does not change the hash of existing entries."""
    return Field(default=default, exclude_if=lambda value: value == default)


class Event(StoredModel):
    """Base of all event data; `kind` is written beside the data, not inside it."""

    if TYPE_CHECKING:
        # Every subclass declares it with one value; a declaration here would change the order of the fields.
        kind: str
    command_id: str | None = None
    fingerprint: str | None = None
    """First 16 hex digits of the SHA-256 of the command's content, to detect other content under the same id."""
    claimed_at: Instant | None = None
    """The sender's event time, if it was not accepted because it was too old or in the future."""
    warnings: tuple[str, ...] = new_field(())
    """What the sender of the accepted command was told beside: sentences."""
    clauses: ClauseNames = new_field({})
    """Field of each deadline that the event sets to the clause that it follows from."""


class CommandRefused(Event):
    """A command that the rules refused or that could not be read; every one is recorded."""

    kind: Literal["refused"] = "refused"
    command: str
    reason: str
    content: str
