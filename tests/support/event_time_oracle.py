"""An independent oracle of event times: it reads entries and knows the rules of docs/event-times.md, not the code.

Nothing is judged before it was asked or done, no work of an earlier round counts in a later one, and no deadline is set
in the past.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from schemas.ledger import LedgerEntry

SETS_DEADLINES = {
    "opened": ("due", "option_dues"),
    "verification_requested": ("due",),
    "level_passed": ("due",),
    "level_failed": ("due",),
    "verification_recalled": ("due",),
    "reopened": ("due",),
    "extended": ("due",),
    "resumed": ("due", "level_due"),
    "reinstated": ("due", "level_due"),
    "verification_reinstated": ("due", "level_due"),
    "sign_off_requested": ("due",),
    "sign_off_overdue": ("next_due",),
    "extension_requested": ("decision_due",),
    "extension_undecided": ("next_due",),
    "case_transferred": ("due",),
    "case_accepted": ("due",),
    "case_decided": ("due",),
    "case_overdue": ("next_due",),
    "plan_received": ("receipt_due", "deployment_due"),
    "deployment_submitted": ("decision_due",),
    "deployment_returned": ("due",),
    "document_drafted": ("due", "signing_due"),
    "document_uncountersigned": ("next_due",),
    "started": ("signing_due",),
    "amendment_proposed": ("signing_due",),
    "plan_unsigned": ("next_due",),
    "document_issued": ("receipt_due", "reply_due", "lifting_due"),
    "approval_overdue": ("next_due",),
    "signing_overdue": ("next_due",),
    "overdue_put_off": ("next_due",),
    "patrol_began": ("due",),
    "sample_drawn": ("due",),
    "sample_enlarged": ("due",),
}
"""Kind of entry -> its fields that give somebody a deadline; others repeat one that was given before."""

STEPS = frozenset(
    {"verification_requested", "level_passed", "works_accepted", "signed_off", "problem_closed", "opinion_given"}
)
"""What a level that passes rests on, beside the work that counts."""


ROUNDED = timedelta(hours=25)
"""By how much what stood still is rounded up at most: a day, which may have an hour more."""


def instants(value: Any) -> Iterator[datetime]:
    """The instants of a field: none, one, or one for each name."""
    if isinstance(value, dict):
        yield from (datetime.fromisoformat(one) for one in value.values())
    elif value is not None:
        yield datetime.fromisoformat(value)


def said_at(entry: LedgerEntry, data: dict[str, Any]) -> datetime:
    """What the sender says, but nothing that happened is later than the entry."""
    claimed = data.get("claimed_at")
    return entry.at if claimed is None else min(entry.at, datetime.fromisoformat(claimed))


def check_deadlines(
    entry: LedgerEntry, data: dict[str, Any], ends_at: datetime, stood: Sequence[datetime] = ()
) -> None:
    """Raises AssertionError for a deadline that had passed when the engine heard of it.

    A suspension that ends by itself was known before, whenever the engine wakes: if the engine had heard of what stands
    still (`stood`: the receipt of each time that stood still) by the last day. Several are rounded up once, so that a
    later one takes back up to a day of an earlier one's rounding.
    """
    least = entry.received_at
    if entry.kind == "resumed" and stood:
        if "command_id" in data:
            least -= ROUNDED if len(stood) > 1 else timedelta()
        elif entry.at >= stood[-1]:
            return
    for name in SETS_DEADLINES.get(entry.kind, ()):
        for due in instants(data.get(name)):
            assert due >= least or due >= ends_at, f"{entry.kind}.{name} is set in the past"


@dataclass
class EventTimeOracle:
    """Reads each entry of a site once; `done` is the work that counts by these rules: requirement to its sum."""

    ends_at: datetime
    round: int = 1
    round_began: datetime | None = None
    asked_at: datetime | None = None
    """When the awaited level was asked."""
    latest: datetime | None = None
    """The latest event time of the work that counts and of its acceptance."""
    stood: list[datetime] = field(default_factory=list)
    """When the engine heard of each suspension and reinstatement."""
    again_since: dict[str, datetime] = field(default_factory=dict)
    reports: list[tuple[str, Decimal, datetime]] = field(default_factory=list)
    """Requirement, quantity and time of the work that counts."""

    def read(self, entries: Iterable[LedgerEntry]) -> None:
        for entry in entries:
            data = json.loads(entry.data)
            check_deadlines(entry, data, self.ends_at, self.stood)
            if entry.kind in ("suspended", "reinstated", "verification_reinstated"):
                self.stood.append(entry.received_at)
            self._of_kind(entry, data)

    def done(self, requirement: str) -> Decimal:
        return sum((quantity for name, quantity, _ in self.reports if name == requirement), start=Decimal())

    def _of_kind(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        match entry.kind:
            case "opened":
                self.round_began = entry.at
            case "task_reported":
                self._reported(entry, data)
            case "level_passed" | "closed" | "works_accepted" | "signed_off" | "opinion_given" | "level_failed":
                self._judged(entry, data)
            case "reopened":
                self._sent_back(entry, data)
            case "problem_returned":
                self._again(entry, data)
            case "verification_requested":
                assert self.latest is None or entry.at >= self.latest, "asked before the work was done"
                assert self.round_began is not None and entry.at >= self.round_began, "asked before the round"
                self.asked_at = entry.at
        if entry.kind in STEPS:
            self.latest = max(self.latest or entry.at, entry.at)

    def _reported(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        requirement, said = data["requirement"], said_at(entry, data)
        since = self.again_since.get(requirement)
        counts = since is None or said >= since
        assert data.get("counts", True) == counts, "work of before it was sent back is no rework"
        assert counts or data["warnings"], "and its sender is told"
        if counts:
            self.reports.append((requirement, Decimal(str(data["quantity"])), said))
            self.latest = max(self.latest or entry.at, entry.at)

    def _judged(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        if entry.kind in ("level_passed", "works_accepted") or (entry.kind == "closed" and "command_id" in data):
            assert self.latest is None or entry.at >= self.latest, f"{entry.kind} before what it rests on"
        assert self.asked_at is not None
        assert entry.at >= self.asked_at, f"{entry.kind} before it was asked"
        if "claimed_at" in data and self.round > 1:
            assert self.round_began is not None and said_at(entry, data) >= self.round_began, "about an earlier round"
        match entry.kind:
            case "level_passed":
                self.asked_at = entry.at
            case "level_failed":
                self._sent_back(entry, data)

    def _sent_back(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        self.round, self.round_began, self.asked_at = self.round + 1, entry.at, None
        self._again(entry, data)

    def _again(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        again = set(data["failed_requirements"])
        self.again_since |= dict.fromkeys(again, entry.at)
        self.reports = [one for one in self.reports if one[0] not in again or one[2] >= entry.at]
        self.latest = max(self.latest or entry.at, entry.at)
