"""What a site remembers."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rules.aggregate import AggregateState
from schemas.actor import Actor, Role
from schemas.base import Instant, StoredModel
from schemas.calendar import ClauseNames
from schemas.deferrals import UnmovedDeadline
from schemas.event import new_field
from schemas.options.acceptance import Acceptance
from schemas.options.bookings import Bookings
from schemas.options.builders import BuilderState
from schemas.options.extensions import ExtensionRequests
from schemas.options.grading import Grade
from schemas.options.modes import ModeState
from schemas.options.police import PoliceCase
from schemas.options.responsible import Responsibility
from schemas.options.sign_off import SigningOff
from schemas.quantity import Sum
from schemas.stages import Stage


class Interval(StoredModel):
    """A time that stood still; `until` is None while it does."""

    since: Instant
    until: Instant | None = None
    reason: str
    basis: str | None = None
    planned_until: date | None = None
    """The last day of a suspension that ends by itself."""
    by: Actor | None = new_field(None)
    """Who ordered it."""
    heard_at: Instant | None = new_field(None)
    """When the engine heard of its beginning, if that was later."""

    order: int | None = new_field(None)
    """The order of its city by which many sites stood still at once."""

    @property
    def by_city(self) -> bool:
        """Whether the site's own city ordered it."""
        return self.by is not None and self.by.role is Role.CITY

    def holds(self, at: datetime) -> bool:
        """Whether time stood still at this instant."""
        return self.since <= at and (self.until is None or at < self.until)


class WorkReport(StoredModel):
    """One report of work, kept under the id of its command so that it can be told from any other.

    It counts until what it reported must be done again; `round` is the round in which the work was done. A report that
    arrives after its work was sent back is kept and never counts.
    """

    requirement: str
    quantity: Sum
    phases: tuple[str, ...] = ()
    """The phases of the evidence that came with it."""
    refs: tuple[str, ...] = new_field(())
    """The digest of each reference, in the same order: a site has up to sixty reports, and their texts are long."""
    at: Instant
    by: str
    round: int
    counts: bool = True
    claimed_at: Instant | None = new_field(None)
    """The sender's event time, if it was not accepted."""

    @property
    def said_at(self) -> datetime:
        """When its sender says that the work was done: see `rules.aggregate.EventTime`."""
        return self.at if self.claimed_at is None else min(self.claimed_at, self.at)


@lru_cache(maxsize=256)  # a report is judged before it is decided, and then applied
def ref_digest(ref: str) -> str:
    """12 hex digits, by which a reference to a photo is recognised at its site."""
    return hashlib.sha256(ref.encode()).hexdigest()[:12]


