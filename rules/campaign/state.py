"""A campaign's state, and how its own events change it."""

from datetime import datetime
from typing import Any

from rules.documents.state import PlannedDocument
from rules.ledger_state import AggregateState
from schemas import events as ev
from schemas.base import Instant
from schemas.event import new_field
from schemas.options.joint import JointState
from schemas.options.phases import GateState
from schemas.stages import CampaignStage
from schemas.work import CountReport


class CampaignState(AggregateState):
    """Everything a campaign remembers."""

    stage: CampaignStage = CampaignStage.ISSUING
    issued_at: Instant | None = None
    phases: list[str] = []
    anchored_at: Instant | None = None
    """Up to when anchors were taken or stood in for."""
    anchor_at: Instant | None = None
    """The moment of the last anchor in the ledger."""
    cities_settled: list[str] = []
    stopped: bool = False
    ended_at: Instant | None = None
    counting: bool = False
    counted: CountReport | None = None
    """What the closing report will say, while it waits for its number."""
    briefed_at: Instant | None = None
    """The cut-off up to which briefings were asked for."""
    briefing_week: int = 0
    bottoms: list[tuple[int, tuple[str, ...]]] = []
    """Week and the keys of the units at the bottom of its leading ranking, of the last briefings."""
    bottom_runs: dict[str, int] = {}
    """Key of a unit to how many briefings running it has been at the bottom."""
    gates: dict[str, GateState] = {}
    """The phases with measures that are over, by id."""
    measured: dict[str, Instant] = {}
    """Phase to when its measures were last asked for."""
    unissued: list[PlannedDocument] = []
    """The campaign's own documents that wait for their number, and `unissued_at` since when."""
    unissued_at: Instant | None = None
    numbering: tuple[str, ...] = ()
    """The keys of those whose numbers were asked for."""
    spot_checks: list[str] = []
    """The spot checks that were ordered, by id."""
    amendment: int = 0
    """The newest amendment of the plan; `overlay` is what it lays over the terms."""
    overlay: dict[str, Any] = {}
    joined: dict[str, Instant] = {}
    """City to when an amendment brought it; the others are there since the plan went out."""
    closed_at: Instant | None = None
    cities_patrolled: list[str] = []
    """Cities whose patrol is over, in a plan that has one."""
    joint: JointState = new_field(JointState())
    """The signatures of the agencies, in a plan that several issue."""


def apply_event(state: CampaignState, event: ev.Event, at: datetime) -> None:
    """Apply one event of the campaign itself to the state, in place; options apply theirs."""
    match event:
        case ev.PlanIssued():
            state.stage, state.issued_at, state.anchored_at = CampaignStage.RUNNING, at, at
        case ev.PhaseBegan():
            state.phases = [*state.phases, event.phase]
        case ev.Anchored():
            state.anchored_at = max(state.anchored_at or at, at)
            state.anchor_at = at
        case ev.CityReported() if event.code not in state.cities_settled:
            state.cities_settled = [*state.cities_settled, event.code]
        case ev.DocumentIssued():
            state.unissued = [one for one in state.unissued if one.key != event.key]
        case ev.CampaignStopped():
            state.stage, state.stopped, state.ended_at = CampaignStage.CLOSING, True, at
        case ev.CampaignEnded():
            state.stage, state.ended_at = CampaignStage.CLOSING, at
        case ev.CampaignClosed():
            state.stage = CampaignStage.STOPPED if state.stopped else CampaignStage.CLOSED
            state.closed_at = at
        case _:
            pass
