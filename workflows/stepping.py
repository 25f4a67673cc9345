"""A stepped clock: the update `step` sets the time of a workflow, and its answer says when the workflow is due next.

A rehearsal has no timers. The client that steps the clock sends `step` with an instant, and with a command if one is
sent at that instant. The workflow answers when all effects of the step are carried out. A command that the client does
not wait for is sent as `step_signal`: it is not validated, so that a refusal is recorded, as for a signal. Messages of
other workflows and of activities are no steps: each moves the clock to its event time.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json
from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from rules.aggregate import Aggregate
from rules.command_results import Outcome
from rules.effects import Effect, OpenSites
from rules.ledger_state import AggregateState
from schemas.answers import Answer, Verdict
from schemas.base import Instant
from schemas.command import Command
from schemas.ledger import RecordBatch
from schemas.stepping import STEP, STEP_SIGNAL, Stepped, Touched
from workflows.campaign_time import ServerTime, ToldTime
from workflows.runner import AggregateRunner, EffectExecutor

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
_STEPS = (STEP, STEP_SIGNAL)


class Messages(Protocol):
    """Takes in the messages of a workflow and runs its aggregate: an `AggregateRunner` or a `SteppedRunner`."""

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
    """The runner of an aggregate; with a stepped clock, a `SteppedRunner` around it."""
    if isinstance(time, ToldTime):
        recording = _RecordingExecutor(executor)
        return SteppedRunner(AggregateRunner(aggregate, recording, time, commands, view=view), time, recording)
    return AggregateRunner(aggregate, executor, time, commands, view=view)


def _of_opening(effect: Effect) -> dict[str, Any]:
    """The counties and surveys of an opening of sites; empty for any other effect."""
    if not isinstance(effect, OpenSites):
        return {}
    return {name: getattr(effect, name) for name in ("county", "only", "apart", "surveys")}


class _RecordingExecutor:
    """Records which workflows each effect concerns: one of their deadlines may have moved closer."""

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
                **_of_opening(effect),
            )
        )
        return await self._executor.perform(effect)


class _Message(NamedTuple):
    """A message as the runner takes it; `name` is None for a step without a command."""

    at: datetime | None
    name: str | None
    args: Sequence[RawValue]


class SteppedRunner:
    """Takes in steps, moves the clock, and passes the commands to the runner."""

    def __init__(self, runner: AggregateRunner[Any], time: ToldTime, executor: _RecordingExecutor) -> None:
        self._runner = runner
        self._time = time
        self._executor = executor

    def now(self) -> datetime:
        """Campaign time."""
        return self._runner.now()

    async def run(self, continued: Callable[[AggregateState], Any]) -> None:
        """See `AggregateRunner.run`."""
        await self._runner.run(continued)

    def signal(self, name: str, args: Sequence[RawValue]) -> None:
        """Take in a command, in a step or not; never raises."""
        self._take_in(_read(name, args))

    def _take_in(self, message: _Message) -> None:
        """Move the clock, and take in the command or take a turn; never raises."""
        self._move(message)
        if message.name is None:
            self._runner.ring()
        else:
            self._runner.signal(message.name, message.args)

    def validate(self, name: str, args: Sequence[RawValue]) -> None:
        """Refuse a command that is not allowed at the instant of its step; the clock is not moved."""
        if name == STEP_SIGNAL:
            return
        message = _read(name, args)
        if message.name is None:
            if message.at is None:
                raise ApplicationError("a step names an instant", type="InvalidInput", non_retryable=True)
            return
        with self._time.as_of(message.at):
            self._runner.validate(message.name, message.args)

    async def ask(self, name: str, args: Sequence[RawValue]) -> Answer:
        """Answer a step when nothing is left to do at its instant; `state` then has a `Stepped` under `step`.

        A step without a command and a `step_signal` are always accepted. Any other message is answered by the runner.
        """
        message = _read(name, args)
        if message.name is None or name == STEP_SIGNAL:
            self._take_in(message)
            answer = Answer(command_id=STEP, verdict=Verdict.ACCEPTED)
        else:
            self._move(message)
            answer = await self._runner.ask(message.name, message.args)
        if name not in _STEPS:
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
    """A step and the command in it; the instant of any other message is its event time, if it has one."""
    if name not in _STEPS:
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
