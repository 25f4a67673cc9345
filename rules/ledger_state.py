"""A state that follows from its stream in the ledger: its events form a hash chain, and applying them restores it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from rules.command_results import CommandKey, CommandResult, Outcome
from schemas.actor import Actor
from schemas.answers import Verdict
from schemas.base import StoredModel
from schemas.canonical import canonical_json, entry_hash
from schemas.event import CommandRefused, Event, new_field
from schemas.ledger import LedgerEntry

REMEMBERED = 20
"""How many refusals, and how many warnings, a status query shows; the ledger has all."""


class AggregateState(StoredModel):
    """Base of every aggregate's state: the head of its chain, and the processed commands."""

    seq: int = 0
    head: str = ""
    processed: dict[str, str] = {}
    """Command id to the fingerprint of its content."""
    refusals: list[dict[str, str]] = []
    warned: list[dict[str, str]] = new_field([])
    """What senders of accepted commands were told beside: a signal has no answer that could say it."""


State = TypeVar("State", bound=AggregateState)


class EventSourced(ABC, Generic[State]):
    """A stream, its state, and the outcome of the present call.

    Only `apply` changes state that follows from the ledger, so that applying a stream's entries gives the same state.
    An aggregate may also note the effects it has requested (a dispatch, an anchor); without the note it requests them
    again.
    """

    events: ClassVar[Mapping[str, type[Event]]]

    def __init__(self, stream: str, state: State) -> None:
        self.stream = stream
        self.state = state
        self._outcome = Outcome()

    @abstractmethod
    def apply(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        """Apply one event to the state, and add its effects and notices to the outcome.

        A deadline of the event counts from `received_at`: whoever must act could not know of it before.
        """

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


def actor_json(actor: Actor) -> str:
    """The canonical JSON of an actor, as the ledger hashes it."""
    return canonical_json({"id": actor.id, "role": actor.role.value, "unit": actor.unit})
