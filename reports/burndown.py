"""The burn-down: how many sites were open, overdue, closed and carried over at the end of each day.

A pure fold over ledger entries. The entries of one site come together and in order, so one site's state is all
that is held at a time: 100,000 sites cost no more memory than one, plus a counter per day.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from zoneinfo import ZoneInfo

_STAGE_AFTER = {
    "opened": "rectifying",
    "verification_requested": "verifying",
    "level_passed": "verifying",
    "level_failed": "rectifying",
    "sign_off_requested": "verifying",
    "works_accepted": "verifying",
    "verification_recalled": "rectifying",
    "mode_set": "rectifying",
    "reopened": "rectifying",
}
_OF_THE_VERDICT = ("verification_requested", "level_passed", "sign_off_requested")
"""Their `due` is the verdict's; that of the others is the work's."""
_SETTLING = ("closed", "carried_over")
_PAUSED = {"suspended": True, "resumed": False, "reopened": False}

MOVING_KINDS = (*_STAGE_AFTER, *_SETTLING, "suspended", "resumed", "extended", "amended")
"""The kinds of ledger entry that move a site's curve; every other kind may be left out."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One ledger entry of a site: its stream, its kind (of `MOVING_KINDS`), when, and the deadlines it sets, if any.

    `due` and `level_due` are the entry's fields of these names; whose deadline `due` is depends on the kind.
    """

    stream: str
    kind: str
    at: datetime
    due: datetime | None = None
    level_due: datetime | None = None


class _Deadlines:
    """Which deadline a site stands under: that of its work, or while it is being verified that of the verdict."""

    def __init__(self) -> None:
        self.stage: str | None = None
        self.paused = False
        self.due_in: dict[str, datetime] = {}

    def after_command(self, movement: Movement) -> None:
        self.stage = _STAGE_AFTER.get(movement.kind, self.stage)
        self.paused = _PAUSED.get(movement.kind, self.paused)
        of_verdict = movement.kind in _OF_THE_VERDICT
        if movement.kind == "works_accepted":  # the police have no deadline for a verdict
            self.due_in.pop("verifying", None)
        verdict = movement.due if of_verdict else movement.level_due
        work = None if of_verdict else movement.due
        if work is not None:
            self.due_in["rectifying"] = work
        if verdict is not None:
            self.due_in["verifying"] = verdict

    def in_force(self) -> datetime | None:
        """The deadline that counts now; None before the opening and while the site is suspended."""
        return None if self.paused or self.stage is None else self.due_in.get(self.stage)


@dataclass(frozen=True, slots=True)
class DayCount:
    """The counts at the end of `day`; `open + closed + carried_over` is the register of that day.

    `overdue` is a part of `open`.
    """

    day: date
    open: int
    overdue: int
    closed: int
    carried_over: int


class BurnDown:
    """Counts sites by day, as of a moment.

    Args:
        registered: how many sites the register has.
        zone: the campaign's time zone; its midnights are where days end.
        first: the first day counted; what happened earlier counts on it.
        as_of: what happened or fell due later is not counted; the last day ends here.
        found: of the register, how many sites surveys added, by the moment; before it they are not counted.
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
        """Fold whole sites in; a stream's movements stand together, in their ledger order."""
        for _, of_one_site in groupby(movements, key=attrgetter("stream")):
            self._add_site(of_one_site)

    def days(self, until: date) -> list[DayCount]:
        """One count for each day from `first` to the day of `as_of`; none if that lies before.

        Days after `until` (the campaign's last) are counted only as long as something still moves.
        """
        last_move = max((day for moves in (*self._settled.values(), self._overdue) for day in moves), default=until)
        last = min(self._as_of.astimezone(self._zone).date(), max(until, last_move))
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
            if movement.at > self._as_of or (settled is not None and movement.kind != "reopened"):
                continue
            day = max(since, self._day(movement.at))
            if settled is None:
                self._count_overdue(deadlines.in_force(), since, day)
            else:  # what was struck off is open again
                self._settled[settled][day] -= 1
                settled = None
            since = day
            if movement.kind in _SETTLING:
                self._settled[movement.kind][day] += 1
                settled = movement.kind
            else:
                deadlines.after_command(movement)
        if settled is None:
            self._count_overdue(deadlines.in_force(), since, None)

    def _count_overdue(self, due: datetime | None, since: date, until: date | None) -> None:
        """The site stood under this deadline on the days from `since` to before `until` (None: to the last)."""
        if due is None or due >= self._as_of:
            return
        # A deadline is the midnight that ends a day, which is the first instant of the next: overdue from there on.
        start = max(since, self._day(due))
        if until is None or start < until:
            self._overdue[start] += 1
            if until is not None:
                self._overdue[until] -= 1

    def _day(self, instant: datetime) -> date:
        return max(self._first, instant.astimezone(self._zone).date())
