"""The loop around an aggregate: wait for a message or a deadline, advance, record, answer, perform the effects.

Handlers only append to the inbox. There is one timer (`workflows.campaign_time`). Events are recorded before a caller
is answered and before any effect is performed.

A worker may die, or the server may refuse a task, after its entries were recorded: the next attempt finds them in the
ledger and rebases on them (`_act`). The ledger is the truth.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError

from rules.aggregate import Aggregate
from rules.command_results import CommandKey, CommandResult, Outcome, Received, command_key
from rules.effects import Effect
from rules.ledger_state import AggregateState
from schemas.answers import Answer, Verdict
from schemas.command import Command
from schemas.commands import Unreadable
from schemas.ledger import LedgerEntry, RecordBatch
from schemas.work import Recorded
from workflows import activity_options as options
from workflows.campaign_time import CampaignTime
from workflows.inbox import Inbox
from workflows.message_parsing import read_command

_AT_MOST = 100
"""Commands judged in one turn: thousands may wait for a worker, and a workflow task may compute for two seconds."""

AnyAggregate = TypeVar("AnyAggregate", bound=Aggregate[Any])


class EffectExecutor(Protocol):
    """The parts that differ between workflows: the recorded batch, and how effects are performed."""

    def record_batch(self, outcome: Outcome) -> RecordBatch:
        """The batch that records an outcome."""

    async def perform(self, effect: Effect) -> Callable[[], Outcome] | None:
        """Perform one effect; returns how the aggregate observes its result, if it has one."""


class AggregateRunner(Generic[AnyAggregate]):
    """Runs one aggregate inside a workflow until it is settled."""

    def __init__(
        self,
        aggregate: AnyAggregate,
        executor: EffectExecutor,
        time: CampaignTime,
        commands: Mapping[str, type[Command]],
        *,
        view: Callable[[datetime], dict[str, Any]],
    ) -> None:
        self.aggregate = aggregate
        self._executor = executor
        self._time = time
        self._commands = commands
        self._view = view
        self._inbox = Inbox(time)
        self._callers: dict[CommandKey, list[asyncio.Future[CommandResult]]] = {}
        self._timer_fired = False
        self._acting = True
        # A validator may run before the first turn: the opening events must be applied by then.
        self._before: str | None = aggregate.snapshot()
        aggregate.begin(self.now())

    def now(self) -> datetime:
        """Campaign time."""
        return self._time.now()

    @property
    def idle(self) -> bool:
        """Whether all received messages are decided and recorded, and all effects performed."""
        return not self._acting and not self._inbox and (not self._timer_fired or self.aggregate.settled)

    def next_due(self) -> datetime | None:
        """The next deadline of the aggregate; None if it has none."""
        return None if self.aggregate.settled else self.aggregate.next_due(self.now())

    def ring(self) -> None:
        """A deadline has passed: take a turn."""
        self._timer_fired = True

    # -- messages --------------------------------------------------------------------------------------------------

    def signal(self, name: str, args: Sequence[RawValue]) -> None:
        """Take in a signal of any name and content; never raises."""
        self._inbox.put_signal(read_command(self._commands, name, args, self.now()))

    def validate(self, name: str, args: Sequence[RawValue]) -> None:
        """The validator of updates: refuse, before it enters the history, what does not parse or is not allowed now.

        Commands that wait before this one may allow it: then it is judged after them, and refused in its turn.
        """
        command = read_command(self._commands, name, args, self.now())
        if isinstance(command, Unreadable):
            raise ApplicationError(command.reason, type="InvalidInput", non_retryable=True)
        if self._inbox:
            return
        refused = self.aggregate.refusal(command, self.now())
        if refused is not None:
            raise ApplicationError(str(refused), type=type(refused).__name__, non_retryable=True)

    async def ask(self, name: str, args: Sequence[RawValue]) -> Answer:
        """The handler of updates: append the command, and answer when it is decided and recorded."""
        command = read_command(self._commands, name, args, self.now())
        judged: asyncio.Future[CommandResult] = asyncio.get_running_loop().create_future()
        self._callers.setdefault(command_key(command), []).append(judged)
        self._inbox.put(command)
        judgement = await judged
        if judgement.verdict is Verdict.REFUSED:
            kind = judgement.refused_as.__name__
            raise ApplicationError(judgement.reason or "refused", type=kind, non_retryable=True)
        return Answer(
            command_id=command.command_id,
            verdict=judgement.verdict,
            reason=judgement.reason,
            state=self._view(self.now()),
            warnings=judgement.warnings,
        )

    # -- the loop --------------------------------------------------------------------------------------------------

    async def run(self, continued: Callable[[AggregateState], Any]) -> None:
        """Run until the aggregate is settled and no caller waits; `continued` makes the input of the next run."""
        while True:
            self._acting = True
            await self._turn()
            self._acting = False
            if self.aggregate.settled:
                await workflow.wait_condition(lambda: bool(self._inbox) or workflow.all_handlers_finished())
                if not self._inbox:
                    return
                continue
            if workflow.info().is_continue_as_new_suggested() and not self._inbox:
                await workflow.wait_condition(workflow.all_handlers_finished)
                if not self._inbox:
                    workflow.continue_as_new(continued(self.aggregate.state))
                continue
            await workflow.wait_condition(lambda: bool(self._inbox) or self._timer_fired)

    async def _turn(self) -> None:
        self._timer_fired = False
        given = await self._inbox.give(self.aggregate.loses_event_time)
        await self._act(lambda judged: self._advance(_without(given, judged)))
        due = None if self._inbox else self.next_due()
        if due is not None:
            self._time.arm(due, self.ring)

    def _advance(self, commands: Sequence[Received]) -> Outcome:
        outcome = self.aggregate.advance(commands, self.now(), at_most=_AT_MOST)
        self._inbox.keep(outcome.left)
        return outcome

    async def _act(self, act: Callable[[Set[CommandKey]], Outcome]) -> None:
        """Let the aggregate act, record its events, answer, and perform the effects.

        If the ledger holds what a cut-off attempt recorded, the aggregate rebases on it and acts again on the rest:
        `act` gets the keys of the commands that are decided by then.
        """
        judged: set[CommandKey] = set()
        effects: list[Effect] = []
        while True:
            before = self._before or self.aggregate.snapshot()
            outcome = act(judged)
            standing = await self._record(outcome) if outcome.entries else ()
            self._before = None
            if not standing:
                break
            outcome = self.aggregate.rebase(before, standing)
            judged.update(outcome.judgements)
            effects.extend(outcome.effects)
            self._answer(outcome)
        self._answer(outcome)
        for effect in (*effects, *outcome.effects):
            observe = await self._executor.perform(effect)
            if observe is not None:
                await self._act(_whatever_judged(observe))

    def _answer(self, outcome: Outcome) -> None:
        for key, judgement in outcome.judgements.items():
            for caller in self._callers.pop(key, ()):
                caller.set_result(judgement)

    async def _record(self, outcome: Outcome) -> tuple[LedgerEntry, ...]:
        """Record in Postgres: by a short local activity; if that fails, by an activity with unlimited retries.

        A batch with documents goes to the activity that renders them and starts their deliveries. Returns the
        entries that stand in the batch's place, none if it was recorded as given.
        """
        batch = self._executor.record_batch(outcome)
        if batch.documents:
            return (await self._record_surely("issue_documents", batch)).standing
        try:
            recorded: Recorded = await workflow.execute_local_activity(
                "record",
                batch,
                result_type=Recorded,
                schedule_to_close_timeout=options.RECORD_LOCALLY,
                retry_policy=options.RECORD_LOCAL_RETRY,
            )
        except ActivityError:
            recorded = await self._record_surely("record", batch)
        return recorded.standing

    async def _record_surely(self, activity: str, batch: RecordBatch) -> Recorded:
        recorded: Recorded = await workflow.execute_activity(
            activity,
            batch,
            result_type=Recorded,
            start_to_close_timeout=options.ATTEMPT,
            retry_policy=options.FOR_EVER,
        )
        return recorded


def _whatever_judged(observe: Callable[[], Outcome]) -> Callable[[Set[CommandKey]], Outcome]:
    """An observation is applied as a whole, and applying it again changes nothing."""
    return lambda _judged: observe()


def _without(given: list[Received], judged: Set[CommandKey]) -> list[Received]:
    return [received for received in given if not judged or command_key(received.command) not in judged]
