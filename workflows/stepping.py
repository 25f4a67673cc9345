"""A stepped clock: the message `step` tells a workflow how late it is, and its answer says when it is due next.

A rehearsal has no timers. Whoever steps the clock sends `step` with an instant, and with a command if one is sent at
that instant; the answer comes when everything that followed has been carried out. What other workflows and activities
send is no step: it moves the clock to its event time.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json
from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from rules.aggregate import Aggregate, AggregateState, Outcome
from rules.effects import Effect
from schemas.answers import Answer, Verdict
from schemas.base import Instant
from schemas.command import Command
from schemas.ledger import RecordBatch
from schemas.stepping import STEP, Stepped, Touched
from workflows.campaign_time import ServerTime, ToldTime
from workflows.runner import AggregateRunner, EffectExecutor

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


class Messages(Protocol):
    """What takes in the messages of a workflow and runs its aggregate."""

    def now(self) -> datetime: ...
    def signal(self, name: str, args: Sequence[RawValue]) -> None: ...
    def validate(self, name: str, args: Sequence[RawValue]) -> None: ...
    async def ask(self, name: str, args: Sequence[RawValue]) -> Answer: ...
    async def run(self, continued: Callable[[AggregateState], Any]) -> None: ...


def messages_of(
    aggregate: Aggregate[Any],
    executor: EffectExecutor,
    time: ServerTime | ToldTime,
    commands: Mapping[str, type[Command]],
    *,
    view: Callable[[datetime], dict[str, Any]],
) -> Messages:
    """The runner of an aggregate; with a stepped clock, the runner behind its steps."""
    if isinstance(time, ToldTime):
        noting = _NotingExecutor(executor)
        return SteppedRunner(AggregateRunner(aggregate, noting, time, commands, view=view), time, noting)
    return AggregateRunner(aggregate, executor, time, commands, view=view)


class _NotingExecutor:
    """Notes whom each effect concerns: there a deadline may have come closer."""

    def __init__(self, executor: EffectExecutor) -> None:
        self._executor = executor
        self.touched: list[Touched] = []

    def record_batch(self, outcome: Outcome) -> RecordBatch:
        return self._executor.record_batch(outcome)

    async def perform(self, effect: Effect) -> Callable[[], Outcome] | None:
        sites = getattr(effect, "sites", ())
        self.touched.append(
            Touched(
                effect=type(effect).__name__,
                sites=tuple(site if isinstance(site, str) else site.site_id for site in sites),
                survey=getattr(effect, "survey", None),
                check=getattr(effect, "check", None),
            )
        )
        return await self._executor.perform(effect)


class _Message(NamedTuple):
    """A message as the runner takes it; a step without a command has no name."""

    at: datetime | None
    name: str | None
    args: Sequence[RawValue]


class SteppedRunner:
    """Takes in steps, moves the clock, and executor the commands to the runner."""

    def __init__(self, runner: AggregateRunner[Any], time: ToldTime, executor: _NotingExecutor) -> None:
        self._runner = runner
        self._time = time
        self._executor = executor

    def now(self) -> datetime:
        """Campaign time."""
        return self._runner.now()

    async def run(self, continued: Callable[[AggregateState], Any]) -> None:
        """As the runner does."""
        await self._runner.run(continued)

    def signal(self, name: str, args: Sequence[RawValue]) -> None:
        """A command, as a step or not; never raises."""
        message = _read(name, args)
        self._move(message)
        if message.name is None:
            self._runner.ring()
        else:
            self._runner.signal(message.name, message.args)

    def validate(self, name: str, args: Sequence[RawValue]) -> None:
        """Refuses a command as it would be refused at the instant of its step; the clock is not moved."""
        message = _read(name, args)
        if message.name is None:
            if message.at is None:
                raise ApplicationError("a step names an instant", type="InvalidInput", non_retryable=True)
            return
        with self._time.as_of(message.at):
            self._runner.validate(message.name, message.args)

    async def ask(self, name: str, args: Sequence[RawValue]) -> Answer:
        """A step is answered when nothing is left to do at its instant; `state` then has a `Stepped` under `step`.

        A step without a command is answered as accepted. A message that is no step is answered as ever.
        """
        message = _read(name, args)
        self._move(message)
        if message.name is None:
            self._runner.ring()
            answer = Answer(command_id=STEP, verdict=Verdict.ACCEPTED)
        else:
            answer = await self._runner.ask(message.name, message.args)
        if name != STEP:
            return answer
        await workflow.wait_condition(lambda: self._runner.idle)
        touched, self._executor.touched = self._executor.touched, []
        seq: int = self._runner.aggregate.state.seq
        stepped = Stepped(seq=seq, next_due=self._runner.next_due(), touched=tuple(touched))
        return answer.model_copy(update={"state": {**answer.state, STEP: stepped.model_dump(mode="json")}})

    def _move(self, message: _Message) -> None:
        if message.at is not None:
            self._time.move_to(message.at)


def _read(name: str, args: Sequence[RawValue]) -> _Message:
    """A step and the command in it; any other message counts as sent at its event time, where it has one."""
    if name != STEP:
        return _Message(_instant(_json(args[0]), "effective_at") if args else None, name, args)
    at = _instant({"at": _json(args[0])}, "at") if args else None
    return _Message(at, str(_json(args[1])), args[2:]) if len(args) > 1 else _Message(at, None, ())


def _json(value: RawValue) -> Any:
    try:
        return from_json(value.payload.data)
    except ValueError:
        return None


def _instant(said: Any, key: str) -> datetime | None:
    try:
        return _INSTANT.validate_python(said[key]) if isinstance(said, dict) and key in said else None
    except ValidationError:
        return None
