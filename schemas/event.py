"""What every event of the ledger has in common."""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from schemas.base import Instant, StoredModel


def new_field(default: Any) -> Any:
    """A field that came later: while it says nothing it is not written, so that older entries hash as they did."""
    return Field(default=default, exclude_if=lambda value: value == default)


class Event(StoredModel):
    """Base of all event data; `kind` is written beside the data, not inside it."""

    if TYPE_CHECKING:
        # Every event has it, with one value; declared here it would change the order of the fields.
        kind: str
    command_id: str | None = None
    fingerprint: str | None = None
    """First 16 hex digits of the SHA-256 of the command's content: the same id with other content is told apart."""
    claimed_at: Instant | None = None
    """The sender's event time, where it was too late (or in the future) to be judged by."""


class CommandRefused(Event):
    """A command that the rules did not allow or that could not be read; nothing is lost silently."""

    kind: Literal["refused"] = "refused"
    command: str
    reason: str
    content: str
