"""The received commands of one workflow that are not judged yet."""

from collections.abc import Callable
from typing import NamedTuple

from rules.command_results import Received
from schemas.command import Command
from schemas.commands import Unreadable
from schemas.work import Arrivals, ArrivalsOrder
from workflows.activity_calls import quick
from workflows.campaign_time import CampaignTime

_BATCH = 100
"""Commands judged in one turn: thousands may wait for a worker, and a workflow task may compute for two seconds."""


class _Waiting(NamedTuple):
    received: Received
    signal: int | None
    """Its number among the signals of this run, from 1; None for an update."""


class Inbox:
    """Commands in the order in which they were read, taken out by event time."""

    def __init__(self, time: CampaignTime) -> None:
        self._time = time
        self._waiting: list[_Waiting] = []
        self._signals = 0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, command: Command | Unreadable) -> None:
        """Add the command of an update."""
        self._waiting.append(_Waiting(Received(command, self._time.now()), None))

    def put_signal(self, command: Command | Unreadable) -> None:
        """Add the command of a signal; every signal of the run is put here, in the order of the history."""
        self._signals += 1
        self._waiting.append(_Waiting(Received(command, self._time.now()), self._signals))

    async def take(self, loses_event_time: Callable[[Received], bool]) -> list[Received]:
        """The commands of the next turn.

        They are the earliest by event time, so that no deadline passes between two batches which a command of the
        second has met. A signal may have waited for a worker: where one would lose its event time by that, the time at
        which it arrived is read from the server's history. A stepped clock stands still while a signal waits.
        """
        self._waiting.sort(key=lambda waiting: waiting.received.command.effective_at)
        batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
        taken = [waiting.received for waiting in batch]
        late = {
            waiting.signal: index
            for index, waiting in enumerate(batch)
            if waiting.signal is not None and loses_event_time(waiting.received)
        }
        if not late or self._time.clock.stepped:
            return taken
        arrivals = await quick("read_arrivals", ArrivalsOrder(signals=tuple(late)), Arrivals)
        for index, real in zip(late.values(), arrivals.at, strict=True):
            received = taken[index]
            # The clocks of the server and of the worker are two: nothing arrives after it was read.
            arrived_at = min(self._time.clock.campaign_time(real), received.received_at)
            taken[index] = received._replace(arrived_at=arrived_at)
        return taken
