"""The recovery alone: what it restarts, in which order, and what it does with what can not be restarted."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.recovery.recovery import Candidate, LostSubject, Recovery
from runtime.workflow_start import WorkflowStart
from schemas.base import StoredModel

RUNNING, TERMINATED = WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.TERMINATED


class Server:
    """What the recovery asks of Temporal: statuses by workflow id, and the starts that it was given."""

    def __init__(self, statuses: dict[str, WorkflowExecutionStatus]) -> None:
        self.statuses = statuses
        self.started: list[str] = []
        self.asked = self.most_asked = 0

    def get_workflow_handle(self, workflow_id: str) -> Any:
        async def describe() -> Any:
            self.asked += 1
            self.most_asked = max(self.most_asked, self.asked)
            await asyncio.sleep(0)
            self.asked -= 1
            if workflow_id not in self.statuses:
                raise RPCError("unknown", RPCStatusCode.NOT_FOUND, b"")
            return SimpleNamespace(status=self.statuses[workflow_id])

        return SimpleNamespace(describe=describe)

    async def start_workflow(self, workflow: str, _start: StoredModel, *, id: str, **_options: Any) -> None:
        if self.statuses.get(id) is RUNNING:
            raise WorkflowAlreadyStartedError(id, workflow)
        self.started.append(id)
        self.statuses[id] = RUNNING


class Mines(LostSubject[Exception | None]):
    """Mines a, b, c, ... on two pages; one may fail to be rebuilt, or be settled."""

    name = "mine"

    def __init__(self, ids: str, *, settled: str = "", **faults: Exception) -> None:
        self.ids, self.settled, self.faults = ids, settled, faults

    async def candidates(self) -> AsyncIterator[Sequence[Candidate[Exception | None]]]:
        half = len(self.ids) // 2
        for page in (self.ids[:half], self.ids[half:]):
            yield [Candidate(one, f"mine/{one}", self.faults.get(one)) for one in page]

    async def rebuild(self, candidate: Candidate[Exception | None]) -> WorkflowStart | None:
        if candidate.record is not None:
            raise candidate.record
        if candidate.id in self.settled:
            return None
        return WorkflowStart("MineWorkflow", StoredModel(), candidate.workflow_id, "queue")


def recovery(server: Server, at_once: int = 24) -> Recovery:
    return Recovery(cast(Client, server), at_once)


async def test_recovery_restarts_lost_subjects_only() -> None:
    server = Server({"mine/a": RUNNING, "mine/b": TERMINATED})
    found = await recovery(server).restart_lost(Mines("abcd", settled="d"))
    assert (found.restarted, found.unreadable) == (("b", "c"), ())
    assert sorted(server.started) == ["mine/b", "mine/c"]
    assert (await recovery(server).restart_lost(Mines("abc"))).restarted == (), "what runs is left alone"


async def test_recovery_unreadable_subject_is_counted_and_skipped() -> None:
    server = Server({})
    found = await recovery(server).restart_lost(Mines("abcd", b=ValueError("no such kind of event")))
    assert (found.restarted, found.unreadable) == (("a", "c", "d"), ("b",))


@pytest.mark.parametrize(
    "fault", [OSError("connection refused"), RPCError("no server", RPCStatusCode.UNAVAILABLE, b"")], ids=type
)
async def test_recovery_with_a_server_away_raises(fault: Exception) -> None:
    with pytest.raises(ExceptionGroup):
        await recovery(Server({})).restart_lost(Mines("ab", b=fault))


async def test_recovery_status_that_can_not_be_read_raises() -> None:
    class Refusing(Server):
        def get_workflow_handle(self, workflow_id: str) -> Any:
            raise RPCError("not allowed", RPCStatusCode.PERMISSION_DENIED, b"")

    server = Refusing({})
    with pytest.raises(ExceptionGroup):
        await recovery(server).restart_lost(Mines("ab"))
    assert server.started == []


async def test_recovery_asks_at_most_so_many_at_once() -> None:
    server = Server({})
    found = await recovery(server, at_once=3).restart_lost(Mines("abcdefghijkl"))
    assert found.restarted == tuple("abcdefghijkl"), "in the order of the candidates"
    assert server.most_asked == 3
