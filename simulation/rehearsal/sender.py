"""Sending one action to the engine, as any client would: an update, which is answered, or a signal."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

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
from simulation.behaviour.actions import Action, MessageHandlers, Reply

REFUSALS = {kind.__name__ for kind in (Refused, NoOpenDocument, InvalidInput)}
BUSY = frozenset(
    {
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.ABORTED,
        RPCStatusCode.FAILED_PRECONDITION,  # the workflow task that carried the update timed out or was lost
    }
)
"""What a busy server says: sent again, under the same id, until nobody can be left."""
_AFTERMATH = timedelta(days=90)
"""Desks settle the receipts of their last documents within this time after the end of the campaign."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5
"""Seconds between two tries; a site that is about to open comes within a campaign day or two."""
_ANSWER_WITHIN = timedelta(seconds=20)
"""One try of an update; it is sent again under the same id, so it counts once."""


class _TooEarly(Exception):
    """The subject is about to allow it: in a forecast, where nothing takes time, it would have."""


class Sender:
    """Sends until it is heard, or until nobody is left to hear it."""

    def __init__(
        self,
        client: Client,
        clock: Clock,
        ends_at: datetime,
        before: Callable[[Action], Awaitable[None]] | None = None,
    ) -> None:
        """`ends_at` is the end of the campaign: what does not exist by then never will.

        `before` is called once with each action that is about to be sent.
        """
        self._client = client
        self._clock = clock
        self._ends_at = ends_at
        self._before = before

    async def send(self, action: Action) -> Reply:
        """The answer to an update; for a signal an acceptance means that it was delivered.

        What does not exist at the end of the campaign, or can not be reached long after it, counts as nobody.
        """
        if self._before is not None:
            await self._before(action)
        handle = self._client.get_workflow_handle(action.stream)
        pause = _FIRST_PAUSE
        while True:
            try:
                return await self._once(handle, action)
            except (WorkflowUpdateRPCTimeoutOrCancelledError, _TooEarly):
                pass
            except RPCError as failure:
                if failure.status is RPCStatusCode.NOT_FOUND:
                    if await self._settled(handle) or self._now() >= self._ends_at:
                        return Reply(MessageHandlers.GONE)
                elif failure.status not in BUSY:
                    raise
            if self._now() >= self._ends_at + _AFTERMATH:
                return Reply(MessageHandlers.GONE)
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)

    def _now(self) -> datetime:
        return self._clock.campaign_time(real_now())

    async def _once(self, handle: WorkflowHandle[None, None], action: Action) -> Reply:
        if not action.waits:
            await handle.signal(action.name, action.command)
            return Reply(MessageHandlers.ACCEPTED)
        try:
            answer: Answer = await handle.execute_update(
                action.name,
                action.command,
                id=action.command.command_id,
                result_type=Answer,
                rpc_timeout=_ANSWER_WITHIN,
            )
        except WorkflowUpdateFailedError as failed:
            cause = failed.cause if isinstance(failed.cause, ApplicationError) else None
            if cause is not None and cause.type == TooEarly.__name__:
                raise _TooEarly from None
            refused = cause is not None and cause.type in REFUSALS
            return Reply(MessageHandlers.REFUSED if refused else MessageHandlers.GONE)
        return Reply(MessageHandlers.ACCEPTED, answer.state)

    async def _settled(self, handle: WorkflowHandle[None, None]) -> bool:
        """Whether the subject is settled, rather than not open yet."""
        try:
            described = await handle.describe()
        except RPCError as failure:
            if failure.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        return described.status is not WorkflowExecutionStatus.RUNNING
