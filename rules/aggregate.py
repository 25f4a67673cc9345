"""The base of all aggregates: an event-sourced state whose events form a hash chain."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import ClassVar, Generic, NamedTuple, TypeVar

from rules.effects import Effect
from rules.event_time import EventTime as EventTime
from rules.event_time import Question as Question
from rules.event_time import TimeLimits as TimeLimits
from schemas.actor import Actor, Role
from schemas.answers import Verdict
from schemas.base import StoredModel
from schemas.canonical import canonical_json, entry_hash
from schemas.command import Command
from schemas.commands import Unreadable
from schemas.documents.document import DocumentRow
from schemas.errors import Refused
from schemas.event import CommandRefused, Event, new_field
from schemas.identity import Spellings
from schemas.ledger import DocumentDraft, LedgerEntry, Notice

REMEMBERED = 20
"""How many refusals, and how many warnings, a status query shows; the ledger has all."""
_REFUSED_CONTENT = 4096
"""Characters of a refused command's content that the ledger keeps."""
_REFUSED_REASON = 500
"""Characters of the reason: an unreadable message may have a fault for each of its thousand fields."""


class AggregateState(StoredModel):
    """Base of every aggregate's state: the head of its chain, and the processed commands."""

    seq: int = 0
    head: str = ""
    processed: dict[str, str] = {}
    """Command id to the fingerprint of its content."""
    refusals: list[dict[str, str]] = []
    warned: list[dict[str, str]] = new_field([])
    """What senders of accepted commands were told beside: a signal has no answer that could say it."""


class Received(NamedTuple):
    """A command as it reached the engine; both instants are campaign time.

    `received_at` is when the engine read it. `arrived_at` is when it could have, if nobody worked then: the tolerance
    for late reports counts from it, so that an outage costs nobody their event time.
    """

    command: Command | Unreadable
    received_at: datetime
    arrived_at: datetime | None = None


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

    def result_of(self, command_id: str) -> CommandResult:
        """The result of the first command of this id. Raises KeyError where none was decided."""
        for key, result in self.judgements.items():
            if key.command_id == command_id:
                return result
        raise KeyError(command_id)


State = TypeVar("State", bound=AggregateState)


