"""Campaign time inside a workflow, and the one timer that waits for its next deadline."""

import asyncio
import contextlib
import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from temporalio import workflow

from schemas.base import StoredModel
from schemas.clock import Clock

Terms = TypeVar("Terms", bound=StoredModel)


class CampaignTime(Protocol):
    """The time of a workflow: its campaign time, and its timer."""

    @property
    def clock(self) -> Clock:
        """The clock for the activities and children of this workflow."""

    def now(self) -> datetime:
        """Campaign time."""

    def arm(self, due: datetime, ring: Callable[[], None]) -> None:
        """Call `ring` once, at `due`."""


class ServerTime:
    """Campaign time from the workflow's real time (`workflow.now`), with a timer of the server.

    The timer is replaced only by an earlier one, so that deadlines that move to later leave no events in the history.
    """

    def __init__(self, clock: Clock, stream: str, wake_spread_seconds: int) -> None:
        """`stream` determines by how much of `wake_spread_seconds` the timer of this workflow is late."""
        self.clock = clock
        self._spread = _spread(stream, wake_spread_seconds)
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: datetime | None = None

    def now(self) -> datetime:
        return self.clock.campaign_time(workflow.now())

    def arm(self, due: datetime, ring: Callable[[], None]) -> None:
        """Set the timer to `due` plus the spread, unless it is set to an earlier time."""
        wake = due + self._spread
        if self._timer is not None and self._timer_at is not None:
            if self._timer_at <= wake:
                return
            self._timer.cancel()
        delay = self.clock.real_seconds(max(0.0, (wake - self.now()).total_seconds()))

        def rung() -> None:
            self._timer = self._timer_at = None
            ring()

        self._timer_at = wake
        self._timer = asyncio.get_running_loop().call_later(delay, rung)


class ToldTime:
    """The latest instant of a message; the client that steps the clock sends one at each deadline."""

    def __init__(self, clock: Clock) -> None:
        """`clock` must have a campaign origin: the time until the first message."""
        assert clock.campaign_origin is not None
        self._clock = clock
        self._at = clock.campaign_origin

    @property
    def clock(self) -> Clock:
        return self._clock.moved_to(self._at)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Set the time to `at`, unless it is later already."""
        self._at = max(self._at, at)

    @contextlib.contextmanager
    def as_of(self, at: datetime | None) -> Iterator[None]:
        """Inside the block the time is at least `at`; afterwards it is as before."""
        stands = self._at
        self._at = max(stands, at or stands)
        try:
            yield
        finally:
            self._at = stands

    def arm(self, due: datetime, ring: Callable[[], None]) -> None:
        """There is no timer: the answer to each step has the next deadline."""


def time_of(clock: Clock, stream: str, wake_spread_seconds: int = 0) -> ServerTime | ToldTime:
    """The time of one workflow, by the clock in its input."""
    return ToldTime(clock) if clock.stepped else ServerTime(clock, stream, wake_spread_seconds)


def on_clock(terms: Terms, time: CampaignTime) -> Terms:
    """The terms with the present state of the clock, for the children of a workflow."""
    return terms.model_copy(update={"clock": time.clock})


def _spread(stream: str, window_seconds: int) -> timedelta:
    """The delay of this stream within the window over which equal deadlines are spread."""
    if window_seconds <= 0:
        return timedelta()
    share = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:4]) / 2**32
    return timedelta(seconds=int(window_seconds * share))
