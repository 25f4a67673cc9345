"""Starts a workflow under the id of its subject: at most one runs for an id; search attributes find it."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import TypedSearchAttributes, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from schemas.base import StoredModel
from schemas.command import Command

_RPC = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class WorkflowStart:
    """The arguments of a start.

    `once`: a closed workflow of this id forbids the start as well. `signal` is the name and the content of a signal
    that the workflow gets with its start, or at once if it runs already.
    """

    workflow: str
    input: StoredModel
    workflow_id: str
    task_queue: str
    once: bool = False
    attributes: TypedSearchAttributes | None = None
    summary: str | None = None
    signal: tuple[str, Command] | None = None


async def start_workflow(client: Client, start: WorkflowStart) -> bool:
    """Start it; False if it runs already (unless it got a signal), or if it was started before and may not be again."""
    name, content = start.signal or (None, None)
    try:
        await client.start_workflow(
            start.workflow,
            start.input,
            id=start.workflow_id,
            task_queue=start.task_queue,
            # The server allows no other policy than USE_EXISTING for a start with a signal.
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING if name else WorkflowIDConflictPolicy.FAIL,
            id_reuse_policy=(
                WorkflowIDReusePolicy.REJECT_DUPLICATE if start.once else WorkflowIDReusePolicy.ALLOW_DUPLICATE
            ),
            search_attributes=start.attributes,
            static_summary=start.summary,
            start_signal=name,
            start_signal_args=[content] if content else [],
            rpc_timeout=_RPC,
        )
    except WorkflowAlreadyStartedError:
        return False
    return True
