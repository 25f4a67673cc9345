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
    """What a workflow knows of time."""

    @property
    def clock(self) -> Clock:
        """The clock that the orders and children of this workflow are given."""

    def now(self) -> datetime:
        """Campaign time."""

    def arm(self, due: datetime, ring: Callable[[], None]) -> None:
        """Have `ring` called once when `due` has come."""


class ServerTime:
    """Real time as the history has it, through the clock; a timer of the server rings.

    The timer is moved only when something falls due earlier than it rings, so that a subject whose deadlines do not
    change keeps a short history.
    """

    def __init__(self, clock: Clock, stream: str, wake_spread_seconds: int) -> None:
        """`stream` decides by how much of `wake_spread_seconds` this workflow's timer rings late."""
        self.clock = clock
        self._spread = _spread(stream, wake_spread_seconds)
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: datetime | None = None

    def now(self) -> datetime:
        return self.clock.campaign_time(workflow.now())

    def arm(self, due: datetime, ring: Callable[[], None]) -> None:
        """Have the timer ring at `due` (spread), unless it rings before that anyway."""
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
    """The latest instant that a message told; whoever steps the clock sends one when a deadline has come."""

    def __init__(self, clock: Clock) -> None:
        """The clock stands somewhere."""
        assert clock.campaign_origin is not None
        self._clock = clock
        self._at = clock.campaign_origin

    @property
    def clock(self) -> Clock:
        return self._clock.moved_to(self._at)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Time never goes back."""
        self._at = max(self._at, at)

    @contextlib.contextmanager
    def as_of(self, at: datetime | None) -> Iterator[None]:
        """Inside the block it is at least `at`; afterwards the clock stands where it stood."""
        stands = self._at
        self._at = max(stands, at or stands)
        try:
            yield
        finally:
            self._at = stands

    def arm(self, due: datetime, ring: Callable[[], None]) -> None:
        """Nothing rings: the answer to each step says when the next deadline is."""


def time_of(clock: Clock, stream: str, wake_spread_seconds: int = 0) -> ServerTime | ToldTime:
    """The time of one workflow, by the clock that its input has."""
    return ToldTime(clock) if clock.stepped else ServerTime(clock, stream, wake_spread_seconds)


def on_clock(terms: Terms, time: CampaignTime) -> Terms:
    """The terms with the clock as it stands now, for whoever is started with them."""
    return terms.model_copy(update={"clock": time.clock})


def _spread(stream: str, window_seconds: int) -> timedelta:
    """This stream's share of the window over which thousands of equal deadlines are spread."""
    if window_seconds <= 0:
        return timedelta()
    share = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:4]) / 2**32
    return timedelta(seconds=int(window_seconds * share))
