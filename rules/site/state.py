"""What a site remembers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from rules.aggregate import AggregateState
from schemas.base import Instant, StoredModel
from schemas.event import new_field
from schemas.options.acceptance import Acceptance
from schemas.options.extensions import ExtensionRequests
from schemas.options.modes import ModeState
from schemas.options.police import PoliceCase
from schemas.options.sign_off import SigningOff
from schemas.stages import Stage


class Interval(StoredModel):
    """A time that stood still; `until` is None while it does."""

    since: Instant
    until: Instant | None = None
    reason: str
    basis: str | None = None
    planned_until: date | None = None
    """The last day of a suspension that ends by itself."""


class WorkReport(StoredModel):
    """One report of work, kept under the id of its command so that it can be told from any other.

    It counts until what it reported must be done again; `round` is the round in which it was taken.
    """

    requirement: str
    quantity: float
    phases: tuple[str, ...] = ()
    """The phases of the evidence that came with it."""
    at: Instant
    by: str
    round: int
    counts: bool = True


class SiteState(AggregateState):
    """Everything a site remembers. Deadlines are instants; "overdue" is derived from them, never kept."""

    stage: Stage = Stage.REGISTERED
    round: int = 1
    reports: dict[str, WorkReport] = {}
    """Command id to the report, in the order in which they were recorded."""
    done: dict[str, float] = {}
    """Requirement to the sum of the reports that count."""
    evidence: dict[str, list[str]] = {}
    """Requirement to the phases of evidence of the reports that count."""
    reporters: list[str] = []
    verifiers: dict[str, str] = {}
    """Level to the actor who passed it, in this round."""
    level: str | None = None
    level_due: Instant | None = None
    level_since: Instant | None = None
    """When the present level was asked."""
    level_overdue: bool = False
    acceptance: Acceptance | None = None
    sign_off: SigningOff | None = None
    """Which departments of the site have signed in this round."""
    due: Instant | None = None
    due_since: Instant | None = None
    """When the present deadline was set; reminders from before it do not count."""
    reminded: int | None = None
    rung: int = 0
    rung_on: date | None = None
    rung_waits: bool = False
    """Whether the rung is only proposed: its document waits for an approval."""
    rung_before: int = 0
    proposals: dict[str, int] = {}
    """Rung to how often it was proposed in this round."""
    climbs_from: date | None = None
    """The first day of a climb after a suspension, or after a refused extension."""
    held_from: date | None = new_field(None)
    """The first day of a climb after the hold of the last reply: the next reply replaces it."""
    held_by: tuple[str, int] | None = new_field(None)
    """The document and the number of that reply."""
    suspensions: list[Interval] = []
    extensions: int = 0
    extension_requests: ExtensionRequests | None = None
    """What was asked for in the way of extensions; None while nothing was."""
    police: PoliceCase | None = None
    """The site's case, if it has one."""
    modes: ModeState | None = None
    """None until a mode is set or something is booked."""
    work_since: Instant | None = None
    """The opening, or the failure that began this round: from then the clause of the work counts."""
    extended_to: Instant | None = None
    """Until when the work of this round was extended last, at `extended_at`."""
    extended_at: Instant | None = None
    amendment: int = 0
    """The newest amendment that the site knows; `overlay` is what it lays over the terms."""
    overlay: dict[str, Any] = {}
    corrections: dict[str, Any] = {}
    """Fields of the register row that were corrected, and what holds now."""
    opened_at: Instant | None = None
    settled_at: Instant | None = None
    carried_over_from: dict[str, Any] | None = new_field(None)
    """Of a carried-over site: what its carry-over ended (`rules.site.reinstatement`)."""
    reinstated: int = new_field(0)
    """The amendment by which it was opened again after a carry-over; 0 if it never was."""
    reopened: dict[str, str] = {}
    """Origin to cause of each time the struck-off site was opened again."""
    reopened_at: Instant | None = None
    options: dict[str, Any] = new_field({})
    """What options outside the tree remember, by the option's name."""

    @property
    def suspended(self) -> bool:
        return bool(self.suspensions) and self.suspensions[-1].until is None

    @property
    def not_before(self) -> date | None:
        """The first day on which the site may climb; None if nothing holds it."""
        return max(filter(None, (self.climbs_from, self.held_from)), default=None)

    def add_report(self, command_id: str, report: WorkReport) -> None:
        """Keep a report and add it to the sums; KeyError for a requirement that the site never had."""
        self.done[report.requirement] += report.quantity
        phases = self.evidence[report.requirement]
        phases.extend(phase for phase in report.phases if phase not in phases)
        if report.by not in self.reporters:
            self.reporters.append(report.by)
        self.reports[command_id] = report

    def require_again(self, requirements: Iterable[str]) -> None:
        """These requirements must be done again: what was reported for them stays known and no longer counts."""
        again = frozenset(requirements)
        for requirement in again:
            self.done[requirement] = 0.0
            self.evidence[requirement] = []
        self.reports = {
            command_id: report.model_copy(update={"counts": False}) if report.requirement in again else report
            for command_id, report in self.reports.items()
        }

    def drop_proposed_rung(self) -> None:
        """A later deadline begins the ladder's graces anew; a rung that was only proposed is dropped."""
        if self.rung_waits:
            self.rung, self.rung_waits = self.rung_before, False
        self.rung_on = self.climbs_from = self.held_from = None
