"""How the phases of a campaign stand at an instant, from its plan and from what its ledger says of them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from schemas.base import Instant, StoredModel
from schemas.campaign import PhaseBegan
from schemas.event import Event, new_field
from schemas.local_time import local_day
from schemas.options.phases import GateMet, GateOverdue, GateUnmet, Missing, PhaseEnded, Reached
from schemas.plan import Plan


class PhaseStatus(StoredModel):
    """One phase. `held`: its day has come, and the gate of `held_by` is not met; `held_since` is that day.

    One that is over and has a `held_by` never began.
    """

    id: str
    title: str
    starts_on: date
    ends_on: date
    state: Literal["not_begun", "running", "held", "over"]
    began_at: Instant | None = new_field(None)
    held_by: str | None = new_field(None)
    held_since: date | None = new_field(None)
    holds: str | None = new_field(None)
    """The phase that its gate holds until it is met, by the plan."""
    gate: Literal["not_judged", "met", "unmet"] | None = new_field(None)
    """None without a gate."""
    met_at: Instant | None = new_field(None)
    told: int = new_field(0)
    """The level to which the unmet gate was told last: 1 to 3 in the cities, 4 the province."""
    missing: list[Missing] = new_field([])
    milestones: list[Reached] = new_field([])

    @property
    def state_in_words(self) -> str:
        """`running`, or `held since 2021-10-11 by restoration`."""
        if self.state == "held":
            return f"held since {self.held_since} by {self.held_by}"
        return "over, never begun" if self.never_begun else self.state.replace("_", " ")

    @property
    def never_begun(self) -> bool:
        """Whether its end passed while a gate held it."""
        return self.state == "over" and self.held_by is not None

    @property
    def kept(self) -> int:
        """How many of its milestones were kept."""
        return sum(one.kept for one in self.milestones)


PHASE_EVENTS: dict[str, type[Event]] = {
    "phase_began": PhaseBegan,
    "phase_ended": PhaseEnded,
    "gate_met": GateMet,
    "gate_unmet": GateUnmet,
    "gate_overdue": GateOverdue,
}
"""The entries of a campaign's ledger that speak of its phases."""


def phase_statuses(plan: Plan, entries: Iterable[tuple[datetime, Event]], as_of: datetime) -> list[PhaseStatus]:
    """The phases in the order of the plan; `entries` are those of `PHASE_EVENTS` up to `as_of`, oldest first."""
    today = local_day(as_of, plan.zone)
    found = {
        phase.id: PhaseStatus(
            id=phase.id,
            title=phase.title,
            starts_on=phase.starts_on,
            ends_on=phase.ends_on,
            state="not_begun" if today < phase.starts_on else "running" if today <= phase.ends_on else "over",
            holds=plan.phases[place].id if phase.holds_next and place < len(plan.phases) else None,
            gate=None if phase.gate is None else "not_judged",
        )
        for place, phase in enumerate(plan.phases, 1)
    }
    for at, event in entries:
        phase = found.get(getattr(event, "phase", ""))
        if phase is not None:
            _apply(phase, event, at)
    for holder in list(found.values()):
        held = found.get(holder.holds or "")
        if held is not None and held.state != "not_begun" and held.began_at is None and holder.gate != "met":
            held.held_by, held.held_since = holder.id, held.starts_on
            held.state = "held" if held.state == "running" else "over"
    return list(found.values())


def _apply(phase: PhaseStatus, event: Event, at: datetime) -> None:
    match event:
        case PhaseBegan():
            phase.began_at = at
        case PhaseEnded():
            phase.milestones = list(event.milestones)
        case GateMet() if phase.gate is not None:
            phase.gate, phase.met_at, phase.missing = "met", at, []
        case GateUnmet() if phase.gate is not None:
            phase.gate, phase.missing = "unmet", list(event.missing)
        case GateOverdue() if phase.gate is not None:
            phase.gate, phase.missing, phase.told = "unmet", list(event.missing), event.step
        case _:
            pass
