"""The two base models, ids, and instants, which are never naive."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer


# Both kinds of model are built when they are first used (`defer_build`): a command uses a few of some three hundred,
# and building all of them takes a third of a second. A process that must not build late calls `build_models`.
class InputModel(BaseModel):
    """Base of what people write (plans, registers, commands): frozen; an unknown field (a typo) is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class StoredModel(BaseModel):
    """Base of what the engine writes and reads itself (inputs, states, ledger, record batches).

    Unknown fields are ignored: during a rolling release, and after a roll-back, older code reads what newer
    code wrote. New fields are optional, and wire names only grow.
    """

    model_config = ConfigDict(extra="ignore", defer_build=True)


def build_models() -> None:
    """Build every loaded model now, so that no thread builds one at its first use."""
    waiting: list[type[BaseModel]] = [InputModel, StoredModel]
    while waiting:
        model = waiting.pop()
        model.model_rebuild()
        waiting += model.__subclasses__()


def _utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the years 1 to 9999 in UTC") from None


def iso_utc(instant: datetime) -> str:
    """The only text form of an instant: ISO 8601, UTC, microseconds, `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


Instant = Annotated[AwareDatetime, AfterValidator(_utc), PlainSerializer(iso_utc, when_used="json")]
"""A moment in campaign time, kept in UTC; a naive datetime is refused."""

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""An id that is safe inside a workflow id: no slash, no space, at most 64 characters."""

SiteId = Annotated[str, Field(pattern=r"^[^\s/:\x00-\x1f]{1,64}$")]
"""A site's id as its register writes it: any script, without space, slash or colon, at most 64 characters."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hex digits."""

COMMAND_ID_LENGTH = 128
"""Characters of a command id at most."""

CommandId = Annotated[str, Field(min_length=1, max_length=COMMAND_ID_LENGTH, pattern=r"^[^\x00-\x1f]+$")]
"""The sender's own id of a command: a second command with the same id is a duplicate."""


def as_command_id(text: str) -> str:
    """The text as a command id: its first 128 characters."""
    return text[:COMMAND_ID_LENGTH]
