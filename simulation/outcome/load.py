"""The load of each office: what its people did on each day, by the entries of the ledger; and its worst week."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.actor import Role
from schemas.local_time import local_day


class Work(StrEnum):
    """What falls to an office."""

    RECEIPTS = "receipts"
    """Documents that it signed for, and its written replies."""
    VERDICTS = "verdicts"
    """Judgements of sites: acceptance, signatures, opinions, inspections, problems."""
    REPORTS = "reports"
    """What it reported of its work, its bookings and its duties."""
    DECISIONS = "decisions"
    """All others: deployments, approvals, extensions, orders."""


_WORK = {
    **dict.fromkeys(("receipt_signed", "document_signed", "document_replied"), Work.RECEIPTS),
    **dict.fromkeys(
        (
            "level_passed", "level_failed", "closed", "signed_off", "problem_closed", "problem_returned",
            "opinion_given", "site_inspected", "works_accepted",
        ),
        Work.VERDICTS,
    ),
    **dict.fromkeys(
        ("task_reported", "booked", "duty_performed", "looked_back", "finding_reported"), Work.REPORTS
    ),
}  # fmt: skip

_NOT_DONE = frozenset({"refused"})
"""A refused command did nothing."""

_WEEK = timedelta(days=7)


class OfficeLoad(NamedTuple):
    """One office; `weeks` are counted by their Monday."""

    unit: str
    days: Mapping[date, Mapping[Work, int]]

    @property
    def total(self) -> Counter[Work]:
        """What it did in all."""
        return sum((Counter(done) for done in self.days.values()), Counter[Work]())

    @property
    def weeks(self) -> Counter[date]:
        """What it did in each week."""
        found = Counter[date]()
        for day, done in self.days.items():
            found[day - timedelta(days=day.weekday())] += sum(done.values())
        return found

    @property
    def worst_week(self) -> tuple[date, int]:
        """The Monday of the week with the most to do, the first of several, and how much that was."""
        return min(self.weeks.items(), key=lambda week: (-week[1], week[0]))

    @property
    def worst_day(self) -> tuple[date, int]:
        """The day with the most to do, the first of several, and how much that was."""
        sums = {day: sum(done.values()) for day, done in self.days.items()}
        return min(sums.items(), key=lambda day: (-day[1], day[0]))


class LoadCounter:
    """Takes the entries of a ledger in any order, and gives the load of each office."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._done: defaultdict[str, defaultdict[date, Counter[Work]]] = defaultdict(lambda: defaultdict(Counter))

    def add(self, kind: str, at: datetime, role: str, unit: str) -> None:
        """Count an entry on the day on which it happened; those of the engine are no work of an office."""
        if role != Role.SYSTEM and kind not in _NOT_DONE:
            self._done[unit][local_day(at, self._zone)][_WORK.get(kind, Work.DECISIONS)] += 1

    def offices(self) -> tuple[OfficeLoad, ...]:
        """The offices, the one with the worst week first, then by name."""
        found = (OfficeLoad(unit, {day: dict(done) for day, done in days.items()}) for unit, days in self._done.items())
        return tuple(sorted(found, key=lambda one: (-one.worst_week[1], one.unit)))
