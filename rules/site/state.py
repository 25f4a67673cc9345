"""A site's state, its stages and the one table of its transitions."""

from datetime import date
from typing import Any

from rules.aggregate import AggregateState
from schemas.base import Instant, StoredModel
from schemas.errors import Refused
from schemas.options.acceptance import Acceptance
from schemas.options.extensions import ExtensionRequests
from schemas.options.modes import ModeState
from schemas.options.police import PoliceCase
from schemas.options.sign_off import SigningOff
from schemas.stages import Stage

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
    (_R, "record_corrected"): _R,
    (_V, "record_corrected"): _V,
    (_V, "panel_drawn"): _V,
    (_V, "opinion_given"): _V,
    (_V, "expert_replaced"): _V,
    (_R, "problem_closed"): _R,
    (_V, "problem_closed"): _V,
    (_R, "problem_returned"): _R,
    (_V, "sign_off_requested"): _V,
    (_V, "signed_off"): _V,
    (_V, "sign_off_overdue"): _V,
    (Stage.REGISTERED, "carried_over"): Stage.CARRIED_OVER,
    (_R, "carried_over"): Stage.CARRIED_OVER,
    (_V, "carried_over"): Stage.CARRIED_OVER,
    (Stage.CLOSED, "reopened"): _R,
    (_R, "extension_requested"): _R,
    (_R, "extension_refused"): _R,
    (_R, "extension_undecided"): _R,
    **{
        (stage, event): stage
        for stage in (_R, _V, Stage.CLOSED)
        for event in ("case_transferred", "case_accepted", "case_decided", "case_overdue")
    },
    (_V, "works_accepted"): _V,
    (Stage.CLOSED, "case_carried_over"): Stage.CLOSED,
    (_R, "amended"): _R,
    (_V, "amended"): _V,
    (_V, "verification_recalled"): _R,
    (_R, "mode_proposed"): _R,
    (_V, "mode_proposed"): _V,
    (_R, "mode_withdrawn"): _R,
    (_V, "mode_withdrawn"): _V,
    (_R, "mode_refused"): _R,
    (_V, "mode_refused"): _V,
    (_R, "mode_set"): _R,
    (_V, "mode_set"): _R,
    (_R, "booked"): _R,
    (_V, "booked"): _V,
    **{(stage, "refused"): stage for stage in Stage},
}
"""The story of a site: (stage, event) -> stage. What is not here does not happen."""


COMMANDS_OF: dict[str, tuple[str, ...]] = {
    "complete_task": ("task_reported",),
    "verify": ("level_passed", "level_failed", "closed"),
    "self_check": ("level_passed", "level_failed", "closed"),
    "give_opinion": ("opinion_given",),
    "replace_expert": ("expert_replaced",),
    "close_problem": ("problem_closed", "problem_returned"),
    "sign_off": ("signed_off", "level_failed", "closed"),
    "extend": ("extended",),
    "suspend": ("suspended",),
    "resume": ("resumed",),
    "carry_over": ("carried_over",),
    "correct": ("record_corrected",),
    "reopen": ("reopened",),
    "request_extension": ("extension_requested",),
    "decide_extension": ("extended", "extension_refused"),
    "transfer_case": ("case_transferred",),
    "accept_case": ("case_accepted",),
    "decide_case": ("case_decided", "closed"),
    "set_mode": ("mode_set", "mode_proposed", "mode_withdrawn"),
    "decide_mode": ("mode_set", "mode_refused"),
    "book": ("booked",),
}


_OF_THE_ENGINE = frozenset({"reopen"})
"""Nobody is told to send these."""


_BY_OPTION = frozenset(
    {
        *("self_check", "give_opinion", "replace_expert", "close_problem", "sign_off", "set_mode", "decide_mode"),
        *("book", "request_extension", "decide_extension", "transfer_case", "accept_case", "decide_case"),
        "correct",
    }
)
"""Nor these, which many plans do not know; the docs of their option say where they are allowed."""


def require_stage(stage: Stage, command: str) -> None:
    """Raises Refused, naming stage, command and what is allowed, if no event of the command leaves this stage."""
    if any((stage, event) in TRANSITIONS for event in COMMANDS_OF[command]):
        return
    allowed = [
        c
        for c, kinds in COMMANDS_OF.items()
        if c not in _OF_THE_ENGINE | _BY_OPTION and any((stage, kind) in TRANSITIONS for kind in kinds)
    ]
    raise Refused(f"{command} is not allowed while the site is {stage}; allowed: {', '.join(allowed) or 'nothing'}")


class Interval(StoredModel):
    """A time that stood still; `until` is None while it does."""

    since: Instant
    until: Instant | None = None
    reason: str
    basis: str | None = None
    planned_until: date | None = None
    """The last day of a suspension that ends by itself."""


class SiteState(AggregateState):
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
    suspensions: list[Interval] = []
    extensions: int = 0
    petitions: ExtensionRequests | None = None
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
    reopened: dict[str, str] = {}
    """Origin to cause of each time the struck-off site was opened again."""
    reopened_at: Instant | None = None

    @property
    def suspended(self) -> bool:
        return bool(self.suspensions) and self.suspensions[-1].until is None
