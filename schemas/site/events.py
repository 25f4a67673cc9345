"""The events of a site."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from schemas.amendments import SiteAmended, SiteReinstated, VerificationRecalled, VerificationReinstated
from schemas.base import Instant, StoredModel
from schemas.deferrals import UnmovedDeadline
from schemas.event import CommandRefused, Event, new_field
from schemas.options.grading import Grade
from schemas.options.registry import OPTIONS, OptionTable
from schemas.quantity import Sum
from schemas.reopening import Reopened
from schemas.site.correction import RecordCorrected


class Opened(Event):
    kind: Literal["opened"] = "opened"
    due: Instant
    requirements: dict[str, Sum]
    amendment: int = new_field(0)
    """The amendment of the plan under which it opened; 0: the plan as issued."""
    since: Instant | None = new_field(None)
    """From when the clause of `due` counts, if not from the opening: nobody heard of it before."""
    option_dues: dict[str, Instant] = new_field({})
    """Deadlines of options that begin with the opening, by the option's name."""
    grade: Grade | None = new_field(None)
    """Its hazard and what graded it, where the plan has `grading` or `variations`."""


class EvidenceRef(StoredModel):
    phase: str
    ref: str


class TaskReported(Event):
    kind: Literal["task_reported"] = "task_reported"
    requirement: str
    quantity: Sum
    evidence: tuple[EvidenceRef, ...] = ()
    note: str | None = None
    round: int | None = new_field(None)
    """The round in which the work was done, if it is an earlier one."""
    counts: bool = new_field(True)
    """False: the work was sent back after it was done, so that it is kept and must be done again."""


class VerificationRequested(Event):
    """All requirements are complete with their evidence: the first level is requested."""

    kind: Literal["verification_requested"] = "verification_requested"
    round: int
    level: str
    due: Instant


class LevelPassed(Event):
    kind: Literal["level_passed"] = "level_passed"
    round: int
    level: str
    opinion: str | None = None
    next_level: str
    due: Instant


class LevelFailed(Event):
    """The rectification opinion: what to do again, and the deadline; the next round begins."""

    kind: Literal["level_failed"] = "level_failed"
    round: int
    level: str
    opinion: str | None = None
    failed_requirements: tuple[str, ...]
    due: Instant
    rounds_exhausted: bool = False
    department: str | None = new_field(None)
    """The coordinating department that refused to sign, if that was the cause."""


class Closed(Event):
    kind: Literal["closed"] = "closed"
    round: int
    level: str
    opinion: str | None = None


class Extended(Event):
    kind: Literal["extended"] = "extended"
    until: date
    due: Instant
    reason: str
    request: int | None = new_field(None)
    """The request that it grants; None without a request."""


class Suspended(Event):
    """`until` is the last day of the suspension, if it is known: the suspension ends automatically then.

    `back_to` is the rung on which the site is again, if the next one was only proposed, after the suspension had begun
    and before the engine heard of it.
    """

    kind: Literal["suspended"] = "suspended"
    reason: str
    basis: str | None = new_field(None)
    until: date | None = new_field(None)
    back_to: int | None = new_field(None)
    order: int | None = new_field(None)
    """The order of its city that suspended many sites at once, and the document that says so."""
    document: str | None = new_field(None)


class Resumed(Event):
    """`due` and `level_due` are the deadlines that moved by what stood still.

    `grace` is the day of the next rung before suspensions moved it to `climbs_from`, if a grace was running.
    """

    kind: Literal["resumed"] = "resumed"
    reason: str | None = None
    due: Instant | None = None
    level_due: Instant | None = None
    climbs_from: date | None = None
    """The first day on which the site may climb again."""
    grace: UnmovedDeadline | None = new_field(None)
    order: int | None = new_field(None)
    """The order that was ended with it."""


class Reminded(Event):
    kind: Literal["reminded"] = "reminded"
    round: int
    days_before: int
    due: Instant
    sheet: Literal["blue", "yellow"] = new_field("blue")
    """`blue`: the deadline is near; `yellow`: the work is behind as well."""


class Climbed(Event):
    """The site reached a rung of the ladder on the working day `on`; the document follows at the next dispatch.

    If it needs an approval the site waits at the rung; `proposal` counts the proposals of this rung.
    """

    kind: Literal["climbed"] = "climbed"
    round: int
    rung: int
    instrument: str
    on: date
    due: Instant
    awaits_approval: bool = new_field(False)
    proposal: int = new_field(1)
    exhausted: bool = new_field(False)
    """Whether the cause is that `max_rounds` is reached, not that the site is overdue."""


class RungIssued(Event):
    """The document of the site's rung was issued on the day `on`: the next grace counts from that day."""

    kind: Literal["rung_issued"] = "rung_issued"
    document: str
    round: int
    rung: int
    on: date


class RungWithdrawn(Event):
    """The document of the rung is not issued: the site is back on `back_to`, with a new grace from the day `on`."""

    kind: Literal["rung_withdrawn"] = "rung_withdrawn"
    document: str
    round: int
    rung: int
    back_to: int
    on: date
    reason: str


class ClimbHeld(Event):
    """The city replied to the rung's document: by this reply the site does not climb before `climbs_from`."""

    kind: Literal["climb_held"] = "climb_held"
    document: str
    round: int
    rung: int
    until: date
    climbs_from: date
    back_to: int | None = None
    """The rung of the reply, if the site already waited for the document of the next one."""
    reply: int = new_field(1)
    """Which reply to the document it is."""


class AcceptanceOverdue(Event):
    """A level is overdue with its verdict; the site does not climb for that."""

    kind: Literal["acceptance_overdue"] = "acceptance_overdue"
    round: int
    level: str
    due: Instant
    missing: tuple[str, ...] = new_field(())
    """The drawn experts who gave no opinion."""


class CarriedOver(Event):
    kind: Literal["carried_over"] = "carried_over"
    reason: str


_CORE: tuple[type[Event], ...] = (
    Opened,
    TaskReported,
    VerificationRequested,
    LevelPassed,
    LevelFailed,
    Closed,
    Extended,
    Suspended,
    Resumed,
    Reminded,
    Climbed,
    RungIssued,
    RungWithdrawn,
    ClimbHeld,
    AcceptanceOverdue,
    SiteAmended,
    VerificationRecalled,
    SiteReinstated,
    VerificationReinstated,
    CarriedOver,
    RecordCorrected,
    Reopened,
    CommandRefused,
)


def _by_kind() -> dict[str, type[Event]]:
    table = {event.model_fields["kind"].default: event for event in _CORE}
    for option in OPTIONS.of("site"):
        table.update(option.event_kinds())
    return table


SITE_EVENTS: Mapping[str, type[Event]] = OptionTable(_by_kind)
"""Event kind to its model: the site's own events and those of every option."""
