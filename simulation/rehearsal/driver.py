"""The simulated people in real time: each action is sent when its campaign time comes, each answer brings the next."""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Iterable
from datetime import datetime

from runtime.real_time import real_now
from schemas.clock import Clock
from schemas.ledger import DocumentDraft
from simulation.behaviour.actions import Action, MessageHandlers, Reply
from simulation.people.everybody import People
from simulation.rehearsal.pulse import LATE_HOURS, Tally
from simulation.rehearsal.sender import Sender

_AT_ONCE = 48
"""Commands under way at once."""


class Driver:
    """Sends what people do; to one subject one thing after the other, so that a slow answer keeps the order."""

    def __init__(self, people: People, sender: Sender, clock: Clock) -> None:
        self._people = people
        self._sender = sender
        self._clock = clock
        self._heap: list[tuple[datetime, str, int, Action]] = []
        self._count = itertools.count()
        self._lines: dict[str, deque[Action]] = {}
        """What is due, by subject; a subject that is there has a task that sends its line."""
        self._changed = asyncio.Event()
        self._closed = False
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self.tally = Tally()

    def hear(self, documents: Iterable[DocumentDraft]) -> None:
        """Documents became public: whom they concern acts on them."""
        for document in documents:
            self._expect(self._people.on_document(document))

    def close(self) -> None:
        """The campaign has closed: nobody is left to hear what people still meant to send."""
        self._heap.clear()
        self._closed = True
        self._changed.set()

    async def run(self, issued_at: datetime) -> None:
        """From the issue of the plan until the campaign has closed."""
        self._expect(self._people.on_plan_issued(issued_at))
        async with asyncio.TaskGroup() as senders:
            while not self._closed or self._lines:
                self._changed.clear()
                for action in self._due():
                    line = self._lines.get(action.stream)
                    self.tally.waiting += 1
                    if line is not None:
                        line.append(action)
                    else:
                        self._lines[action.stream] = deque([action])
                        senders.create_task(self._send_line(action.stream))
                await self._until_the_next()

    def _due(self) -> Iterable[Action]:
        now = self._clock.campaign_time(real_now())
        while self._heap and self._heap[0][0] <= now:
            yield heapq.heappop(self._heap)[-1]

    async def _until_the_next(self) -> None:
        """Until something is due or something was answered."""
        seconds = None
        if self._heap:
            left = self._heap[0][0] - self._clock.campaign_time(real_now())
            seconds = max(0.0, self._clock.real_seconds(left.total_seconds()))
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass

    async def _send_line(self, stream: str) -> None:
        line = self._lines[stream]
        try:
            while line:
                action = line.popleft()
                async with self._slots:
                    self._note_lag(action)
                    reply = await self._sender.send(action)
                self._note(reply)
                if action.waits:
                    self._expect(self._people.on_reply(action, reply))
        finally:
            del self._lines[stream]
            self._changed.set()

    def _expect(self, actions: Iterable[Action]) -> None:
        for action in () if self._closed else actions:
            heapq.heappush(self._heap, (action.sent_at, action.command.command_id, next(self._count), action))
        self._changed.set()

    def _note_lag(self, action: Action) -> None:
        tally = self.tally
        tally.sent += 1
        tally.lag_hours = (self._clock.campaign_time(real_now()) - action.sent_at).total_seconds() / 3600
        tally.worst_lag_hours = max(tally.worst_lag_hours, tally.lag_hours)
        tally.late += tally.lag_hours > LATE_HOURS

    def _note(self, reply: Reply) -> None:
        tally = self.tally
        tally.waiting -= 1
        tally.taken += reply.hearing is MessageHandlers.ACCEPTED
        tally.refused += reply.hearing is MessageHandlers.REFUSED
        tally.gone += reply.hearing is MessageHandlers.GONE
