"""An independent oracle of a site's ledger: it checks the rules of the domain without the code of the engine."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rules.calendar import add_clause, is_working_day, start_of
from schemas.ledger import LedgerEntry
from schemas.quantity import exact
from schemas.site.terms import SiteTerms
from tests.support.event_time_oracle import EventTimeOracle, said_at

MOVES = {
    "registered": {"opened": "rectifying", "carried_over": "carried_over", "refused": "registered"},
    "rectifying": {
        "task_reported": "rectifying",
        "verification_requested": "verifying",
        "extended": "rectifying",
        "suspended": "rectifying",
        "resumed": "rectifying",
        "reminded": "rectifying",
        "climbed": "rectifying",
        "carried_over": "carried_over",
        "refused": "rectifying",
    },
    "verifying": {
        "task_reported": "verifying",
        "level_passed": "verifying",
        "level_failed": "rectifying",
        "closed": "closed",
        "suspended": "verifying",
        "resumed": "verifying",
        "acceptance_overdue": "verifying",
        "carried_over": "carried_over",
        "refused": "verifying",
    },
    "closed": {"refused": "closed"},
    "carried_over": {"refused": "carried_over"},
}
"""stage -> {kind of entry -> stage}: the transitions, written a second time."""


@dataclass
class SiteOracle:
    """Reads each entry once and raises AssertionError when a rule is broken."""

    terms: SiteTerms
    stage: str = "registered"
    suspended: bool = False
    resumed_at: datetime | None = None
    due: datetime | None = None
    done: dict[str, float] = field(default_factory=dict)
    evidence: dict[str, set[str]] = field(default_factory=dict)
    workers: set[str] = field(default_factory=set)
    passes: list[tuple[str, str]] = field(default_factory=list)
    climbed: list[tuple[int, date]] = field(default_factory=list)
    reminded: list[int] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    reports: list[tuple[str, datetime, float, set[str]]] = field(default_factory=list)
    """Requirement, time, quantity and phases of the work that counts."""
    times: EventTimeOracle = field(init=False)

    def __post_init__(self) -> None:
        self.times = EventTimeOracle(self.terms.ends_at)

    def read(self, entries: Iterable[LedgerEntry], now: datetime) -> None:
        for entry in entries:
            self.times.read([entry])
            assert entry.kind in MOVES[self.stage], f"{entry.kind} while {self.stage}"
            self.stage = MOVES[self.stage][entry.kind]
            data, who = json.loads(entry.data), json.loads(entry.actor)["id"]
            assert entry.received_at <= now
            assert entry.at <= now
            if entry.kind != "refused" and "command_id" in data:
                assert data["command_id"] not in self.ids, "an id is processed once"
                self.ids.add(data["command_id"])
            seen = getattr(self, f"_{entry.kind}", None)
            if seen is not None:
                seen(entry, data, who, now)

    def _new_round(self) -> None:
        self.climbed, self.reminded = [], []

    def _complete(self) -> bool:
        return all(
            exact(self.done[r.id]) >= r.quantity and {str(p) for p in r.evidence} <= self.evidence[r.id]
            for r in self.terms.requirements
        )

    def _opened(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        self.done = dict.fromkeys(data["requirements"], 0.0)
        self.evidence = {requirement: set() for requirement in self.done}
        self.due = datetime.fromisoformat(data["due"])

    def _task_reported(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        if self.stage == "verifying":
            assert who not in {judge for _, judge in self.passes}, "who judged this round does no work in it"
        if data.get("counts", True):
            phases = {e["phase"] for e in data.get("evidence", ())}
            self.reports.append((data["requirement"], said_at(entry, data), data["quantity"], phases))
            self._sum(data["requirement"])
        self.workers.add(who)

    def _sum(self, requirement: str) -> None:
        of_it = [one for one in self.reports if one[0] == requirement]
        self.done[requirement] = sum(quantity for _, _, quantity, _ in of_it)
        self.evidence[requirement] = {phase for *_, phases in of_it for phase in phases}

    def _verification_requested(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        assert self._complete()
        self.passes = []

    def _level_passed(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        assert not self.suspended
        self.passes.append((data["level"], who))

    def _closed(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        self._level_passed(entry, data, who, now)
        assert self._complete()
        assert [level for level, _ in self.passes] == [level.id for level in self.terms.levels]
        judges = {judge for _, judge in self.passes}
        assert len(judges) == len(self.passes), "each level is judged by another person"
        assert not judges & self.workers, "who did the work never verifies it"

    def _level_failed(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        assert not self.suspended
        assert who not in self.workers
        assert data["opinion"]
        again = set(data["failed_requirements"])
        self.reports = [one for one in self.reports if one[0] not in again or one[1] >= entry.at]
        for requirement in again:
            self._sum(requirement)
        self.due = datetime.fromisoformat(data["due"])
        assert self.due <= self.terms.ends_at
        self._new_round()

    def _extended(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        due = datetime.fromisoformat(data["due"])
        assert self.due is not None
        assert self.due < due <= self.terms.ends_at
        self.due, self.reminded = due, []

    def _suspended(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        assert not self.suspended
        self.suspended = True

    def _resumed(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        assert self.suspended
        self.suspended, self.resumed_at = False, entry.at
        if "due" in data:
            due = datetime.fromisoformat(data["due"])
            assert self.due is not None
            assert self.due <= due <= self.terms.ends_at, "time is given back, never taken"
            self.due = due

    def _on_a_working_day_of_now(self, at: datetime, now: datetime) -> date:
        calendar = self.terms.calendar
        day = at.astimezone(ZoneInfo(calendar.time_zone)).date()
        assert at == max(start_of(calendar, day), self.resumed_at or start_of(calendar, day)), (
            "as the day begins, or time runs again"
        )
        assert is_working_day(calendar, day), "never on a day off"
        assert at <= now < at + timedelta(hours=25), "what was missed by more moves to a day that comes"
        return day

    def _reminded(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        assert not self.suspended
        self._on_a_working_day_of_now(entry.at, now)
        assert self.due is not None
        assert entry.at < self.due == datetime.fromisoformat(data["due"])
        assert data["days_before"] in self.terms.reminder_days
        assert all(data["days_before"] < earlier for earlier in self.reminded)
        self.reminded.append(data["days_before"])

    def _climbed(self, entry: LedgerEntry, data: dict[str, Any], who: str, now: datetime) -> None:
        assert not self.suspended
        day = self._on_a_working_day_of_now(entry.at, now)
        assert day.isoformat() == data["on"]
        assert self.due is not None
        assert entry.at >= self.due, "only what is overdue climbs"
        rungs = {terms.rung: terms for terms in self.terms.ladder}
        missed = [rung for rung in rungs if rung < data["rung"] and rung not in [r for r, _ in self.climbed]]
        assert missed == [], "in order, none left out"
        if self.climbed:
            rung, before = self.climbed[-1]
            assert data["rung"] > rung
            assert day >= add_clause(self.terms.calendar, before, rungs[data["rung"]].after), "with fresh grace"
        self.climbed.append((data["rung"], day))
