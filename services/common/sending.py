"""Sends a command as an update, or, if no worker answers in time, as a signal that Temporal keeps.

Both have the same command id, so that a command that arrives twice is applied once.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import ValidationError

from intake.files.wording import from_pydantic
from runtime.settings import Settings
from schemas.answers import Answer, Verdict
from schemas.command import Command
from schemas.errors import HundredDaysError, InvalidInput, NoOpenDocument, Refused, Unreachable
from schemas.given_time import RelativeDay, given_day
from services.common.connection import Servers
from services.common.send_options import SendOptions
from services.common.subjects import Subject
from storage.connections import Pool
from storage.ledger import read_stream

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

_SIGNAL_PATIENCE = timedelta(seconds=5)
_ENDED_MEANWHILE = "AcceptedUpdateCompletedWorkflow"
"""The error type of an update whose workflow ended before it answered."""


@dataclass(frozen=True)
class Sent:
    """A command and its result: an answer, or the reason of its refusal, or neither if it was kept as a signal."""

    subject: Subject
    command: Command
    answer: Answer | None = None
    refusal: str | None = None
    hint: str = ""
    """A text for people, appended to the refusal."""

    @property
    def verdict(self) -> str:
        """accepted, duplicate, kept or refused."""
        if self.refusal is not None:
            return "refused"
        return "kept" if self.answer is None else self.answer.verdict.value


async def send(
    servers: Servers, subject: Subject, model: type[Command], options: SendOptions, **content: object
) -> Sent:
    """Send a command of this kind and content; a refusal is a result like any other.

    Raises:
        InvalidInput: the content is invalid; lists all faults.
        UnknownActor: there is no actor.
        Unreachable: Temporal does not answer.
    """
    command = command_of(options, servers.settings, model, subject, content)
    try:
        return Sent(subject, command, answer=await _answer(servers, subject, command, options))
    except Refused as refused:
        return Sent(subject, command, refusal=str(refused))


def name_of(command: Command) -> str:
    """A command's kind, which is its message's name."""
    return command.kind


async def _answer(servers: Servers, subject: Subject, command: Command, options: SendOptions) -> Answer | None:
    """The answer, or None for a command that was kept; raises Refused with the reason."""
    if options.command_id is not None and (repeated := await _repeated(servers, subject, command)) is not None:
        return repeated
    handle = (await servers.client()).get_workflow_handle(subject.stream)
    try:
        return await _give(handle, command, options)
    except _Absent:
        from services.common.absence import last_state, why_absent

        pool = await servers.pool()
        warnings = await _counted_with(pool, subject, command)
        if warnings is None:
            raise await why_absent(pool, subject, command) from None
        verdict = Verdict.ACCEPTED if options.command_id is None else Verdict.DUPLICATE
        state = await last_state(pool, subject)
        return Answer(command_id=command.command_id, verdict=verdict, state=state, warnings=warnings)
    except NoOpenDocument as error:
        from services.common.absence import settled_document

        raise settled_document(subject, command) or error from None
    except Refused as refused:
        from services.common.absence import still_tried

        raise Refused(f"{refused}{still_tried(subject)}") from None


async def _repeated(servers: Servers, subject: Subject, command: Command) -> Answer | None:
    """The answer to a command that was accepted before; None for a new one, Refused for another content.

    Temporal returns the old result for a known update id, whatever the content is this time.
    """
    from services.common.absence import last_state

    pool = await servers.pool()
    if await _counted_with(pool, subject, command) is None:
        return None
    state = await last_state(pool, subject)
    return Answer(command_id=command.command_id, verdict=Verdict.DUPLICATE, state=state)


async def _counted_with(pool: Pool, subject: Subject, command: Command) -> tuple[str, ...] | None:
    """The warnings with which the ledger has this command, None where it is not there; Refused for other content."""
    from rules.command_results import fingerprint

    for entry in await read_stream(pool, subject.stream):
        data = json.loads(entry.data)
        if entry.kind == "refused" or data.get("command_id") != command.command_id:
            continue
        if data.get("fingerprint") != fingerprint(command):
            raise Refused(
                f"command id {command.command_id!r} was used before for another content; give each command its own id"
            )
        return tuple(data.get("warnings", ()))
    return None


def command_of(
    options: SendOptions, settings: Settings, model: type[Command], subject: Subject, content: dict[str, object]
) -> Command:
    """Build the command, its words for days and times by the campaign's clock.

    InvalidInput lists all faults, UnknownActor if there is no actor.
    """
    now, zone = subject.now, subject.zone
    said = {
        "command_id": options.command_id or str(uuid4()),
        "actor": options.actor(settings.actor),
        "effective_at": options.event_time(now, zone),
        **{name: given_day(of, now, zone) if isinstance(of, RelativeDay) else of for name, of in content.items()},
    }
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise InvalidInput("; ".join(said_wrong(error))) from None


def said_wrong(error: ValidationError) -> list[str]:
    """The faults of a command in the order of its fields: the field, the expected and the given value."""
    said = []
    for fault in error.errors(include_url=False):
        field = ".".join(map(str, fault["loc"])) or "command"
        expected = from_pydantic(fault["type"], fault["msg"], fault.get("ctx", {}))
        if fault["type"] == "value_error":  # a text of the model's own validator
            said.append(f"{field}: {expected}")
        else:
            given = "" if fault["type"] == "missing" else f", not {str(fault['input'])[:80]!r}"
            said.append(f"{field}: expected {expected}{given}")
    return said


class _Absent(Exception):
    """There is no running workflow of this id; caught in this module."""


async def _give(handle: "WorkflowHandle[Any, Any]", command: Command, options: SendOptions) -> Answer | None:
    """The answer, or None for a command that was kept as a signal."""
    from temporalio.service import RPCError, RPCStatusCode

    try:
        answer = None if options.signal else await _ask(handle, command, options.wait)
        if answer is None:
            await handle.signal(name_of(command), command, rpc_timeout=_SIGNAL_PATIENCE)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise _Absent from None
        if error.status in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED):
            raise Unreachable(
                f"Temporal went away while the command was given ({error.message}); give it again"
            ) from error
        raise HundredDaysError(
            f"{name_of(command)} was not taken by Temporal ({error.message}); give it again"
        ) from error
    return answer


async def _ask(handle: "WorkflowHandle[Any, Any]", command: Command, patience: float) -> Answer | None:
    """The update's answer, or None after the timeout: it may still be decided, so the signal has its id."""
    from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
    from temporalio.exceptions import ApplicationError
    from temporalio.service import RPCError, RPCStatusCode

    from runtime.temporal import ask

    try:
        async with asyncio.timeout(patience):
            return await ask(handle, name_of(command), command)
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        return None
    except RPCError as error:
        if error.status is RPCStatusCode.RESOURCE_EXHAUSTED:  # too many updates are pending already
            return None
        raise
    except WorkflowUpdateFailedError as failure:
        cause = failure.cause
        if not isinstance(cause, ApplicationError):
            raise HundredDaysError(f"{name_of(command)} was not judged: {cause}; give it again") from failure
        if cause.type == _ENDED_MEANWHILE:
            raise _Absent from None
        raise (NoOpenDocument if cause.type == NoOpenDocument.__name__ else Refused)(cause.message) from None
