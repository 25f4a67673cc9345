"""What the simulator keeps where the engine has the frames of spot checks: who is struck off, and by whose hands.

Each question is answered as the activity of the same name answers it on the engine.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from rules.aggregate import Outcome, Received
from rules.effects import DrawSample, EnlargeSample, OfACheck, ReadBatch, ReopenSites
from rules.site.aggregate import SiteAggregate
from rules.spot_check.aggregate import Observation, SpotCheckAggregate
from rules.spot_check.sampling import batch, draw, enlarged, written_share
from schemas import spot_check as sc
from schemas.actor import Actor, Role
from schemas.answers import Verdict
from schemas.ledger import LedgerEntry
from schemas.options.spot_checks import HANDS, FrameEntry
from schemas.plan import FrozenPlan
from schemas.register import Site
from schemas.site.commands import CompleteTask, Verify
from simulation.forecast.archive import Archive


class SpotCheckFrames:
    """`cases` are the spot checks by stream; empty, and nothing is noted, where the plan has none."""

    def __init__(self, frozen: FrozenPlan, sites: Sequence[Site]) -> None:
        self._plan = frozen.plan.spot_check
        self._sites = {site.id: site for site in sites}
        self._counties = tuple(sorted({site.county for site in sites}))
        self._hands: dict[str, set[str]] = {}
        self._accepted: dict[str, FrameEntry] = {}
        """Site to the acceptance that puts it into a frame."""
        self._frames: dict[str, list[FrameEntry]] = {}
        self.cases: dict[str, SpotCheckAggregate] = {}

    @property
    def reopens(self) -> bool:
        """Whether sites may be opened again because of a check."""
        return self._plan is not None

    def note(self, case: SiteAggregate, commands: Sequence[Received], outcome: Outcome) -> None:
        """A site went on: who reported or judged there is remembered, and when it was accepted."""
        if self._plan is None:
            return
        site, state = case.terms.site_id, case.state
        self._hands.setdefault(site, set()).update(_hands_in(commands, outcome))
        kept = self._accepted.get(site)
        if kept is not None and kept.round != state.round:
            del self._accepted[site]
        if site in self._accepted:
            return
        for entry in outcome.entries:
            if entry.kind == "closed":
                self._accept(case, list(state.verifiers)[-1], entry.at)
            elif entry.kind == "level_passed" and self._plan.passed in state.verifiers:
                self._accept(case, str(self._plan.passed), entry.at)

    def open(self, terms: sc.SpotCheckTerms) -> SpotCheckAggregate:
        """A check that was ordered."""
        case = SpotCheckAggregate(terms)
        self.cases[case.stream] = case
        return case

    def live(
        self,
        case: SpotCheckAggregate,
        commands: Sequence[Received],
        now: datetime,
        record: Callable[[Outcome], None],
        archive: Archive,
        reopen: Callable[[ReopenSites, datetime], object],
    ) -> tuple[Outcome, dict[str, Any]]:
        """A check goes on; with what its inspectors are told, who are answered before the effects are carried out."""
        outcome = case.advance(commands, now)
        view = case.view(now).model_dump(mode="json")
        waiting = [outcome]
        while waiting:
            happened = waiting.pop(0)
            record(happened)
            for notice in happened.notices:
                assert notice.city is not None  # a check names the city of each site
                archive.take_in(notice.city, (notice,))
            for effect in happened.effects:
                if isinstance(effect, ReopenSites):
                    reopen(effect, now)
                else:
                    assert isinstance(effect, OfACheck)
                    waiting.append(case.observe(self._answer(case, effect), now))
        return outcome, view

    def _answer(self, case: SpotCheckAggregate, effect: OfACheck) -> Observation:
        """What the hands bring back."""
        t, plan = case.terms, case.terms.plan
        share = written_share(plan.share)
        match effect:
            case DrawSample(at):
                self._frames[case.stream] = frame = self._frame(t)
                return sc.DrawReport(at=at, draw=draw(frame, t.seed, share, plan.minimum), counties=self._counties)
            case EnlargeSample(at, unit):
                enlarge, frame = written_share(plan.enlarge), self._frames[case.stream]
                more = enlarged(frame, t.seed, share, enlarge, plan.minimum, plan.unit, unit)
                return sc.EnlargeReport(at=at, unit=unit, sample=more)
            case ReadBatch(at, unit):
                sites = batch(self._frames[case.stream], plan.unit, unit)
                return sc.BatchReport(at=at, unit=unit, sites={site.id: site.city for site in sites})

    def _accept(self, case: SiteAggregate, level: str, at: datetime) -> None:
        site = self._sites[case.terms.site_id]
        self._accepted[site.id] = FrameEntry.model_validate(
            {
                "id": site.id, "city": site.city, "county": site.county, "hazard": site.hazard.value,
                "round": case.state.round, "level": level, "at": at,
            }
        )  # fmt: skip

    def _frame(self, terms: sc.SpotCheckTerms) -> list[FrameEntry]:
        return [
            entry.model_copy(update={"hands": tuple(sorted(self._hands[site]))})
            for site, entry in sorted(self._accepted.items())
            if entry.at <= terms.ordered_at and terms.city in (None, entry.city)
        ]


def _hands_in(commands: Sequence[Received], outcome: Outcome) -> Iterator[str]:
    """Who reported or judged just now; a lean case has no entries that name anybody."""
    for entry in outcome.entries:
        if isinstance(entry, LedgerEntry) and entry.kind in HANDS:
            actor = Actor.model_validate_json(entry.actor)
            if actor.role is not Role.SYSTEM:
                yield actor.id
    for received in commands:
        command = received.command
        judged = outcome.judgements.get(command.command_id)
        if isinstance(command, CompleteTask | Verify) and judged is not None and judged.verdict is Verdict.ACCEPTED:
            yield command.actor.id
