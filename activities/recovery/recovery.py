"""The one recovery: finds the workflows that Postgres says are open and Temporal does not run, and restarts them.

Each kind of workflow has a `LostSubject`, in a file of this folder.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import asyncpg
import structlog
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from runtime.workflow_start import WorkflowStart, start_workflow

_log = structlog.get_logger(__name__)

AT_ONCE = 24
"""Workflows that a process describes or restarts at the same time."""

_SERVER_AWAY = (OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, asyncpg.InterfaceError)
_RPC_AWAY = {
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.CANCELLED,
}

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Record]):
    """One subject that is open in Postgres. `id` names it in the report; `record` is what Postgres says of it."""

    id: str
    workflow_id: str
    record: Record


class LostSubject(ABC, Generic[Record]):
    """How the lost workflows of one kind are found and rebuilt."""

    name: str
    """The kind of subject, for the log."""

    @abstractmethod
    def candidates(self) -> AsyncIterator[Sequence[Candidate[Record]]]:
        """The subjects that are open in Postgres, in pages. A page is done when the next one is asked for."""

    def is_lost(self, record: Record, status: WorkflowExecutionStatus | None) -> bool:
        """Whether the candidate is lost; `status` is that of the last workflow of its id, None if there is none."""
        return status is not WorkflowExecutionStatus.RUNNING

    @abstractmethod
    async def rebuild(self, candidate: Candidate[Record]) -> WorkflowStart | None:
        """The start of the workflow, with the state read from its ledger; None if it settled meanwhile."""


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """The ids of the subjects that were restarted, and of those that can not be; in the order of the candidates."""

    restarted: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


class Recovery:
    """Restarts lost workflows, at most `at_once` at the same time in the whole process."""

    def __init__(self, client: Client, at_once: int = AT_ONCE) -> None:
        self._client = client
        self._slots = asyncio.Semaphore(at_once)

    async def restart_lost(self, subject: LostSubject[Any]) -> RecoveryReport:
        """Restart every lost subject of this kind.

        A subject that can not be rebuilt or started is an error in the log and holds up no other one; the next
        recovery tries it again.

        Raises:
            ExceptionGroup: Postgres or Temporal is away, so that the caller is to be retried.
        """
        restarted: list[str] = []
        unreadable: list[str] = []
        async for page in subject.candidates():
            async with asyncio.TaskGroup() as tasks:
                tried = [tasks.create_task(self._recover(subject, candidate)) for candidate in page]
            for candidate, task in zip(page, tried, strict=True):
                if task.result() is None:
                    unreadable.append(candidate.id)
                elif task.result():
                    restarted.append(candidate.id)
        return RecoveryReport(tuple(restarted), tuple(unreadable))

    async def _recover(self, subject: LostSubject[Any], candidate: Candidate[Any]) -> bool | None:
        """Whether the candidate was lost and runs again; None if it can not be restarted."""
        async with self._slots:
            if not subject.is_lost(candidate.record, await status_of(self._client, candidate.workflow_id)):
                return False
            try:
                start = await subject.rebuild(candidate)
                if start is None or not await start_workflow(self._client, start):
                    return False
            except Exception as error:
                if _is_server_away(error):
                    raise
                _log.exception(
                    f"{subject.name} has no running workflow and can not be started again",
                    workflow=candidate.workflow_id,
                )
                return None
        _log.warning(f"{subject.name} had no running workflow and was started again", workflow=candidate.workflow_id)
        return True


async def status_of(client: Client, workflow_id: str) -> WorkflowExecutionStatus | None:
    """The status of the last workflow of this id, None if the server knows none. Unlike visibility it never lags."""
    try:
        return (await client.get_workflow_handle(workflow_id).describe()).status
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None


def _is_server_away(error: Exception) -> bool:
    """Whether a retry of the same call may succeed, since a server did not answer."""
    return isinstance(error, _SERVER_AWAY) or (isinstance(error, RPCError) and error.status in _RPC_AWAY)
