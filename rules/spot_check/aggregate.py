"""`SpotCheckAggregate`: draw, inspect, enlarge once, return the batch, close.

A failed site is reopened at once. The first failure of a unit's sample enlarges that sample, once; a failure among the
added sites reopens the whole frame of the unit. The check closes when no site waits for an inspection.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import ClassVar

from rules.aggregate import Aggregate
from rules.calendar import clause_end
from rules.command_results import Outcome
from rules.effects import DrawSample, Effect, EnlargeSample, ReadBatch, ReopenSites
from rules.event_time import EventTime, Question, TimeLimits
from rules.spot_check.inspection import require_inspector, require_team
from rules.spot_check.notices import notices_of
from rules.spot_check.sampling import enlarged_share, shares_of
from rules.spot_check.state import Finding, Sampled, SentBack, SpotCheckState, apply_event, sent_back
from schemas.actor import ENGINE, Actor
from schemas.calendar import named
from schemas.command import Command
from schemas.errors import Refused, TooEarly
from schemas.event import Event
from schemas.ledger import LedgerEntry
from schemas.quantity import exact
from schemas.reopening import Cause, Reopening
from schemas.spot_check import (
    SPOT_CHECK_EVENTS,
    BatchReport,
    BatchReturned,
    DrawReport,
    EnlargeReport,
    Inspect,
    InspectionOverdue,
    PendingSite,
    SampleDrawn,
    SampleEnlarged,
    SampleTaken,
    SiteInspected,
    SpotCheckClosed,
    SpotCheckTerms,
    SpotCheckView,
    TakeSample,
)
from schemas.stages import CheckStage
from schemas.streams import spot_check_stream

Observation = DrawReport | EnlargeReport | BatchReport

_PAGE = 500
"""Maximum of sites in one order to reopen: a city's batch may have thousands."""


