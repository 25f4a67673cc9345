"""A delivery in progress: its workflow started, queried and asked to resend; and a mail server that receives it."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy

from schemas.actor import Actor, Role
from schemas.answers import Answer
from schemas.documents.delivery import Delivered, DeliveryStart, DeliveryView, Resend
from schemas.streams import delivery_stream
from tests.workflow.conftest import polled
from workflows.delivery import DeliveryWorkflow

ALL = ("outbox", "e-mail", "office")
CLERK = Actor(id="clerk-1", role=Role.PROVINCE, unit="province")
Handle = WorkflowHandle[DeliveryWorkflow, Delivered]


class Mailbox:
    """A mail server on loopback that gives `answers` first and then takes everything."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.letters: list[bytes] = []
        self.asked = asyncio.Event()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.asked.set()
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.letters.append(envelope.content)  # type: ignore[attr-defined]
        return answer


async def start(client: Client, key: str, queue: str, channels: tuple[str, ...] = ALL) -> Handle:
    return await client.start_workflow(
        DeliveryWorkflow.run,
        DeliveryStart(key=key, queue=queue, channels=channels),
        id=delivery_stream(key),
        task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )


async def seen(handle: Handle, **states: str) -> DeliveryView:
    """The workflow's own view, once these channels (with `_` for `-`) are in these states."""
    async for view in polled(lambda: handle.query(DeliveryWorkflow.status)):
        if all(view.channels[channel.replace("_", "-")] == state for channel, state in states.items()):
            return view
    raise AssertionError("not reached")


def again(channel: str | None = None, actor: Actor = CLERK, command_id: str | None = None) -> Resend:
    return Resend(command_id=command_id or uuid4().hex, actor=actor, effective_at=datetime.now(UTC), channel=channel)


async def ask(handle: Handle, command: Resend) -> Answer:
    answer: Answer = await handle.execute_update("resend", command, result_type=Answer)
    return answer


async def refusal(handle: Handle, command: Any) -> str:
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update("resend", command)
    return str(refused.value.cause)
