"""The received commands of one workflow that are not judged yet."""

from collections.abc import Callable, Sequence

from rules.command_results import Received
from schemas.command import Command
from schemas.commands import Unreadable
from schemas.work import Arrivals, ArrivalsOrder
from workflows.activity_calls import quick
from workflows.campaign_time import CampaignTime


class Inbox:
    """Commands in the order in which they were read. They stay here until they are judged."""

    def __init__(self, time: CampaignTime) -> None:
        self._time = time
        self._waiting: list[Received] = []
        self._given = 0
        """How many of the first the aggregate has."""
        self._signals = 0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, command: Command | Unreadable) -> None:
        """Add the command of an update."""
        self._waiting.append(Received(command, self._time.now()))

    def put_signal(self, command: Command | Unreadable) -> None:
        """Add the command of a signal; every signal of the run is put here, in the order of the history."""
        self._signals += 1
        # A stepped clock stands still while a signal waits.
        number = None if self._time.clock.stepped else self._signals
        self._waiting.append(Received(command, self._time.now(), signal=number))

    async def give(self, loses_event_time: Callable[[Received], bool]) -> list[Received]:
        """All commands that wait; the aggregate chooses by the time that counts.

        A signal may have waited for a worker: where one would lose its event time by that, the time at which it
        arrived is read from the server's history.
        """
        late = {
            received.signal: index
            for index, received in enumerate(self._waiting)
            if received.signal is not None and loses_event_time(received)
        }
        if late:
            arrivals = await quick("read_arrivals", ArrivalsOrder(signals=tuple(late)), Arrivals)
            for index, real in zip(late.values(), arrivals.at, strict=True):
                received = self._waiting[index]
                # The clocks of the server and of the worker are two: nothing arrives after it was read.
                arrived_at = min(self._time.clock.campaign_time(real), received.received_at)
                self._waiting[index] = received._replace(arrived_at=arrived_at, signal=None)
        self._given = len(self._waiting)
        return list(self._waiting)

    def keep(self, left: Sequence[Received]) -> None:
        """Of the given commands only these still wait; again with others, if the ledger overrules that."""
        self._waiting[: self._given] = left
        self._given = len(left)
