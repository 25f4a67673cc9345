"""`ProgrammeAggregate`: one campaign per year from the stock, with carry-over, until the end date."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from rules.aggregate import Aggregate
from rules.authority import require_authority
from rules.calendar import local_date, start_of
from rules.command_results import Outcome
from rules.effects import CountYear, StartYear
from rules.event_time import EventTime, Question, TimeLimits
from rules.ledger_state import AggregateState
from rules.programme.stock import added, measured, without
from schemas import commands as cmd
from schemas.actor import ENGINE, Actor
from schemas.base import Instant
from schemas.errors import Refused
from schemas.event import CommandRefused, Event
from schemas.programme import (
    PROGRAMME_EVENTS,
    Amount,
    ProgrammeBegan,
    ProgrammeEnded,
    ProgrammeStopped,
    ProgrammeTerms,
    YearClosed,
    YearCountedReport,
    YearStarted,
    YearStartedReport,
)
from schemas.quantity import Sum
from schemas.streams import programme_stream

Observation = YearStartedReport | YearCountedReport

COUNT_HOUR = timedelta(hours=5)
"""The hour at which, each morning after its end, the campaign's state is read: an hour after the anchors."""


class ProgrammeState(AggregateState):
    """The state of a programme."""

    began_at: Instant | None = None
    year: int = 0
    """The running year, or the next one; the first is 0."""
    running: bool = False
    asked: bool = False
    """Whether the start of the year was requested."""
    counted_at: Instant | None = None
    """When the campaign's state was last requested."""
    stock: Amount = Amount()
    target: Sum = Decimal()
    treated: Amount = Amount()
    stopped: str | None = None
    ended_at: Instant | None = None


