"""A spot check's state, and how its events change it."""

from datetime import datetime
from enum import StrEnum

from rules.ledger_state import AggregateState
from rules.spot_check.sampling import unit_of
from schemas.base import Instant, StoredModel
from schemas.event import Event, new_field
from schemas.options.spot_checks import SampledSite, SampleUnit
from schemas.reopening import Reopening
from schemas.spot_check import (
    BatchReturned,
    InspectionOverdue,
    SampleDrawn,
    SampleEnlarged,
    SampleTaken,
    SiteInspected,
    SpotCheckClosed,
)
from schemas.stages import CheckStage


class Finding(StrEnum):
    """The state of a sampled site."""

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    RETURNED = "returned"
    """It was reopened with its unit's batch, before an inspection or although it had passed."""


class Sampled(StoredModel):
    """A site of the sample, with its finding."""

    site: SampledSite
    enlarged: bool = False
    due: Instant
    since: Instant | None = new_field(None)
    """When it was drawn: it is not inspected before that."""
    finding: Finding = Finding.PENDING


class Question(StoredModel):
    """A read of the stored frame after a failure: the unit, and the moment of the failure."""

    unit: str
    at: Instant


class SentBack(StoredModel):
    """Sites to reopen after a finding, and its moment: one failed site, or the batch of a unit."""

    at: Instant
    failed: Reopening | None = None
    unit: str = ""


class SpotCheckState(AggregateState):
    """The state of a spot check. `asked` are the requested effects without a result."""

    stage: CheckStage = CheckStage.ORDERED
    frame_hash: str | None = None
    frame_size: int = 0
    unit: SampleUnit = SampleUnit.COUNTY
    counties: tuple[str, ...] = ()
    sampled: dict[str, Sampled] = {}
    takers: list[str] = []
    to_enlarge: list[Question] = []
    to_return: list[Question] = []
    enlarged: list[str] = []
    returned: list[str] = []
    batches: dict[str, list[str]] = {}
    """Unit to the sites that were reopened with its batch."""
    to_reopen: list[SentBack] = []
    """Orders to repeat because they may not have been executed: see `SpotCheckAggregate.resume`."""
    overdue_told: list[Instant] = []
    asked: list[str] = []
    last_at: Instant | None = None
    """The latest event at a site: the check closes at this moment."""
    settled_at: Instant | None = None

    def pending(self) -> dict[str, Sampled]:
        """The sampled sites without an inspection."""
        return {name: one for name, one in self.sampled.items() if one.finding is Finding.PENDING}

    def sent_back(self) -> tuple[str, ...]:
        """Every site that the check has sent back, failed ones first."""
        failed = [name for name, one in self.sampled.items() if one.finding is Finding.FAILED]
        return (*failed, *(site for sites in self.batches.values() for site in sites))


def sent_back(event: Event, at: datetime) -> SentBack | None:
    """The sites that this event sends back, if any."""
    match event:
        case SiteInspected() if not event.passed and event.opinion is not None:
            one = Reopening(site_id=event.site, reason=event.opinion, failed_requirements=event.failed_requirements)
            return SentBack(at=at, failed=one)
        case BatchReturned():
            return SentBack(at=at, unit=event.unit)
        case _:
            return None


def apply_event(state: SpotCheckState, event: Event, at: datetime, actor_id: str) -> None:
    """Apply one event to the state, in place."""
    match event:
        case SampleDrawn():
            state.stage = CheckStage.DRAWN
            state.frame_hash, state.frame_size = event.frame_hash, event.frame_size
            state.unit, state.counties, state.last_at = event.unit, event.counties, at
            state.sampled = {site.id: Sampled(site=site, due=event.due, since=at) for site in event.sample}
        case SampleTaken():
            if actor_id not in state.takers:
                state.takers = [*state.takers, actor_id]
        case SiteInspected():
            _inspected(state, event, at)
        case InspectionOverdue():
            state.overdue_told = [*state.overdue_told, event.due]
        case SampleEnlarged():
            state.to_enlarge = [one for one in state.to_enlarge if one.unit != event.unit]
            state.enlarged = [*state.enlarged, event.unit]
            more = {site.id: Sampled(site=site, enlarged=True, due=event.due, since=at) for site in event.sample}
            state.sampled = {**state.sampled, **more}
        case BatchReturned():
            state.to_return = [one for one in state.to_return if one.unit != event.unit]
            state.returned = [*state.returned, event.unit]
            state.batches = {**state.batches, event.unit: list(event.sites)}
            back = set(event.sites)
            state.sampled = {
                name: one.model_copy(update={"finding": Finding.RETURNED}) if name in back else one
                for name, one in state.sampled.items()
            }
        case SpotCheckClosed():
            state.stage, state.settled_at = CheckStage.CLOSED, at
        case _:
            pass


def _inspected(state: SpotCheckState, event: SiteInspected, at: datetime) -> None:
    """Apply a finding; a failure in the first sample enlarges it, one in the enlarged sample returns the batch."""
    one = state.sampled[event.site]
    finding = Finding.PASSED if event.passed else Finding.FAILED
    state.sampled = {**state.sampled, event.site: one.model_copy(update={"finding": finding})}
    state.last_at = max(state.last_at or at, at)
    if event.passed:
        return
    unit = unit_of(state.unit, one.site)
    if one.enlarged:
        if unit not in state.returned and all(asked.unit != unit for asked in state.to_return):
            state.to_return = [*state.to_return, Question(unit=unit, at=at)]
    elif unit not in state.enlarged and all(asked.unit != unit for asked in state.to_enlarge):
        state.to_enlarge = [*state.to_enlarge, Question(unit=unit, at=at)]
