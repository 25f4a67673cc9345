"""The campaign board's state and the folding of its events."""

from datetime import datetime
from enum import StrEnum

from rules.core import CoreState
from schemas import events as ev
from schemas.base import Instant


class CampaignStage(StrEnum):
    """Where the campaign as a whole stands."""

    ISSUING = "issuing"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"
    STOPPED = "stopped"


class CampaignState(CoreState):
    """Everything a campaign's board remembers."""

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
    closed_at: Instant | None = None


def applied(state: CampaignState, event: ev.Event, at: datetime) -> None:
    """Fold one event into the state, in place."""
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
        case ev.CampaignStopped():
            state.stage, state.stopped, state.ended_at = CampaignStage.CLOSING, True, at
        case ev.CampaignEnded():
            state.stage, state.ended_at = CampaignStage.CLOSING, at
        case ev.CampaignClosed():
            state.stage = CampaignStage.STOPPED if state.stopped else CampaignStage.CLOSED
            state.closed_at = at
        case _:
            pass