class ProgrammeAggregate(Aggregate[ProgrammeState]):
    """One programme: state + `advance()` + `observe()` + `next_due()` + `settled`."""

    events: ClassVar = {e.model_fields["kind"].default: e for e in PROGRAMME_EVENTS}

    def __init__(self, terms: ProgrammeTerms, state: ProgrammeState | None = None) -> None:
        super().__init__(programme_stream(terms.programme_id), state or ProgrammeState())
        self.terms = terms

    @property
    def settled(self) -> bool:
        return self.state.ended_at is not None

    def view(self, now: datetime) -> dict[str, Any]:
        """The result of the `status` query and of an accepted update."""
        s, t = self.state, self.terms
        return {
            "programme_id": t.programme_id,
            "year": s.year,
            "years": len(t.years),
            "campaign": t.years[s.year].campaign_id if s.running else None,
            "stock": s.stock.model_dump(mode="json"),
            "treated": s.treated.model_dump(mode="json"),
            "target": float(s.target),
            "stopped": s.stopped,
            "ended": self.settled,
            "as_of": now.isoformat(),
            "refused": s.refusals,
        }

    def unit_names(self) -> Iterator[str]:
        return self.terms.units.names()

    @property
    def time_limits(self) -> TimeLimits:
        return TimeLimits(self.terms.calendar, Question(self.state.began_at, "the programme began"))

    def decide(self, command: cmd.Command, when: EventTime) -> Iterator[Event]:
        kind = command.kind
        require_authority(command.actor, kind, self.terms.units)
        if self.settled or self.state.stopped is not None:
            raise Refused(f"{kind} is not allowed: the programme {'ended' if self.settled else 'was stopped'} already")
        if isinstance(command, cmd.Stop):
            yield ProgrammeStopped(reason=command.reason)

    def after_command(self, at: datetime, received_at: datetime, actor: Actor) -> None:
        if self.state.stopped is not None and not self.state.running:
            # A start requested in this same `advance` was not executed yet; it is dropped.
            effects = self._outcome.effects
            effects[:] = [effect for effect in effects if not isinstance(effect, StartYear)]
            self.state.asked = False
            self._end(at, received_at)

    # -- deadlines -------------------------------------------------------------------------------------------------

    def next_due(self, now: datetime) -> datetime | None:
        found = self._next(now)
        return None if found is None else found[0]

    def run_deadlines(self, limit: datetime, now: datetime) -> None:
        while (found := self._next(now)) is not None and found[0] <= limit:
            at, what = found
            match what:
                case StartYear():
                    self.state.asked = True
                    self._outcome.effects.append(what)
                case CountYear():
                    # After an outage one reading replaces all missed ones.
                    self.state.counted_at = max(at, now)
                    self._outcome.effects.append(what)
                case _:
                    self.record_event(what, at, now, ENGINE)

    def _next(self, now: datetime) -> tuple[datetime, Event | StartYear | CountYear] | None:
        s, t = self.state, self.terms
        if self.settled:
            return None
        year = t.years[s.year]
        if s.began_at is None:
            years = tuple(one.campaign_id for one in t.years)
            return min(now, year.starts_at), ProgrammeBegan(digest=t.digest, years=years)
        if s.running:
            at = self._next_count(max(year.ends_at, s.counted_at or year.ends_at))
            return at, CountYear(at, s.year)
        if s.stopped is None and not s.asked:
            at = max(year.starts_at, s.began_at, s.counted_at or s.began_at)
            return at, StartYear(at, s.year)
        return None

    def _next_count(self, last: datetime) -> datetime:
        calendar = self.terms.calendar
        at = start_of(calendar, local_date(calendar, last)) + COUNT_HOUR
        return at if at > last else at + timedelta(days=1)

    # -- results of effects ----------------------------------------------------------------------------------------

    def observe(self, observation: Observation, now: datetime) -> Outcome:
        """Apply the result of an effect; the same result again changes nothing."""
        s = self.state
        match observation:
            case YearStartedReport() if not s.running and observation.year == s.year and not self.settled:
                started = YearStarted(
                    year=s.year,
                    campaign=self.terms.years[s.year].campaign_id,
                    **{name: getattr(observation, name) for name in ("stock", "target", "chosen", "carried_over")},
                )
                self.record_event(started, observation.at, now, ENGINE)
            case YearCountedReport() if observation.over and s.running and observation.year == s.year:
                self._close_year(observation, now)
            case _:
                pass
        outcome, self._outcome = self._outcome, Outcome()
        return outcome

    def _close_year(self, counted: YearCountedReport, now: datetime) -> None:
        s, t = self.state, self.terms
        treated, stock = added(s.treated, counted.closed), added(s.stock, counted.found)
        done, whole = measured(treated, t.measure), measured(stock, t.measure)
        closed = YearClosed(
            year=s.year,
            campaign=t.years[s.year].campaign_id,
            closed=counted.closed,
            carried_over=counted.carried_over,
            found=counted.found,
            treated=treated,
            share=round(done / whole, 4) if whole else Decimal(1),
            met=done >= s.target,
        )
        # The stock is empty: the programme ends early.
        last = s.year + 1 == len(t.years) or without(stock, treated).sites == 0
        self.record_event(closed, counted.at, now, ENGINE)
        if last or s.stopped is not None:
            self._end(counted.at, now)

    def _end(self, at: datetime, now: datetime) -> None:
        s, t = self.state, self.terms
        left = without(s.stock, s.treated)
        # It is counted the morning after; the last day of the last campaign decides.
        over = min(t.years[s.year].ends_at, at) if s.stopped is None else at
        self.record_event(
            ProgrammeEnded(treated=s.treated, left=left, in_time=left.sites == 0 and over <= t.ends_at),
            at,
            now,
            ENGINE,
        )

    # -- applying --------------------------------------------------------------------------------------------------

    def apply(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        s = self.state
        match event:
            case ProgrammeBegan():
                s.began_at = at
            case YearStarted():
                s.running, s.asked, s.stock, s.target = True, False, event.stock, event.target
            case YearClosed():
                s.running, s.treated = False, event.treated
                s.stock = added(s.stock, event.found)
                s.counted_at = max(s.counted_at or at, at)
                if s.year + 1 < len(self.terms.years):
                    s.year += 1
            case ProgrammeStopped():
                s.stopped = event.reason
            case ProgrammeEnded():
                s.ended_at = at
            case CommandRefused():
                pass