class SiteState(AggregateState):
    """Everything a site remembers. Deadlines are instants; "overdue" is derived from them, never kept."""

    stage: Stage = Stage.REGISTERED
    round: int = 1
    reports: dict[str, WorkReport] = {}
    """Command id to the report, in the order in which they were recorded."""
    done: dict[str, Sum] = {}
    """Requirement to the sum of the reports that count."""
    evidence: dict[str, list[str]] = {}
    """Requirement to the phases of evidence of the reports that count."""
    reporters: list[str] = []
    verifiers: dict[str, str] = {}
    """Level to the actor who passed it, in this round."""
    level: str | None = None
    level_due: Instant | None = None
    level_since: Instant | None = None
    """When the present level was asked, by event time: no verdict is before that."""
    clauses: ClauseNames = new_field({})
    """The clauses of `due` and `level_due`."""
    level_unmoved: UnmovedDeadline | None = new_field(None)
    """`level_due` before suspensions moved it."""
    level_due_since: Instant | None = new_field(None)
    """From when its deadline counts: the engine heard then of what asked it."""
    level_overdue: bool = False
    acceptance: Acceptance | None = None
    sign_off: SigningOff | None = None
    """Which departments of the site have signed in this round."""
    due: Instant | None = None
    due_since: Instant | None = None
    """From when the present deadline counts."""
    due_unmoved: UnmovedDeadline | None = new_field(None)
    """`due` before suspensions moved it."""
    due_heard_at: Instant | None = new_field(None)
    """When the engine heard of it: no reminder is for a day before that."""
    reminded: int | None = None
    reminded_at: Instant | None = new_field(None)
    rung: int = 0
    rung_on: date | None = None
    rung_waits: bool = False
    """Whether the rung is only proposed: its document waits for an approval."""
    rung_before: int = 0
    rung_before_on: date | None = new_field(None)
    proposals: dict[str, int] = {}
    """Rung to how often it was proposed in this round."""
    climbs_from: date | None = None
    """The first day of a climb after a suspension, or after a refused extension."""
    held_from: date | None = new_field(None)
    """The first day of a climb after the hold of the last reply: the next reply replaces it."""
    held_by: tuple[str, int] | None = new_field(None)
    """The document and the number of that reply."""
    grace: UnmovedDeadline | None = new_field(None)
    """The day of the next rung before suspensions moved it to `climbs_from`; None until a suspension has."""
    suspensions: list[Interval] = []
    extensions: int = 0
    extension_requests: ExtensionRequests | None = None
    """What was asked for in the way of extensions; None while nothing was."""
    police: PoliceCase | None = None
    """The site's case, if it has one."""
    modes: ModeState | None = None
    bookings: Bookings | None = None
    """None until a mode is set or something is booked."""
    work_since: Instant | None = None
    """From when the clause of the work counts: the opening, or when the engine heard of the failure."""
    extended_to: Instant | None = None
    """Until when the work of this round was extended last, at `extended_at`."""
    extended_at: Instant | None = None
    grade: Grade | None = new_field(None)
    """The grade that a person ordered last; None while the plan's rules or the register grade it."""
    amendment: int = 0
    """The newest amendment that the site knows; `overlay` is what it lays over the terms."""
    overlay: dict[str, Any] = {}
    corrections: dict[str, Any] = {}
    """Fields of the register row that were corrected, and what holds now."""
    opened_at: Instant | None = None
    settled_at: Instant | None = None
    carried_over_from: dict[str, Any] | None = new_field(None)
    """Of a carried-over site: what its carry-over ended (`rules.site.reinstatement`)."""
    carry_overs: list[Interval] = new_field([])
    """Each time between a carry-over and the reinstatement: time that stood still."""
    reinstated: int = new_field(0)
    """The amendment by which it was opened again after a carry-over; 0 if it never was."""
    reopened: dict[str, str] = {}
    """Origin to cause of each time the struck-off site was opened again."""
    reopened_at: Instant | None = None
    rounds: dict[str, Instant] = new_field({})
    """Round to when it began: at the opening, at a failure, or when the struck-off site was opened again."""
    again_since: dict[str, Instant] = new_field({})
    """Requirement to since when it must be done again: work of before that does not count."""
    proceeded_at: Instant | None = new_field(None)
    """The latest event time of the work that counts and of its acceptance: nothing that follows from it is earlier."""
    builders: BuilderState | None = new_field(None)
    """Its builders after that of the register, and what they owe; None until one is questioned."""
    responsibility: Responsibility | None = new_field(None)
    """Who is responsible, as far as it differs from the register."""
    options: dict[str, Any] = new_field({})
    """What options outside the tree remember, by the option's name."""

    @property
    def suspended(self) -> bool:
        return bool(self.suspensions) and self.suspensions[-1].until is None

    @property
    def standing(self) -> list[Interval]:
        """What stood still: suspensions, and the times between a carry-over and the reinstatement; they may overlap."""
        return [*self.suspensions, *self.carry_overs]

    @property
    def ran_again_at(self) -> datetime | None:
        """When time ran again last after it had stood still; None if it never did."""
        ends = (last[-1].until for last in (self.suspensions[-2:-1], self.suspensions, self.carry_overs) if last)
        return max(filter(None, ends), default=None)

    @property
    def not_before(self) -> date | None:
        """The first day on which the site may climb; None if nothing holds it."""
        return max(filter(None, (self.climbs_from, self.held_from)), default=None)

    def unmoved(self, due: datetime, at: datetime) -> UnmovedDeadline:
        """A deadline that is set at `at`: suspensions that were over when the engine heard of it do not move it."""
        return UnmovedDeadline(due=due, since=max(at, self.ran_again_at or at))

    def round_began(self) -> datetime | None:
        """When the present round began; None before the opening."""
        return self.rounds.get(str(self.round))

    def round_at(self, instant: datetime) -> int:
        """The round to which an event time belongs; the first one from the beginning of time on."""
        return max((int(round_) for round_, began in self.rounds.items() if began <= instant), default=1)

    def proceed(self, at: datetime) -> None:
        """Work that counts or a step of its acceptance took place at `at`."""
        self.proceeded_at = max(self.proceeded_at or at, at)

    def begin_round(self, round_: int, at: datetime) -> None:
        """A round begins at `at`."""
        self.round = round_
        self.rounds = {**self.rounds, str(round_): at}
        self.proceed(at)

    def counts(self, requirement: str, said_at: datetime) -> bool:
        """Whether work of this event time counts: it was not sent back since."""
        since = self.again_since.get(requirement)
        return since is None or said_at >= since

    def add_report(self, command_id: str, report: WorkReport) -> None:
        """Keep a report, and add it to the sums if it counts; KeyError for a requirement that the site never had."""
        if report.counts:
            self._add_to_sums(report)
            self.proceed(report.at)
        if report.by not in self.reporters:
            self.reporters.append(report.by)
        self.reports[command_id] = report

    def require_again(self, requirements: Iterable[str], since: datetime) -> None:
        """These requirements must be done again since then: what was done before stays known and no longer counts.

        Work that was reported before anybody heard of that, but was done after it, is the work that is asked for.
        """
        again = frozenset(requirements)
        self.again_since = {**self.again_since, **dict.fromkeys(again, since)}
        for requirement in again:
            self.done[requirement] = Decimal()
            self.evidence[requirement] = []
        reports = dict(self.reports)
        for command_id, report in reports.items():
            if report.requirement in again and report.counts:
                known = {"round": self.round} if report.said_at >= since else {"counts": False}
                reports[command_id] = report = report.model_copy(update=known)
                if report.counts:
                    self._add_to_sums(report)
        self.reports = reports

    def _add_to_sums(self, report: WorkReport) -> None:
        self.done[report.requirement] += report.quantity
        phases = self.evidence[report.requirement]
        phases.extend(phase for phase in report.phases if phase not in phases)

    def set_deadline(self, due: datetime, since: datetime, heard_at: datetime, clauses: ClauseNames) -> None:
        """A new deadline of the work, which counts from `since`; the engine hears of it at `heard_at`.

        `clauses` are those of the event that sets it.
        """
        self.keep_clause("due", clauses)
        self.due, self.due_since, self.due_heard_at = due, since, heard_at
        self.due_unmoved = self.unmoved(due, since)
        self.reminded = self.reminded_at = None

    def keep_clause(self, deadline: str, clauses: ClauseNames) -> None:
        """The clause of a deadline, from those of the event that sets it."""
        if deadline in clauses:
            self.clauses = {**self.clauses, deadline: clauses[deadline]}

    def begin_ladder(self) -> None:
        """A new round begins below the first rung."""
        self.rung, self.rung_on, self.held_from = 0, None, None
        self.rung_waits, self.proposals = False, {}
        self.climb_from(None)

    def drop_proposed_rung(self) -> None:
        """A later deadline begins the ladder's graces anew; a rung that was only proposed is dropped."""
        if self.rung_waits:
            self.rung, self.rung_waits = self.rung_before, False
        self.rung_on = self.held_from = None
        self.climb_from(None)

    def climb_from(self, day: date | None) -> None:
        """The first day on which the site may climb again, for another reason than a suspension; None without one."""
        self.climbs_from, self.grace = day, None
