"""What an aggregate is given and what it gives back: received commands, their results, and the outcome of a call."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from rules.effects import Effect
from rules.event_time import EventTime
from schemas.answers import Verdict
from schemas.command import Command
from schemas.commands import Unreadable
from schemas.documents.document import DocumentRow
from schemas.errors import Refused
from schemas.ledger import DocumentDraft, LedgerEntry, Notice


class Received(NamedTuple):
    """A command as it reached the engine; both instants are campaign time.

    `received_at` is when the engine read it. `arrived_at` is when it could have, if nobody worked then: the tolerance
    for late reports counts from it, so that an outage costs nobody their event time.
    """

    command: Command | Unreadable
    received_at: datetime
    arrived_at: datetime | None = None
    signal: int | None = None
    """Its number among the signals of its run, while its arrival can still be read from the server's history."""
    put_off: EventTime | None = None
    """The time that it has instead of its claim, since its turn came at the claim and went by."""

    @property
    def counted_from(self) -> datetime:
        """The moment as of which it counts, if its claim is not accepted."""
        return self.arrived_at or self.received_at

    @property
    def earliest(self) -> datetime:
        """No later than the time by which it will be judged."""
        return min(self.command.effective_at, self.counted_from) if self.put_off is None else self.put_off.at


class CommandKey(NamedTuple):
    """What tells one command from another: two senders may have used one id for different contents."""

    command_id: str
    fingerprint: str


class CommandResult(NamedTuple):
    """`refused_as` is the exception for the sender; for a refusal read from the ledger it is `Refused`.

    `warnings` are sentences for the sender of an accepted command.
    """

    verdict: Verdict
    reason: str | None = None
    refused_as: type[Refused] = Refused
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """The result of one `advance`: entries and rows to record, and effects to execute after that."""

    entries: list[LedgerEntry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    documents: list[DocumentDraft] = field(default_factory=list)
    document_rows: dict[str, DocumentRow] = field(default_factory=dict)
    """Key to the newest row of a changed document."""
    effects: list[Effect] = field(default_factory=list)
    judgements: dict[CommandKey, CommandResult] = field(default_factory=dict)
    left: tuple[Received, ...] = ()
    """The commands that were given and are not judged yet, for the next call."""

    def result_of(self, command_id: str) -> CommandResult:
        """The result of the first command of this id. Raises KeyError where none was decided."""
        for key, result in self.judgements.items():
            if key.command_id == command_id:
                return result
        raise KeyError(command_id)


def command_key(command: Command | Unreadable) -> CommandKey:
    """The id of a command with the fingerprint of its content."""
    return CommandKey(command.command_id, fingerprint(command))


def fingerprint(command: Command | Unreadable) -> str:
    """16 hex digits of the command's content, to detect other content under the same id."""
    # Without the time: a sender that repeats a command may give another time or none.
    # Without defaults: a new optional field does not change the fingerprints of existing commands.
    text = command.model_dump_json(exclude={"command_id", "effective_at"}, exclude_defaults=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
