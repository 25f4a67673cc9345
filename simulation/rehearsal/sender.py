"""Sends one action to the engine under a clock of real time, as any client does: as an update or as a signal.

`until_answered` and `send_update` also serve the sender of a stepped clock (`step_sender`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from runtime.real_time import real_now
from schemas.answers import Answer
from schemas.clock import Clock
from schemas.errors import InvalidInput, NoOpenDocument, Refused, TooEarly
from simulation.behaviour.actions import Action, Reply, ReplyStatus

_REFUSALS = {kind.__name__ for kind in (Refused, NoOpenDocument, InvalidInput)}
_BUSY = frozenset(
    {
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.ABORTED,
        RPCStatusCode.FAILED_PRECONDITION,  # the workflow task that carried the update timed out or was lost
    }
)
"""Statuses of a busy server: the message is sent again under the same id."""
_DOCUMENTS_SETTLED_WITHIN = timedelta(days=90)
"""Cities settle the receipts of their last documents within this time after the end of the campaign."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5
"""Seconds between two tries; a site that is about to open does so within a campaign day or two."""
_ANSWER_WITHIN = timedelta(seconds=20)
"""One try of an update; a retry has the same id, so that the update counts once."""


class NotYetAllowed(Exception):
    """The engine refused an update as too early."""


async def send_update(handle: WorkflowHandle[Any, Any], name: str, arguments: Sequence[Any], update_id: str) -> Reply:
    """One try of an update; GONE if it failed for another reason than a refusal.

    Raises:
        NotYetAllowed: the command is too early.
        RPCError: the server did not take the update.
        WorkflowUpdateRPCTimeoutOrCancelledError: there was no answer within 20 s.
    """
    try:
        answer: Answer = await handle.execute_update(
            name, args=arguments, id=update_id, result_type=Answer, rpc_timeout=_ANSWER_WITHIN
        )
    except WorkflowUpdateFailedError as failed:
        kind = failed.cause.type if isinstance(failed.cause, ApplicationError) else None
        if kind == TooEarly.__name__:
            raise NotYetAllowed from None
        return Reply(ReplyStatus.REFUSED if kind in _REFUSALS else ReplyStatus.GONE)
    return Reply(ReplyStatus.ACCEPTED, answer.state)


async def until_answered(
    send: Callable[[], Awaitable[Reply]], ended: Callable[[], Awaitable[bool]], expired: Callable[[], bool]
) -> Reply:
    """Retry `send` with growing pauses, as long as the server is busy or the command is too early.

    `ended` is asked each time no workflow of the id runs, `expired` before each pause; GONE if either returns True.

    Raises:
        RPCError: the server answered with a status that a retry does not cure.
    """
    pause = _FIRST_PAUSE
    while True:
        try:
            return await send()
        except (WorkflowUpdateRPCTimeoutOrCancelledError, NotYetAllowed):
            pass
        except RPCError as failure:
            if failure.status is RPCStatusCode.NOT_FOUND:
                if await ended():
                    return Reply(ReplyStatus.GONE)
            elif failure.status not in _BUSY:
                raise
        if expired():
            return Reply(ReplyStatus.GONE)
        await asyncio.sleep(pause)
        pause = min(_LONGEST_PAUSE, pause * 2)


class Sender:
    """Sends each action until the engine has taken it, or until its workflow can no longer take it."""

    def __init__(
        self,
        client: Client,
        clock: Clock,
        ends_at: datetime,
        before: Callable[[Action], Awaitable[None]] | None = None,
    ) -> None:
        """`ends_at` is the end of the campaign: a workflow that does not run by then is not waited for.

        `before` is called once with each action that is about to be sent.
        """
        self._client = client
        self._clock = clock
        self._ends_at = ends_at
        self._before = before

    async def send(self, action: Action) -> Reply:
        """The answer to an update; for a signal ACCEPTED means that it was delivered.

        GONE where the workflow has ended, does not run at the end of the campaign, or does not answer long after it.
        """
        if self._before is not None:
            await self._before(action)
        handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(action.stream)

        async def once() -> Reply:
            if action.waits:
                return await send_update(handle, action.name, [action.command], action.command.command_id)
            await handle.signal(action.name, action.command)
            return Reply(ReplyStatus.ACCEPTED)

        async def ended() -> bool:
            return await _has_ended(handle) or self._now() >= self._ends_at

        return await until_answered(once, ended, lambda: self._now() >= self._ends_at + _DOCUMENTS_SETTLED_WITHIN)

    def _now(self) -> datetime:
        return self._clock.campaign_time(real_now())


async def _has_ended(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether the workflow has ended, rather than not started yet."""
    try:
        described = await handle.describe()
    except RPCError as failure:
        if failure.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return described.status is not WorkflowExecutionStatus.RUNNING