class SpotCheckAggregate(Aggregate[SpotCheckState]):
    """One spot check: state + `advance()` + `observe()` + `next_due()` + `settled`."""

    events: ClassVar = {e.model_fields["kind"].default: e for e in SPOT_CHECK_EVENTS}

    def __init__(self, terms: SpotCheckTerms, state: SpotCheckState | None = None) -> None:
        super().__init__(spot_check_stream(terms.campaign_id, terms.check), state or SpotCheckState())
        self.terms = terms

    # -- queries -----------------------------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        return self.state.settled_at is not None

    def view(self, now: datetime) -> SpotCheckView:
        """The result of the `status` query and of an accepted update."""
        s, t = self.state, self.terms
        pending = {name: _pending(one) for name, one in s.pending().items()}
        findings = [one.finding for one in s.sampled.values()]
        return SpotCheckView(
            campaign_id=t.campaign_id,
            check=t.check,
            city=t.city,
            state=s.stage,
            seed=t.seed,
            frame_hash=s.frame_hash,
            frame_size=s.frame_size,
            sampled=len(s.sampled),
            passed=findings.count(Finding.PASSED),
            failed=findings.count(Finding.FAILED),
            pending=pending,
            sent_back=s.sent_back(),
            enlarged=tuple(s.enlarged),
            returned=tuple(s.returned),
            due=min((one.due for one in pending.values()), default=None),
            settled=self.settled,
            as_of=now,
            refused=tuple(s.refusals),
        )

    # -- commands ----------------------------------------------------------------------------------------------------

    def unit_names(self) -> Iterator[str]:
        yield from (*self.terms.units.names(), *self.state.counties)

    @property
    def time_limits(self) -> TimeLimits:
        t = self.terms
        return TimeLimits(t.calendar, Question(t.ordered_at, "the spot check was ordered"), t.late_report)

    def answers(self, command: Command) -> Question | None:
        """A site is inspected after it was drawn: with the first sample, or with the enlarged one."""
        one = self.state.sampled.get(command.site) if isinstance(command, Inspect) else None
        return None if one is None or one.since is None else Question(one.since, f"{one.site.id} was drawn")

    def decide(self, command: Command, when: EventTime) -> Iterator[Event]:
        s, kind = self.state, command.kind
        require_team(self.terms, s, command.actor, kind)
        if s.stage is not CheckStage.DRAWN:
            early = s.stage is CheckStage.ORDERED
            why = "its sample is not drawn yet" if early else "everything is inspected"
            raise (TooEarly if early else Refused)(
                f"{kind} is not allowed while the spot check is {s.stage} ({why}); allowed: nothing"
            )
        match command:
            case TakeSample():
                yield SampleTaken(pending=tuple(s.pending()))
            case Inspect():
                require_inspector(self.terms, s, command)
                yield SiteInspected(
                    site=command.site,
                    passed=command.passed,
                    opinion=command.opinion,
                    failed_requirements=command.failed_requirements,
                )

    # -- deadlines ---------------------------------------------------------------------------------------------------

    def next_due(self, now: datetime) -> datetime | None:
        found = self._next()
        return found[0] if found else None

    def run_deadlines(self, limit: datetime, now: datetime) -> None:
        while (found := self._next()) is not None and found[0] <= limit:
            at, what = found
            if isinstance(what, Event):
                self.record_event(what, at, now, ENGINE)
            elif isinstance(what, SentBack):
                self.state.to_reopen = self.state.to_reopen[1:]
                self._reopen(what, again=True)
            else:  # requested once; a check restarted from its ledger requests it again
                self.state.asked = [*self.state.asked, _name(what)]
                self._outcome.effects.append(what)

    def _next(self) -> tuple[datetime, Event | Effect | SentBack] | None:
        return min(self._waiting(), key=lambda pair: pair[0], default=None)

    def _waiting(self) -> Iterator[tuple[datetime, Event | Effect | SentBack]]:
        s = self.state
        yield from ((back.at, back) for back in s.to_reopen[:1])
        if self.settled:
            return
        asks: list[DrawSample | EnlargeSample | ReadBatch] = []
        if s.stage is CheckStage.ORDERED:
            asks.append(DrawSample(self.terms.ordered_at))
        asks.extend(EnlargeSample(one.at, one.unit) for one in s.to_enlarge)
        asks.extend(ReadBatch(one.at, one.unit) for one in s.to_return)
        yield from ((ask.at, ask) for ask in asks if _name(ask) not in s.asked)
        pending = s.pending()
        for due in sorted({one.due for one in pending.values()} - set(s.overdue_told)):
            late = tuple(name for name, one in pending.items() if one.due == due)
            yield due, InspectionOverdue(due=due, sites=late, clauses=named(due=self.terms.plan.inspect))
        if s.stage is CheckStage.DRAWN and not pending and not asks and s.last_at is not None:
            yield s.last_at, self._closing()

    def _closing(self) -> SpotCheckClosed:
        s = self.state
        findings = [one.finding for one in s.sampled.values()]
        return SpotCheckClosed(
            sampled=len(findings),
            passed=findings.count(Finding.PASSED),
            failed=findings.count(Finding.FAILED),
            enlarged=tuple(s.enlarged),
            returned=tuple(s.returned),
        )

    def resume(self, entries: Iterable[LedgerEntry]) -> None:
        """Restore a check whose workflow was lost, possibly before its last orders were executed.

        The reopening of every site that was sent back is requested again, even if the check is closed.
        """
        stream = list(entries)
        self.restore(stream)
        found = (sent_back(self.events[e.kind].model_validate_json(e.data), e.at) for e in stream)
        self.state.to_reopen = [back for back in found if back is not None]

    # -- results of effects ------------------------------------------------------------------------------------------

    def observe(self, observation: Observation, now: datetime) -> Outcome:
        """Apply the result of an effect; the same result again changes nothing."""
        s, t, plan = self.state, self.terms, self.terms.plan
        share, enlarge = exact(plan.share), exact(plan.enlarge)
        match observation:
            case DrawReport() if s.stage is CheckStage.ORDERED:
                drawn = SampleDrawn(
                    seed=t.seed,
                    frame_hash=observation.draw.frame_hash,
                    frame_size=observation.draw.frame_size,
                    frame_at=t.ordered_at,
                    share=str(share),
                    shares={hazard: str(own) for hazard, own in shares_of(plan).items()},
                    minimum=plan.minimum,
                    enlarge=str(enlarge),
                    unit=plan.unit,
                    strata=observation.draw.strata,
                    sample=observation.draw.sample,
                    counties=observation.counties,
                    due=clause_end(t.calendar, max(t.ordered_at, now), plan.inspect),
                    clauses=named(due=plan.inspect),
                )
                self.record_event(drawn, t.ordered_at, now, ENGINE)
            case EnlargeReport() if any(one.unit == observation.unit for one in s.to_enlarge):
                more = SampleEnlarged(
                    unit=observation.unit,
                    share=str(enlarged_share(share, enlarge).normalize()),
                    shares={h: str(enlarged_share(own, enlarge).normalize()) for h, own in shares_of(plan).items()},
                    sample=observation.sample,
                    due=clause_end(t.calendar, now, plan.inspect),
                    clauses=named(due=plan.inspect),
                )
                self.record_event(more, observation.at, now, ENGINE)
            case BatchReport() if any(one.unit == observation.unit for one in s.to_return):
                gone = set(s.sent_back())
                back = {site: city for site, city in observation.sites.items() if site not in gone}
                returned = BatchReturned(unit=observation.unit, sites=tuple(back), cities=back)
                self.record_event(returned, observation.at, now, ENGINE)
            case _:
                pass
        self.run_deadlines(now, now)  # an empty sample closes at once
        outcome, self._outcome = self._outcome, Outcome()
        return outcome

    def apply(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        asked_before = len(self.state.to_enlarge)
        apply_event(self.state, event, at, actor.id)
        enlarges = len(self.state.to_enlarge) > asked_before
        self._outcome.notices.extend(notices_of(self.terms, self.state, event, at, enlarges=enlarges))
        if (back := sent_back(event, at)) is not None:
            self._reopen(back)

    def _reopen(self, back: SentBack, *, again: bool = False) -> None:
        sites: tuple[Reopening, ...]
        if back.failed is not None:
            cause, sites = Cause.SPOT_CHECK, (back.failed,)
        else:
            cause = Cause.RETURNED_BATCH
            reason = f"the enlarged sample of {back.unit} failed: its batch is returned"
            sites = tuple(Reopening(site_id=site, reason=reason) for site in self.state.batches[back.unit])
        for first in range(0, len(sites), _PAGE):
            page = sites[first : first + _PAGE]
            self._outcome.effects.append(ReopenSites(back.at, cause, self.stream, page, again))


def _name(ask: Effect) -> str:
    unit = getattr(ask, "unit", "")
    return f"{type(ask).__name__}:{unit}"


def _pending(one: Sampled) -> PendingSite:
    site = one.site
    return PendingSite(
        city=site.city, county=site.county, hazard=site.hazard, round=site.round, due=one.due, enlarged=one.enlarged
    )
