"""The pace of a stepped clock: a day lasts at least its length, and the clock waits for the engine."""

import asyncio
from datetime import datetime, timedelta

_DAY = timedelta(days=1)
_UNHEEDED = 0.02
"""Seconds of lateness that count as inexact sleep, not as a slow engine."""


class StepPace:
    """`until` returns when the clock may move to an instant; `now` is the instant to show."""

    def __init__(self, origin: datetime, day_seconds: float) -> None:
        """The clock stands at `origin` until the first `until`; with 0 seconds a day it never waits."""
        self._origin = origin
        self._day_seconds = day_seconds
        self._real_origin: float | None = None
        self._position = origin
        self._awaited: list[datetime] = []
        self.waited_seconds = 0.0
        """Total time by which days were longer than `day_seconds`, since the engine was not ready."""

    def now(self) -> datetime:
        """Campaign time, never beyond the next due instant."""
        if not self._awaited:
            return self._position
        return max(self._position, min(self._by_real_time(), *self._awaited))

    async def until(self, at: datetime) -> None:
        """Wait for the real time of `at`; if it has passed, the later days are moved by the delay."""
        loop = asyncio.get_running_loop()
        if self._real_origin is None:
            self._real_origin = loop.time()
        due = self._real_origin + (at - self._origin) / _DAY * self._day_seconds
        late = loop.time() - due
        if late < 0:
            self._awaited.append(at)
            try:
                await asyncio.sleep(-late)
            finally:
                self._awaited.remove(at)
        elif self._day_seconds and late > _UNHEEDED:
            self._real_origin += late
            self.waited_seconds += late
        self._position = max(self._position, at)

    def _by_real_time(self) -> datetime:
        if self._real_origin is None or not self._day_seconds:
            return self._position
        gone = asyncio.get_running_loop().time() - self._real_origin
        return self._origin + gone / self._day_seconds * _DAY
