"""The connection to Temporal for worker and starter, and the update that sends a command and waits for the answer."""

import asyncio
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConnectConfig
from temporalio.service import RPCError, RPCStatusCode

from runtime.addresses import TemporalAddress, find_temporal
from runtime.settings import Settings
from schemas.answers import Answer
from schemas.command import Command
from schemas.errors import Unreachable

_PAUSE = 0.1
"""Seconds until the update is sent again; the server reschedules the lost task at once."""


async def ask(handle: WorkflowHandle[Any, Any], name: str, command: Command) -> Answer:
    """Send a command as an update under its own id and return the answer; waits for a worker without a time-out.

    A workflow task is lost when its worker dies, and when a message arrives while the task completes the workflow. The
    server then drops the updates of the task (FAILED_PRECONDITION), although their ledger entries may be recorded. The
    update is sent again under the same id, so it counts once.

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


CONNECT_SECONDS = 5.0
"""Time-out of the whole attempt: look-up, connection, first answer."""


async def connect_temporal(settings: Settings, address: str | None = None) -> Client:
    """Connect with the pydantic data converter, within `CONNECT_SECONDS`.

    Args:
        settings: Says where the embedded pair's data folder is; the rest comes from `TEMPORAL_*`.
        address: `host:port` of a server we started ourselves; then no variable and no file is asked.

    Raises:
        Unreachable: nothing that speaks Temporal answered; names the address and where it came from.
        InvalidInput: the Temporal configuration does not hold.
    """
    if address is None:
        temporal = find_temporal(settings)
    else:
        temporal = TemporalAddress(ClientConnectConfig(target_host=address), "the embedded pair")
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await Client.connect(**temporal.connect, data_converter=pydantic_data_converter)
    except TimeoutError:
        reason = f"no answer within {CONNECT_SECONDS:g} s"
    except (RuntimeError, ValueError, OSError) as error:
        reason = _first_words(error)
    raise Unreachable(
        f"Temporal does not answer at {temporal.host} (from {temporal.source}): {reason}; "
        "start it with `make up` or set TEMPORAL_ADDRESS"
    )


def _first_words(error: Exception) -> str:
    """The reason in plain words; the SDK nests it in Rust debug text."""
    text = " ".join(str(error).split())
    for known, words in (
        ("Connection refused", "connection refused"),
        ("dns error", "the host name is unknown"),
        ("certificate", "the certificate was not accepted"),
    ):
        if known in text:
            return words
    return text[:200]
