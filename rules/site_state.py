"""A site's state, its stages and the one table of its transitions; `applied` folds an event into the state."""

from datetime import date, datetime
from enum import StrEnum

from rules.core import CoreState
from schemas import events as ev
from schemas.base import Instant, Kept
from schemas.errors import Refused
from schemas.terms import SiteTerms


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


def applied(state: SiteState, terms: SiteTerms, event: ev.Event, at: datetime, actor_id: str) -> None:
    """Fold one event into the state, in place. KeyError if the table does not have the transition."""
    kind: str = event.kind  # type: ignore[attr-defined]
    state.stage = TRANSITIONS[state.stage, kind]
    match event:
        case ev.Opened():
            state.opened_at = at
            state.done = dict.fromkeys(event.requirements, 0.0)
            state.evidence = {r: [] for r in event.requirements}
            _new_deadline(state, event.due, at)
        case ev.TaskReported():
            state.done[event.requirement] += event.quantity
            phases = state.evidence[event.requirement]
            phases.extend(e.phase for e in event.evidence if e.phase not in phases)
            if actor_id not in state.reporters:
                state.reporters.append(actor_id)
        case ev.VerificationRequested():
            state.verifiers = {}
            _ask(state, event.level, event.due, at)
        case ev.LevelPassed():
            state.verifiers[event.level] = actor_id
            _ask(state, event.next_level, event.due, at)
        case ev.LevelFailed():
            state.round = event.round + 1
            state.level = state.level_due = None
            for requirement in event.failed_requirements:
                state.done[requirement] = 0.0
                state.evidence[requirement] = []
            state.rung, state.rung_on, state.climbs_from = 0, None, None
            state.rung_waits, state.proposals = False, {}
            _new_deadline(state, event.due, at)
        case ev.Closed():
            state.verifiers[event.level] = actor_id
            state.level = state.level_due = None
            state.settled_at = at
        case ev.Extended():
            state.extensions += 1
            if state.rung_waits:  # what was only proposed falls away with the old deadline
                state.rung, state.rung_waits = state.rung_before, False
            state.rung_on = state.climbs_from = None
            _new_deadline(state, event.due, at)
        case ev.Suspended():
            state.suspensions.append(Interval(since=at, reason=event.reason))
        case ev.Resumed():
            state.suspensions[-1].until = at
            state.due = event.due or state.due
            state.level_due = event.level_due or state.level_due
            state.climbs_from = event.climbs_from
        case ev.Reminded():
            state.reminded = event.days_before
        case ev.Climbed():
            state.rung_before, state.rung = state.rung, event.rung
            state.rung_on, state.rung_waits = event.on, event.awaits_approval
            state.proposals = {**state.proposals, str(event.rung): event.proposal}
            state.climbs_from = None
        case ev.RungIssued():
            state.rung_on, state.rung_waits = event.on, False
        case ev.RungWithdrawn():
            # Where an extension has begun the ladder anew meanwhile, it counts from the new deadline.
            state.rung_on = event.on if state.rung_on is not None else None
            state.rung, state.rung_waits = event.back_to, False
        case ev.ClimbHeld():
            state.climbs_from = event.climbs_from
            if event.back_to is not None:
                state.rung, state.rung_on, state.rung_waits = event.back_to, None, False
        case ev.AcceptanceOverdue():
            state.level_overdue = True
        case ev.CarriedOver():
            state.level = state.level_due = None
            state.settled_at = at


def _new_deadline(state: SiteState, due: datetime, at: datetime) -> None:
    state.due, state.due_since, state.reminded = due, at, None


def _ask(state: SiteState, level: str, due: datetime, at: datetime) -> None:
    state.level, state.level_due, state.level_since, state.level_overdue = level, due, at, False
