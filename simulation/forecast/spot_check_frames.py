"""The frames of spot checks in the simulator: accepted sites, and who reported or verified there.

Each effect gets the report that the activity of the same name gives on the engine.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from rules.command_results import Outcome, Received, command_key
from rules.effects import DrawSample, EnlargeSample, OfACheck, ReadBatch, ReopenSites
from rules.site.aggregate import SiteAggregate
from rules.site.variations import grade_in_force
from rules.spot_check.aggregate import Observation, SpotCheckAggregate
from rules.spot_check.sampling import batch, draw, enlarged, shares_of
from schemas import spot_check as sc
from schemas.actor import Actor, Role
from schemas.answers import Verdict
from schemas.ledger import LedgerEntry
from schemas.options.spot_checks import PARTICIPATION_KINDS, FrameEntry
from schemas.plan import FrozenPlan
from schemas.quantity import exact
from schemas.register import Site
from schemas.site.commands import CompleteTask, Verify
from simulation.forecast.store import SimulatedStore


class SpotCheckFrames:
    """`aggregates` are the spot checks by stream; it stays empty where the plan has none."""

    def __init__(self, frozen: FrozenPlan, sites: Sequence[Site]) -> None:
        self._plan = frozen.plan.spot_check
        self._sites = {site.id: site for site in sites}
        self._counties = tuple(sorted({site.county for site in sites}))
        self._participants: dict[str, set[str]] = {}
        self._workers: dict[str, set[str]] = {}
        self._accepted: dict[str, FrameEntry] = {}
        """Site to its frame entry, from its acceptance on."""
        self._frames: dict[str, list[FrameEntry]] = {}
        self.aggregates: dict[str, SpotCheckAggregate] = {}

    @property
    def reopens(self) -> bool:
        """Whether a check may reopen sites."""
        return self._plan is not None

    def observe_site(self, aggregate: SiteAggregate, commands: Sequence[Received], outcome: Outcome) -> None:
        """Keep who reported or verified at a site, and when the site was accepted."""
        if self._plan is None:
            return
        site, state = aggregate.terms.site_id, aggregate.state
        self._participants.setdefault(site, set()).update(_participants_in(commands, outcome))
        if state.acceptance is not None:
            self._workers[site] = set(state.acceptance.reporting_units)
        kept = self._accepted.get(site)
        if kept is not None and kept.round != state.round:
            del self._accepted[site]
        if site in self._accepted:
            if any(entry.kind == "regraded" for entry in outcome.entries):
                regraded = {"hazard": self._hazard(aggregate)}
                self._accepted[site] = self._accepted[site].model_copy(update=regraded)
            return
        for entry in outcome.entries:
            if entry.kind == "closed":
                self._accept(aggregate, list(state.verifiers)[-1], entry.at)
            elif entry.kind == "level_passed" and self._plan.passed in state.verifiers:
                self._accept(aggregate, str(self._plan.passed), entry.at)

    def open(self, terms: sc.SpotCheckTerms) -> SpotCheckAggregate:
        """Start an ordered check."""
        aggregate = SpotCheckAggregate(terms)
        self.aggregates[aggregate.stream] = aggregate
        return aggregate

    def advance(
        self,
        aggregate: SpotCheckAggregate,
        commands: Sequence[Received],
        now: datetime,
        record: Callable[[Outcome], None],
        store: SimulatedStore,
        reopen: Callable[[ReopenSites, datetime], object],
    ) -> tuple[Outcome, dict[str, Any]]:
        """Advance a check and perform its effects; the view is of before the effects, as the inspectors get it."""
        outcome = aggregate.advance(commands, now)
        view = aggregate.view(now).model_dump(mode="json")
        waiting = [outcome]
        while waiting:
            current = waiting.pop(0)
            record(current)
            for notice in current.notices:
                assert notice.city is not None  # a check names the city of each site
                store.add_notices(notice.city, (notice,))
            for effect in current.effects:
                if isinstance(effect, ReopenSites):
                    reopen(effect, now)
                else:
                    assert isinstance(effect, OfACheck)
                    waiting.append(aggregate.observe(self._observation(aggregate, effect), now))
        return outcome, view

    def _observation(self, aggregate: SpotCheckAggregate, effect: OfACheck) -> Observation:
        """What the activity of an effect reports."""
        t, plan = aggregate.terms, aggregate.terms.plan
        share = exact(plan.share)
        match effect:
            case DrawSample(at):
                self._frames[aggregate.stream] = frame = self._frame(t)
                return sc.DrawReport(
                    at=at, draw=draw(frame, t.seed, share, plan.minimum, shares_of(plan)), counties=self._counties
                )
            case EnlargeSample(at, unit):
                enlarge, frame = exact(plan.enlarge), self._frames[aggregate.stream]
                more = enlarged(frame, t.seed, share, enlarge, plan.minimum, plan.unit, unit, shares_of(plan))
                return sc.EnlargeReport(at=at, unit=unit, sample=more)
            case ReadBatch(at, unit):
                sites = batch(self._frames[aggregate.stream], plan.unit, unit)
                return sc.BatchReport(at=at, unit=unit, sites={site.id: site.city for site in sites})

    def _hazard(self, aggregate: SiteAggregate) -> str:
        grade = grade_in_force(aggregate.terms, aggregate.state)
        return (self._sites[aggregate.terms.site_id].hazard if grade is None else grade.hazard).value

    def _accept(self, aggregate: SiteAggregate, level: str, at: datetime) -> None:
        site = self._sites[aggregate.terms.site_id]
        self._accepted[site.id] = FrameEntry.model_validate(
            {
                "id": site.id, "city": site.city, "county": site.county, "hazard": self._hazard(aggregate),
                "round": aggregate.state.round, "level": level, "at": at,
            }
        )  # fmt: skip

    def _frame(self, terms: sc.SpotCheckTerms) -> list[FrameEntry]:
        return [
            entry.model_copy(
                update={
                    "participants": tuple(sorted(self._participants[site])),
                    "workers": tuple(sorted(self._workers.get(site, ()))),
                }
            )
            for site, entry in sorted(self._accepted.items())
            if entry.at <= terms.ordered_at and terms.city in (None, entry.city)
        ]


def _participants_in(commands: Sequence[Received], outcome: Outcome) -> Iterator[str]:
    """Who reported or verified in this turn, by its entries and (those of `FastSite` have no actor) its commands."""
    for entry in outcome.entries:
        if isinstance(entry, LedgerEntry) and entry.kind in PARTICIPATION_KINDS:
            actor = Actor.model_validate_json(entry.actor)
            if actor.role is not Role.SYSTEM:
                yield actor.id
    for received in commands:
        command = received.command
        result = outcome.judgements.get(command_key(command)) if isinstance(command, CompleteTask | Verify) else None
        if result is not None and result.verdict is Verdict.ACCEPTED:
            yield command.actor.id
