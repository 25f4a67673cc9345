"""Runs the simulated people in real time: sends each action at its campaign time, and plans the next by the reply."""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Iterable
from datetime import datetime

from runtime.real_time import real_now
from schemas.clock import Clock
from schemas.ledger import DocumentDraft
from simulation.behaviour.actions import Action, Reply, ReplyStatus
from simulation.people.everybody import People
from simulation.rehearsal.pulse import LATE_HOURS, Tally
from simulation.rehearsal.sender import Sender

_AT_ONCE = 48
"""Concurrent commands."""


class Driver:
    """Sends actions, to one workflow one after the other, so that a slow reply does not change their order."""

    def __init__(self, people: People, sender: Sender, clock: Clock) -> None:
        self._people = people
        self._sender = sender
        self._clock = clock
        self._heap: list[tuple[datetime, str, int, Action]] = []
        self._count = itertools.count()
        self._queues: dict[str, deque[Action]] = {}
        """Stream to its due actions; each stream in it has a task that sends them."""
        self._changed = asyncio.Event()
        self._closed = False
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self.tally = Tally()

    def on_documents(self, documents: Iterable[DocumentDraft]) -> None:
        """Plan what people do about new documents."""
        for document in documents:
            self._schedule(self._people.on_document(document))

    def close(self) -> None:
        """The campaign has closed: drop the planned actions."""
        self._heap.clear()
        self._closed = True
        self._changed.set()

    async def run(self) -> None:
        """Until the campaign has closed: people act on its documents, first on the plan."""
        async with asyncio.TaskGroup() as senders:
            while not self._closed or self._queues:
                self._changed.clear()
                for action in self._due():
                    queue = self._queues.get(action.stream)
                    self.tally.waiting += 1
                    if queue is not None:
                        queue.append(action)
                    else:
                        self._queues[action.stream] = deque([action])
                        senders.create_task(self._send_queue(action.stream))
                await self._wait_for_next()

    def _due(self) -> Iterable[Action]:
        now = self._clock.campaign_time(real_now())
        while self._heap and self._heap[0][0] <= now:
            yield heapq.heappop(self._heap)[-1]

    async def _wait_for_next(self) -> None:
        """Until an action is due or a reply has come."""
        seconds = None
        if self._heap:
            left = self._heap[0][0] - self._clock.campaign_time(real_now())
            seconds = max(0.0, self._clock.real_seconds(left.total_seconds()))
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass

    async def _send_queue(self, stream: str) -> None:
        queue = self._queues[stream]
        try:
            while queue:
                action = queue.popleft()
                async with self._slots:
                    self._count_lag(action)
                    reply = await self._sender.send(action)
                self._count_reply(reply)
                if action.waits:
                    self._schedule(self._people.on_reply(action, reply))
        finally:
            del self._queues[stream]
            self._changed.set()

    def _schedule(self, actions: Iterable[Action]) -> None:
        for action in () if self._closed else actions:
            heapq.heappush(self._heap, (action.sent_at, action.command.command_id, next(self._count), action))
        self._changed.set()

    def _count_lag(self, action: Action) -> None:
        tally = self.tally
        tally.sent += 1
        tally.lag_hours = (self._clock.campaign_time(real_now()) - action.sent_at).total_seconds() / 3600
        tally.worst_lag_hours = max(tally.worst_lag_hours, tally.lag_hours)
        tally.late += tally.lag_hours > LATE_HOURS

    def _count_reply(self, reply: Reply) -> None:
        tally = self.tally
        tally.waiting -= 1
        tally.taken += reply.status is ReplyStatus.ACCEPTED
        tally.turned_down += reply.status is ReplyStatus.REFUSED
        tally.gone += reply.status is ReplyStatus.GONE
