"""A site's state, its stages and the one table of its transitions."""

from datetime import date
from enum import StrEnum

from rules.core import CoreState
from schemas.base import Instant, Kept
from schemas.errors import Refused


class Stage(StrEnum):
    """The stages of a site, in the order of a good campaign."""

    REGISTERED = "registered"
    RECTIFYING = "rectifying"
    VERIFYING = "verifying"
    CLOSED = "closed"
    CARRIED_OVER = "carried_over"


OPEN = frozenset({Stage.RECTIFYING, Stage.VERIFYING})
SETTLED = frozenset({Stage.CLOSED, Stage.CARRIED_OVER})

_R, _V = Stage.RECTIFYING, Stage.VERIFYING
TRANSITIONS: dict[tuple[Stage, str], Stage] = {
    (Stage.REGISTERED, "opened"): _R,
    (_R, "task_reported"): _R,
    (_R, "verification_requested"): _V,
    (_V, "task_reported"): _V,
    (_V, "level_passed"): _V,
    (_V, "level_failed"): _R,
    (_V, "closed"): Stage.CLOSED,
    (_R, "extended"): _R,
    (_R, "suspended"): _R,
    (_V, "suspended"): _V,
    (_R, "resumed"): _R,
    (_V, "resumed"): _V,
    (_R, "reminded"): _R,
    (_R, "climbed"): _R,
    (_R, "rung_issued"): _R,
    (_V, "rung_issued"): _V,
    (_R, "rung_withdrawn"): _R,
    (_V, "rung_withdrawn"): _V,
    (_R, "climb_held"): _R,
    (_V, "climb_held"): _V,
    (_V, "acceptance_overdue"): _V,
    (Stage.REGISTERED, "carried_over"): Stage.CARRIED_OVER,
    (_R, "carried_over"): Stage.CARRIED_OVER,
    (_V, "carried_over"): Stage.CARRIED_OVER,
    **{(stage, "refused"): stage for stage in Stage},
}
"""The story of a site: (stage, event) -> stage. What is not here does not happen."""

COMMANDS_OF: dict[str, tuple[str, ...]] = {
    "complete_task": ("task_reported",),
    "verify": ("level_passed", "level_failed", "closed"),
    "extend": ("extended",),
    "suspend": ("suspended",),
    "resume": ("resumed",),
    "carry_over": ("carried_over",),
}


def require_stage(stage: Stage, command: str) -> None:
    """Raises Refused, naming stage, command and what is allowed, if no event of the command leaves this stage."""
    if any((stage, event) in TRANSITIONS for event in COMMANDS_OF[command]):
        return
    allowed = [c for c, kinds in COMMANDS_OF.items() if any((stage, kind) in TRANSITIONS for kind in kinds)]
    raise Refused(f"{command} is not allowed while the site is {stage}; allowed: {', '.join(allowed) or 'nothing'}")


class Interval(Kept):
    """A time that stood still; `until` is None while it does."""

    since: Instant
    until: Instant | None = None
    reason: str


class SiteState(CoreState):
    """Everything a site remembers. Deadlines are instants; "overdue" is derived from them, never kept."""

    stage: Stage = Stage.REGISTERED
    round: int = 1
    done: dict[str, float] = {}
    evidence: dict[str, list[str]] = {}
    reporters: list[str] = []
    verifiers: dict[str, str] = {}
    """Level to the actor who passed it, in this round."""
    level: str | None = None
    level_due: Instant | None = None
    level_since: Instant | None = None
    """When the present level was asked."""
    level_overdue: bool = False
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
    suspensions: list[Interval] = []
    extensions: int = 0
    opened_at: Instant | None = None
    settled_at: Instant | None = None

    @property
    def suspended(self) -> bool:
        return bool(self.suspensions) and self.suspensions[-1].until is None
