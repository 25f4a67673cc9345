"""A spot check's state, and how its events change it."""

from datetime import datetime
from enum import StrEnum

from rules.aggregate import AggregateState
from rules.spot_check.sampling import unit_of
from schemas import spot_check as sc
from schemas.base import Instant, StoredModel
from schemas.event import Event
from schemas.options.spot_checks import SampledSite, SampleUnit
from schemas.reopening import Reopening
from schemas.stages import CheckStage


class Finding(StrEnum):
    """What is known of a sampled site."""

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    RETURNED = "returned"
    """It went back with its unit's batch before anybody inspected it, or though it had passed."""


class Sampled(StoredModel):
    """A site of the sample, with what was found there."""

    site: SampledSite
    enlarged: bool = False
    due: Instant
    finding: Finding = Finding.PENDING


class Question(StoredModel):
    """What a failure asks of the kept frame: the unit, and the moment of the failure."""

    unit: str
    at: Instant


class SentBack(StoredModel):
    """What a finding sends back, and when: one failed site, or the batch of a unit."""

    at: Instant
    failed: Reopening | None = None
    unit: str = ""


class SpotCheckState(AggregateState):
    """Everything a spot check remembers. `asked` are the effects without a result yet."""

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
    """Unit to the sites that went back with its batch."""
    to_reopen: list[SentBack] = []
    """What is to be asked again because nobody knows whether it was done: see `SpotCheckAggregate.resume`."""
    overdue_told: list[Instant] = []
    asked: list[str] = []
    last_at: Instant | None = None
    """The latest moment at which something happened to a site: the check closes with it."""
    settled_at: Instant | None = None

    def pending(self) -> dict[str, Sampled]:
        """The sampled sites that wait for their inspection."""
        return {name: one for name, one in self.sampled.items() if one.finding is Finding.PENDING}

    def sent_back(self) -> tuple[str, ...]:
        """Every site that the check has sent back, failed ones first."""
        failed = [name for name, one in self.sampled.items() if one.finding is Finding.FAILED]
        return (*failed, *(site for sites in self.batches.values() for site in sites))


def sent_back(event: Event, at: datetime) -> SentBack | None:
    """What this event sends back, if anything."""
    match event:
        case sc.SiteInspected() if not event.passed and event.opinion is not None:
            one = Reopening(site_id=event.site, reason=event.opinion, failed_requirements=event.failed_requirements)
            return SentBack(at=at, failed=one)
        case sc.BatchReturned():
            return SentBack(at=at, unit=event.unit)
        case _:
            return None


def apply_event(state: SpotCheckState, event: Event, at: datetime, actor_id: str) -> None:
    """Fold one event into the state, in place."""
    match event:
        case sc.SampleDrawn():
            state.stage = CheckStage.DRAWN
            state.frame_hash, state.frame_size = event.frame_hash, event.frame_size
            state.unit, state.counties, state.last_at = event.unit, event.counties, at
            state.sampled = {site.id: Sampled(site=site, due=event.due) for site in event.sample}
        case sc.SampleTaken():
            if actor_id not in state.takers:
                state.takers = [*state.takers, actor_id]
        case sc.SiteInspected():
            _inspected(state, event, at)
        case sc.InspectionOverdue():
            state.overdue_told = [*state.overdue_told, event.due]
        case sc.SampleEnlarged():
            state.to_enlarge = [one for one in state.to_enlarge if one.unit != event.unit]
            state.enlarged = [*state.enlarged, event.unit]
            more = {site.id: Sampled(site=site, enlarged=True, due=event.due) for site in event.sample}
            state.sampled = {**state.sampled, **more}
        case sc.BatchReturned():
            state.to_return = [one for one in state.to_return if one.unit != event.unit]
            state.returned = [*state.returned, event.unit]
            state.batches = {**state.batches, event.unit: list(event.sites)}
            back = set(event.sites)
            state.sampled = {
                name: one.model_copy(update={"finding": Finding.RETURNED}) if name in back else one
                for name, one in state.sampled.items()
            }
        case sc.SpotCheckClosed():
            state.stage, state.settled_at = CheckStage.CLOSED, at
        case _:
            pass


def _inspected(state: SpotCheckState, event: sc.SiteInspected, at: datetime) -> None:
    """A finding; a failure of the first sample asks for more of its unit, one of the enlarged sample for all of it."""
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
