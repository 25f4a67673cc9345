"""The burn-down: how many sites were open, overdue, closed and carried over at the end of each day.

A pure function of ledger entries. The entries of one site arrive together and in order, so that only one site's state
is in memory at a time: 100,000 sites need the memory of one, plus a counter per day.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from zoneinfo import ZoneInfo

from schemas.local_time import local_day
from schemas.site.transitions import STAGE_AFTER
from schemas.stages import Stage

_VERDICT_KINDS = ("verification_requested", "level_passed", "sign_off_requested")
"""The kinds whose `due` is the deadline of the verdict; in other kinds it is the deadline of the work."""
_SETTLING = ("closed", "carried_over")
_REOPENING = ("reopened", "reinstated", "verification_reinstated")
_PAUSED = {"suspended": True, "resumed": False, "reopened": False}

_VERIFYING_KINDS = (*_VERDICT_KINDS, "works_accepted")
_DEADLINE_KINDS = ("extended", "amended", "regraded", "level_passed", "sign_off_requested", "works_accepted")
"""The kinds that change or end a deadline, and move no site to another stage."""


def moving_kinds() -> tuple[str, ...]:
    """The kinds of ledger entry that change a site's counts; all other kinds may be left out."""
    return (*STAGE_AFTER, *_PAUSED, *_DEADLINE_KINDS)


@dataclass(frozen=True, slots=True)
class Movement:
    """One ledger entry of a site: its stream, its kind (of `moving_kinds`), its time, and the deadlines it sets.

    `due` and `level_due` are the entry's fields of these names; the kind determines which deadline `due` is.
    """

    stream: str
    kind: str
    at: datetime
    due: datetime | None = None
    level_due: datetime | None = None


class _Deadlines:
    """The deadline of a site: that of the verdict during verification, else that of its work."""

    def __init__(self) -> None:
        self.stage: str | None = None
        self.paused = False
        self.due_in: dict[str, datetime] = {}

    def apply(self, movement: Movement) -> None:
        if movement.kind in _VERIFYING_KINDS:
            self.stage = Stage.VERIFYING
        else:
            self.stage = STAGE_AFTER.get(movement.kind, self.stage)
        self.paused = _PAUSED.get(movement.kind, self.paused)
        of_verdict = movement.kind in _VERDICT_KINDS
        if movement.kind == "works_accepted":  # the police track has no deadline for a verdict
            self.due_in.pop("verifying", None)
        verdict = movement.due if of_verdict else movement.level_due
        work = None if of_verdict else movement.due
        if work is not None:
            self.due_in["rectifying"] = work
        if verdict is not None:
            self.due_in["verifying"] = verdict

    def in_force(self) -> datetime | None:
        """The current deadline; None before the opening and during a suspension."""
        return None if self.paused or self.stage is None else self.due_in.get(self.stage)


@dataclass(frozen=True, slots=True)
class DayCount:
    """The counts at the end of `day`; `open + closed + carried_over` is the size of the register on that day.

    `overdue` is a part of `open`.
    """

    day: date
    open: int
    overdue: int
    closed: int
    carried_over: int


class BurnDown:
    """Counts sites by day, as of an instant.

    Args:
        registered: number of sites in the register.
        zone: the campaign's time zone; a day ends at its midnight.
        first: the first day counted; earlier entries count on it.
        as_of: later entries and deadlines are not counted; the last day ends here.
        found: number of sites that surveys added, by instant; they are not counted before it.
    """

    def __init__(
        self,
        registered: int,
        zone: ZoneInfo,
        first: date,
        as_of: datetime,
        found: Iterable[tuple[datetime, int]] = (),
    ) -> None:
        self._registered = registered
        self._zone = zone
        self._first = first
        self._as_of = as_of
        self._settled: dict[str, Counter[date]] = {kind: Counter() for kind in _SETTLING}
        self._overdue: Counter[date] = Counter()
        self._found: Counter[date] = Counter()
        for at, sites in found:
            self._found[self._day(at)] += sites

    def add(self, movements: Iterable[Movement]) -> None:
        """Adds the movements of whole sites; those of a stream must be adjacent and in ledger order."""
        for _, of_one_site in groupby(movements, key=attrgetter("stream")):
            self._add_site(of_one_site)

    def days(self, until: date) -> list[DayCount]:
        """One count for each day from `first` to the day of `as_of`; none if that day is before `first`.

        Days after `until` (the campaign's last) are counted only up to the last change.
        """
        last_move = max((day for moves in (*self._settled.values(), self._overdue) for day in moves), default=until)
        last = min(local_day(self._as_of, self._zone), max(until, last_move))
        counts: list[DayCount] = []
        closed = carried = overdue = 0
        unknown = self._found.total()
        day = self._first
        while day <= last:
            closed += self._settled["closed"][day]
            carried += self._settled["carried_over"][day]
            overdue += self._overdue[day]
            unknown -= self._found[day]
            counts.append(DayCount(day, self._registered - unknown - closed - carried, overdue, closed, carried))
            day += timedelta(days=1)
        return counts

    def _add_site(self, movements: Iterable[Movement]) -> None:
        deadlines = _Deadlines()
        since = self._first
        settled: str | None = None
        for movement in movements:
            if movement.at > self._as_of or (settled is not None and movement.kind not in _REOPENING):
                continue
            day = max(since, self._day(movement.at))
            if settled is None:
                self._count_overdue(deadlines.in_force(), since, day)
            else:  # a settled site is open again
                self._settled[settled][day] -= 1
                settled = None
            since = day
            if movement.kind in _SETTLING:
                self._settled[movement.kind][day] += 1
                settled = movement.kind
            else:
                deadlines.apply(movement)
        if settled is None:
            self._count_overdue(deadlines.in_force(), since, None)

    def _count_overdue(self, due: datetime | None, since: date, until: date | None) -> None:
        """Counts the site as overdue under this deadline, from `since` to before `until` (None: to the last day)."""
        if due is None or due >= self._as_of:
            return
        # A deadline is the midnight that ends a day: the first instant of the next day, which is already overdue.
        start = max(since, self._day(due))
        if until is None or start < until:
            self._overdue[start] += 1
            if until is not None:
                self._overdue[until] -= 1

    def _day(self, instant: datetime) -> date:
        return max(self._first, local_day(instant, self._zone))
