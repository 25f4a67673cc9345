"""Stepping the workflows of a rehearsal: each is told the time, alone or with what is sent to it at that instant."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from schemas.answers import Answer
from schemas.base import iso_utc
from schemas.errors import TooEarly, Unreachable
from schemas.stepping import STEP, Stepped
from simulation.behaviour.actions import Action, MessageHandlers, Reply
from simulation.rehearsal.sender import BUSY, REFUSALS

_ANSWER_WITHIN = timedelta(seconds=20)
"""One try of an update; it is sent again under the same id, so it counts once."""
_GIVE_UP_SECONDS = 300.0
"""An engine that does not answer a step for so long is down; one that is slow is waited for."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5
_REFUSED = REFUSALS | {TooEarly.__name__}
"""Where nothing takes time, what is too early is refused."""


class Answered(NamedTuple):
    """What was answered, and where the workflow stands; `stepped` is None if it changed nothing or runs no more."""

    reply: Reply
    stepped: Stepped | None


class StepSender:
    """Sends steps until they are answered."""

    def __init__(self, client: Client, before: Callable[[Action], Awaitable[None]] | None = None) -> None:
        """`before` is called once with each action that is about to be sent."""
        self._client = client
        self._before = before
        self._count = itertools.count()

    async def send(self, action: Action) -> Answered:
        """One action at its instant; for a signal an acceptance means that it was delivered, and judged.

        Raises:
            Unreachable: the engine has not answered for five minutes.
        """
        if self._before is not None:
            await self._before(action)
        arguments = [iso_utc(action.sent_at), action.name, action.command]
        if action.waits:
            return await self._update(action.stream, arguments, action.command.command_id)
        handle = self._client.get_workflow_handle(action.stream)

        async def delivered() -> Answered:
            await handle.signal(STEP, args=arguments)
            return _DELIVERED

        if await self._until_taken(action.stream, delivered) is _GONE:
            return _GONE
        return Answered(_DELIVERED.reply, await self.step(action.stream, action.sent_at))

    async def step(self, stream: str, at: datetime) -> Stepped | None:
        """Tell a workflow that it is `at`; None if it does not run.

        Raises:
            Unreachable: the engine has not answered for five minutes.
        """
        instant = iso_utc(at)
        return (await self._update(stream, [instant], f"{STEP}-{instant}-{next(self._count)}")).stepped

    async def _update(self, stream: str, arguments: list[Any], update_id: str) -> Answered:
        handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(stream)
        return await self._until_taken(stream, lambda: self._once(handle, arguments, update_id))

    async def _once(self, handle: WorkflowHandle[Any, Any], arguments: list[Any], update_id: str) -> Answered:
        try:
            answer: Answer = await handle.execute_update(
                STEP, args=arguments, id=update_id, result_type=Answer, rpc_timeout=_ANSWER_WITHIN
            )
        except WorkflowUpdateFailedError as failed:
            cause = failed.cause if isinstance(failed.cause, ApplicationError) else None
            refused = cause is not None and cause.type in _REFUSED
            return Answered(Reply(MessageHandlers.REFUSED if refused else MessageHandlers.GONE), None)
        return Answered(Reply(MessageHandlers.ACCEPTED, answer.state), Stepped.model_validate(answer.state[STEP]))

    async def _until_taken(self, stream: str, send: Callable[[], Awaitable[Answered]]) -> Answered:
        """What `send` returns; `_GONE` where no workflow of that id runs.

        That is asked twice: an update that reached a run while it continued as a new one is answered so as well.
        """
        began, pause, missed = asyncio.get_running_loop().time(), _FIRST_PAUSE, False
        while True:
            try:
                return await send()
            except WorkflowUpdateRPCTimeoutOrCancelledError:
                pass
            except RPCError as failure:
                if failure.status is RPCStatusCode.NOT_FOUND:
                    if missed:
                        return _GONE
                    missed = True
                elif failure.status not in BUSY:
                    raise
            if asyncio.get_running_loop().time() - began > _GIVE_UP_SECONDS:
                raise Unreachable(f"{stream} has not answered for {_GIVE_UP_SECONDS:.0f} s: is its worker still there?")
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)


_GONE = Answered(Reply(MessageHandlers.GONE), None)
_DELIVERED = Answered(Reply(MessageHandlers.ACCEPTED), None)
