"""Steps the workflows of a rehearsal: each is sent an instant, alone or with the command that is sent at it."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from temporalio.client import Client, WorkflowHandle

from schemas.base import iso_utc
from schemas.errors import Unreachable
from schemas.stepping import STEP, STEP_SIGNAL, Stepped
from simulation.behaviour.actions import Action, Reply, ReplyStatus
from simulation.rehearsal.sender import NotYetAllowed, send_update, until_answered

_GIVE_UP_SECONDS = 300.0
"""An engine that does not answer a step for so long is taken to be down; a slow one is waited for."""


class StepSender:
    """Retries each step until it is answered. An accepted answer has a `Stepped` in its state (`stepped_of`)."""

    def __init__(self, client: Client, before: Callable[[Action], Awaitable[None]] | None = None) -> None:
        """`before` is called once with each action that is about to be sent."""
        self._client = client
        self._before = before
        self._count = itertools.count()

    async def send(self, action: Action) -> Reply:
        """Send one action at its instant. An action that does not wait is accepted, as its signal would be delivered.

        Raises:
            Unreachable: the engine has not answered for five minutes.
        """
        if self._before is not None:
            await self._before(action)
        arguments = [iso_utc(action.sent_at), action.name, action.command]
        if action.waits:
            return await self._update(action.stream, STEP, arguments, action.command.command_id)
        # A command may be sent twice on purpose: the second time is an update of its own.
        update_id = f"{STEP_SIGNAL}-{next(self._count)}"
        return await self._update(action.stream, STEP_SIGNAL, arguments, update_id)

    async def step(self, stream: str, at: datetime) -> Reply:
        """Set the time of a workflow to `at`; GONE if it does not run.

        Raises:
            Unreachable: the engine has not answered for five minutes.
        """
        return await self._update(stream, STEP, [iso_utc(at)], f"{STEP}-{iso_utc(at)}-{next(self._count)}")

    async def _update(self, stream: str, name: str, arguments: list[Any], update_id: str) -> Reply:
        handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(stream)
        began, missed = asyncio.get_running_loop().time(), 0

        async def once() -> Reply:
            try:
                return await send_update(handle, name, arguments, update_id)
            except NotYetAllowed:  # steps come in order, so that a retry does not find a later state
                return Reply(ReplyStatus.REFUSED)

        async def ended() -> bool:
            """At the second NOT_FOUND: an update to a run that continues as a new one gets one, too."""
            nonlocal missed
            missed += 1
            return missed > 1

        def expired() -> bool:
            if asyncio.get_running_loop().time() - began > _GIVE_UP_SECONDS:
                raise Unreachable(f"{stream} has not answered for {_GIVE_UP_SECONDS:.0f} s: is its worker still there?")
            return False

        return await until_answered(once, ended, expired)


def stepped_of(reply: Reply) -> Stepped | None:
    """What an accepted step said of its workflow; None for any other reply."""
    return Stepped.model_validate(reply.state[STEP]) if reply.status is ReplyStatus.ACCEPTED else None
