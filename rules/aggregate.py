"""The base of all aggregates: commands are judged in the order of event time, between the deadlines."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from datetime import datetime
from heapq import heapify, heappop, heapreplace

from rules.command_results import CommandKey, CommandResult, Received, command_key
from rules.command_results import Outcome as Outcome
from rules.event_time import EventTime as EventTime
from rules.event_time import Question as Question
from rules.event_time import TimeLimits as TimeLimits
from rules.ledger_state import AggregateState as AggregateState
from rules.ledger_state import EventSourced, State
from schemas.actor import Actor, Role
from schemas.answers import Verdict
from schemas.command import Command
from schemas.commands import Unreadable
from schemas.errors import Refused
from schemas.event import CommandRefused, Event
from schemas.identity import Spellings

_REFUSED_CONTENT = 4096
"""Characters of a refused command's content that the ledger keeps."""
_REFUSED_REASON = 500
"""Characters of the reason: an unreadable message may have a fault for each of its thousand fields."""


class Aggregate(EventSourced[State]):
    """State + `advance()` + `next_due()` + `settled`; subclasses define the decisions."""

    # -- defined by subclasses ---------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def settled(self) -> bool:
        """Whether no further event is possible."""

    @abstractmethod
    def next_due(self, now: datetime) -> datetime | None:
        """The next deadline; None if there is none."""

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

    def advance(self, commands: Iterable[Received], now: datetime, *, at_most: int | None = None) -> Outcome:
        """Judge the commands and process the deadlines up to `now`, in the order of campaign time.

        No more than `at_most` commands are judged: the earliest by the time that counts, which is not always the one
        that they claim. The others are `Outcome.left`, and the deadlines after the last that is judged wait with them:
        one of them may have met these.
        """
        self.begin(now)
        waiting = [(one.earliest, number, one) for number, one in enumerate(commands)]
        heapify(waiting)
        judged = 0
        while waiting and judged != at_most:
            at, number, received = waiting[0]
            self.run_deadlines(at, now)
            # What it answers is known only now: another command of this batch may have asked it just before.
            when = self._time_of(received)
            if when.at > at:
                heapreplace(waiting, (when.at, number, received._replace(put_off=when)))
                continue
            heappop(waiting)
            self._decide_command(received, when)
            judged += 1
        if not waiting:
            self.run_deadlines(now, now)
        outcome, self._outcome = self._outcome, Outcome()
        outcome.left = tuple(one for _, _, one in sorted(waiting, key=lambda left: left[1]))
        return outcome

    def loses_event_time(self, received: Received) -> bool:
        """Whether the claimed time is past and would not be accepted if the command had arrived when it was read."""
        when = self._time_of(received)
        return when.claimed_at is not None and when.claimed_at < received.received_at

    def foreseen(self, command: Command, received_at: datetime) -> CommandResult:
        """The result that the command would have at this moment, after the deadlines that are due; nothing changes."""
        due = None if self.settled else self.next_due(received_at)
        when = self.event_time(command, received_at)
        if due is None or due > when.at:  # a validator asks for each update: without a deadline no copy is needed
            try:
                _, events = self._decided(command, when)
            except Refused as refused:
                return CommandResult(Verdict.REFUSED, str(refused), type(refused))
            return _result_of(events)
        kept, self.state = self.state, type(self.state).model_validate_json(self.snapshot())
        try:
            return self.advance([Received(command, received_at)], received_at).result_of(command.command_id)
        finally:
            self.state, self._outcome = kept, Outcome()

    def refusal(self, command: Command, received_at: datetime) -> Refused | None:
        """The refusal of this command at this moment, or None; for update validators."""
        result = self.foreseen(command, received_at)
        return result.refused_as(result.reason) if result.verdict is Verdict.REFUSED else None

    def _time_of(self, received: Received) -> EventTime:
        if isinstance(received.command, Unreadable):
            return EventTime(received.received_at, received.received_at)
        reading = self.event_time(received.command, received.counted_from)._replace(heard_at=received.received_at)
        # What it answers may be gone meanwhile; yet its claim went by, and it is not judged there after all.
        put_off = received.put_off
        return reading if put_off is None or reading.at >= put_off.at else put_off

    def _decided(self, command: Command, when: EventTime) -> tuple[Command, list[Event]]:
        """The command as it is spelt, and its events; none for a repeat, or where it changes nothing.

        Raises:
            Refused: the rules do not allow it, or it answers what was decided before.
        """
        key = command_key(command)
        if self._is_repeat(key):
            return command, []
        command = self._as_spelt(command)
        self.time_limits.require_present(command.kind, when, self.answers(command))
        events = list(self.decide(command, when))
        if events:
            first = events[0]
            first.command_id, first.fingerprint = key
            first.claimed_at = when.claimed_at
            first.warnings = self._warnings(command, first, when)
        return command, events

    def _decide_command(self, received: Received, when: EventTime) -> None:
        command = received.command
        if isinstance(command, Unreadable):
            self._refuse(command.name, Refused(command.reason), command.content, received)
            return
        try:
            spelt, events = self._decided(command, when)
        except Refused as refused:
            self._refuse(command.kind, refused, command.model_dump_json(), received)
            return
        key = command_key(command)
        if not events:
            self._outcome.judgements.setdefault(key, _result_of(events))
            return
        self._outcome.judgements[key] = _result_of(events)
        for event in events:
            self.record_event(event, self.takes_place(event, when.at), when.heard_at, spelt.actor)
        self.after_command(when.at, when.heard_at, spelt.actor)

    def _warnings(self, command: Command, first: Event, when: EventTime) -> tuple[str, ...]:
        """What the sender of an accepted command is told: first, that its time is not taken, and why.

        The engine's own commands need no explanation.
        """
        warning = self.time_limits.warning(when) if command.actor.role is not Role.SYSTEM else None
        return first.warnings if warning is None else (warning, *first.warnings)

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

    def _refuse(self, kind: str, refused: Refused, content: str, received: Received) -> None:
        key, reason = command_key(received.command), str(refused)[:_REFUSED_REASON]
        self._outcome.judgements[key] = CommandResult(Verdict.REFUSED, reason, type(refused))
        event = CommandRefused(
            command_id=key.command_id,
            fingerprint=key.fingerprint,
            command=kind,
            reason=reason,
            content=content[:_REFUSED_CONTENT],
        )
        self.record_event(event, received.received_at, received.received_at, received.command.actor)


def _result_of(events: Sequence[Event]) -> CommandResult:
    """The result of a command that is not refused."""
    return CommandResult(Verdict.ACCEPTED, warnings=events[0].warnings) if events else CommandResult(Verdict.DUPLICATE)