class Aggregate(ABC, Generic[State]):
    """State + `advance()` + `next_due()` + `settled`; subclasses define the decisions.

    Only `apply` changes state that follows from the ledger, so that applying a stream's entries gives the same state.
    An aggregate may also note the effects it has requested (a dispatch, an anchor); without the note it requests them
    again.
    """

    events: ClassVar[Mapping[str, type[Event]]]

    def __init__(self, stream: str, state: State) -> None:
        self.stream = stream
        self.state = state
        self._outcome = Outcome()

    # -- defined by subclasses ---------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def settled(self) -> bool:
        """Whether no further event is possible."""

    @abstractmethod
    def next_due(self, now: datetime) -> datetime | None:
        """The next deadline; None if there is none."""

    @abstractmethod
    def apply(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        """Apply one event to the state, and add its effects and notices to the outcome.

        A deadline of the event counts from `received_at`: whoever must act could not know of it before.
        """

    @property
    @abstractmethod
    def time_limits(self) -> TimeLimits:
        """Which event times the subject accepts at all."""

    @abstractmethod
    def decide(self, command: Command, when: EventTime) -> Iterable[Event]:
        """The events that follow from a command judged at `when.at`, in an unchanged state; none if it changes nothing.

        Warnings for the sender are put on the first of them.

        Raises:
            Refused: the rules do not allow the command.
        """

    def answers(self, command: Command) -> Question | None:
        """What a command answers as things stand; None for one that answers nothing."""
        return None

    def claimed_time(self, command: Command, received_at: datetime) -> EventTime:
        """The event time by the subject's limits."""
        return self.time_limits.read(command.effective_at, received_at)

    def event_time(self, command: Command, received_at: datetime) -> EventTime:
        """The time by which a command is judged as things stand: nobody answers before it is asked."""
        when = self.claimed_time(command, received_at)
        return when if when.at == received_at else self.time_limits.answered(when, self.answers(command))

    def takes_place(self, event: Event, at: datetime) -> datetime:
        """When an event of a command judged at `at` takes place: then, unless it follows from more than the command."""
        return at

    def unit_names(self) -> Iterable[str]:
        """The units that the subject knows, as the plan, the register or the ledger spells them."""
        return ()

    @abstractmethod
    def run_deadlines(self, limit: datetime, now: datetime) -> None:
        """Record the events of every deadline up to `limit`, as of `now`."""

    def begin(self, now: datetime) -> None:
        """Record the first event of the stream, if there is none; commands are judged after it."""

    # -- processing of a command -------------------------------------------------------------------------------------

    def advance(self, commands: Iterable[Received], now: datetime, *, others_wait: bool = False) -> Outcome:
        """Judge the commands and process the deadlines up to `now`, in the order of campaign time.

        If later commands wait to be judged, the deadlines after the last of these do too: one of those commands may
        have met them.
        """
        self.begin(now)
        waiting = [(self._first_time(one).at, number, one) for number, one in enumerate(commands)]
        heapify(waiting)
        while waiting:
            at, number, received = heappop(waiting)
            self.run_deadlines(at, now)
            # What it answers is known only now: another command of this batch may have asked it just before.
            when = self._time_of(received)
            if when.at > at:
                heappush(waiting, (when.at, number, received))
            else:
                self._decide_command(received, when, now)
        if not others_wait:
            self.run_deadlines(now, now)
        outcome, self._outcome = self._outcome, Outcome()
        return outcome

    def loses_event_time(self, received: Received) -> bool:
        """Whether the claimed time is past and would not be accepted if the command had arrived when it was read."""
        when = self._time_of(received)
        return when.claimed_at is not None and when.claimed_at < received.received_at

    def foreseen(self, command: Command, received_at: datetime) -> CommandResult:
        """The result that the command would have at this moment; nothing changes."""
        try:
            if self._is_repeat(command_key(command)):
                return CommandResult(Verdict.DUPLICATE)
            command, when = self._as_spelt(command), self.event_time(command, received_at)
            events = list(self._decided(command, when))
        except Refused as refused:
            return CommandResult(Verdict.REFUSED, str(refused), type(refused))
        return CommandResult(
            Verdict.ACCEPTED if events else Verdict.DUPLICATE, warnings=self._warnings(command, events, when)
        )

    def refusal(self, command: Command, received_at: datetime) -> Refused | None:
        """The refusal of this command at this moment, or None; for update validators."""
        result = self.foreseen(command, received_at)
        return result.refused_as(result.reason) if result.verdict is Verdict.REFUSED else None

    def snapshot(self) -> str:
        """The state as JSON, for `rebase` and continue-as-new."""
        return self.state.model_dump_json()

    def restore(self, entries: Iterable[LedgerEntry]) -> None:
        """Apply a stream's entries, from its first, to this aggregate's initial state."""
        for entry in entries:
            self._apply_entry(entry)
        self._outcome = Outcome()

    def rebase(self, snapshot: str, entries: Iterable[LedgerEntry]) -> Outcome:
        """Restore a snapshot and apply the ledger's entries after it.

        An attempt that was interrupted after recording (a worker crash, a task that the server did not accept) leaves
        entries with another receive time. They are kept: the outcome has their judgements and the effects still to be
        executed; rows and notices, which were recorded with them, are not repeated.
        """
        self.state = type(self.state).model_validate_json(snapshot)
        standing = list(entries)
        if standing and standing[0].seq <= self.state.seq:
            # This code derived other entries than the recorded ones (a release changed their content): the state is
            # rebuilt from the ledger.
            known = self.state.seq
            self.state = type(self.state)()
            self.restore(entry for entry in standing if entry.seq <= known)
            standing = [entry for entry in standing if entry.seq > known]
        self._outcome = Outcome()
        for entry in standing:
            event = self._apply_entry(entry)
            key = CommandKey(event.command_id or "", event.fingerprint or "")
            if isinstance(event, CommandRefused):
                self._outcome.judgements[key] = CommandResult(Verdict.REFUSED, event.reason)
            elif event.command_id is not None:
                self._outcome.judgements[key] = CommandResult(Verdict.ACCEPTED, warnings=event.warnings)
        outcome, self._outcome = self._outcome, Outcome()
        return Outcome(effects=outcome.effects, judgements=outcome.judgements)

    def _apply_entry(self, entry: LedgerEntry) -> Event:
        event = self.events[entry.kind].model_validate_json(entry.data)
        self._remember(event)
        self.apply(event, entry.at, entry.received_at, Actor.model_validate_json(entry.actor))
        self.state.seq, self.state.head = entry.seq, entry.hash
        return event

    def _first_time(self, received: Received) -> EventTime:
        if isinstance(received.command, Unreadable):
            return EventTime(received.received_at, received.received_at)
        return self.claimed_time(received.command, received.arrived_at or received.received_at)

    def _time_of(self, received: Received) -> EventTime:
        if isinstance(received.command, Unreadable):
            return EventTime(received.received_at, received.received_at)
        reading = self.event_time(received.command, received.arrived_at or received.received_at)
        return reading._replace(heard_at=received.received_at)

    def _decided(self, command: Command, when: EventTime) -> Iterable[Event]:
        """The events of a command; raises Refused for an answer to what was decided before."""
        self.time_limits.require_present(command.kind, when, self.answers(command))
        return self.decide(command, when)

    def _decide_command(self, received: Received, when: EventTime, now: datetime) -> None:
        command = received.command
        if isinstance(command, Unreadable):
            self._refuse(command_key(command), command.name, Refused(command.reason), command.content, received)
            return
        key = command_key(command)
        try:
            if self._is_repeat(key):
                self._outcome.judgements.setdefault(key, CommandResult(Verdict.DUPLICATE))
                return
            command = self._as_spelt(command)
            events = list(self._decided(command, when))
        except Refused as refused:
            self._refuse(key, command.kind, refused, command.model_dump_json(), received)
            return
        if not events:  # it changes nothing
            self._outcome.judgements[key] = CommandResult(Verdict.DUPLICATE)
            return
        first, *rest = events
        first.command_id, first.fingerprint = key
        first.claimed_at = when.claimed_at
        first.warnings = self._warnings(command, events, when)
        self._outcome.judgements[key] = CommandResult(Verdict.ACCEPTED, warnings=first.warnings)
        for event in (first, *rest):
            self.record_event(event, self.takes_place(event, when.at), when.heard_at, command.actor)
        self.after_command(when.at, when.heard_at, command.actor)

    def _warnings(self, command: Command, events: Sequence[Event], when: EventTime) -> tuple[str, ...]:
        """What the sender of an accepted command is told: first, that its time is not taken, and why.

        The engine's own commands need no explanation.
        """
        said = events[0].warnings if events else ()
        warning = self.time_limits.warning(when) if command.actor.role is not Role.SYSTEM else None
        return said if warning is None else (warning, *said)

    def after_command(self, at: datetime, received_at: datetime, actor: Actor) -> None:
        """Record the events that follow from the new state (the last report requests verification). None by default."""

    def _as_spelt(self, command: Command) -> Command:
        """The command of the unit as the plan spells it: two spellings of one office are one unit."""
        actor = command.actor
        if any(name == actor.unit for name in self.unit_names()):
            return command
        known = Spellings(self.unit_names()).known(actor.unit)
        if known == actor.unit:
            return command
        return command.model_copy(update={"actor": actor.model_copy(update={"unit": known})})

    def _is_repeat(self, key: CommandKey) -> bool:
        known = self.state.processed.get(key.command_id)
        if known is None:
            return False
        if known != key.fingerprint:
            raise Refused(
                f"command id {key.command_id!r} was used before for another content; give each command its own id"
            )
        return True

    def _refuse(self, key: CommandKey, kind: str, refused: Refused, content: str, received: Received) -> None:
        reason = str(refused)[:_REFUSED_REASON]
        self._outcome.judgements[key] = CommandResult(Verdict.REFUSED, reason, type(refused))
        event = CommandRefused(
            command_id=key.command_id,
            fingerprint=key.fingerprint,
            command=kind,
            reason=reason,
            content=content[:_REFUSED_CONTENT],
        )
        self.record_event(event, received.received_at, received.received_at, received.command.actor)

    def record_event(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        """Append an event to the chain, note its command and apply it."""
        state = self.state
        kind = event.kind
        data = canonical_json(event.model_dump(mode="json", exclude={"kind"}, exclude_none=True))
        who = actor_json(actor)
        digest = entry_hash(state.head, self.stream, state.seq + 1, kind, at, received_at, who, data)
        self._outcome.entries.append(
            LedgerEntry.model_construct(  # valid by construction; validation here is slow
                stream=self.stream,
                seq=state.seq + 1,
                kind=kind,
                at=at,
                received_at=received_at,
                actor=who,
                data=data,
                prev_hash=state.head,
                hash=digest,
            )
        )
        state.seq, state.head = state.seq + 1, digest
        self._remember(event)
        self.apply(event, at, received_at, actor)

    def _remember(self, event: Event) -> None:
        if isinstance(event, CommandRefused):
            kept = {"command_id": event.command_id or "", "command": event.command, "reason": event.reason}
            self.state.refusals = [*self.state.refusals[1 - REMEMBERED :], kept]
        elif event.command_id is not None:
            self.state.processed[event.command_id] = event.fingerprint or ""
            if event.warnings:
                told = ({"command_id": event.command_id, "warning": warning} for warning in event.warnings)
                self.state.warned = [*self.state.warned, *told][-REMEMBERED:]


def command_key(command: Command | Unreadable) -> CommandKey:
    """The id of a command with the fingerprint of its content."""
    return CommandKey(command.command_id, fingerprint(command))


def fingerprint(command: Command | Unreadable) -> str:
    """16 hex digits of the command's content, to detect other content under the same id."""
    # Without the time: a sender that repeats a command may give another time or none.
    # Without defaults: a new optional field does not change the fingerprints of existing commands.
    text = command.model_dump_json(exclude={"command_id", "effective_at"}, exclude_defaults=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def actor_json(actor: Actor) -> str:
    """The canonical JSON of an actor, as the ledger hashes it."""
    return canonical_json({"id": actor.id, "role": actor.role.value, "unit": actor.unit})
