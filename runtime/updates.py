"""Asking a workflow for its verdict on a command, whatever happens to the workflow task that carries the question."""

import asyncio
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from schemas.answers import Answer
from schemas.commands import Command

_PAUSE = 0.1
"""Seconds until the question is put again; the server schedules the lost task again at once."""


async def ask(handle: WorkflowHandle[Any, Any], name: str, command: Command) -> Answer:
    """The answer to a command, sent as an update under its own id; waits for a worker without an end.

    A workflow task is lost when a worker dies with it, and when something else arrives while it would end the
    workflow: the server then lets go of the updates in it (FAILED_PRECONDITION), although what they recorded stands in
    the ledger. The question is put again under the same id, so it counts once.

    Raises:
        RPCError: any other answer of the server, NOT_FOUND where the workflow has ended.
        WorkflowUpdateFailedError: refused, or the workflow ended before it answered.
        WorkflowUpdateRPCTimeoutOrCancelledError: the server gave up waiting.
    """
    while True:
        try:
            answer: Answer = await handle.execute_update(name, command, id=command.command_id, result_type=Answer)
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
            await asyncio.sleep(_PAUSE)
        else:
            return answer
