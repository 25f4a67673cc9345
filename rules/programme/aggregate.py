"""`ProgrammeAggregate`: one campaign per year from the surveyed stock, with carry-over, until the end date."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from rules.aggregate import Aggregate
from rules.authority import require_authority
from rules.calendar import local_date, start_of
from rules.command_results import Outcome
from rules.effects import CountYear, NumberDocuments, StartYear, TakeSurvey
from rules.event_time import EventTime, Question, TimeLimits
from rules.programme.documents import document_of, issued, next_numbering
from rules.programme.places import with_closed
from rules.programme.state import ProgrammeState, apply_event
from rules.programme.stock import added, measured, without
from rules.programme.surveys import decide_survey, missing, next_overdue, next_untaken, overdue, units_of_survey
from schemas import commands as cmd
from schemas.actor import ENGINE, Actor
from schemas.errors import Refused
from schemas.event import Event
from schemas.programme import ProgrammeTerms
from schemas.programme_events import (
    PROGRAMME_EVENTS,
    HandInSurvey,
    ProgrammeBegan,
    ProgrammeEnded,
    ProgrammeStopped,
    SurveyTaken,
    SurveyTakenReport,
    YearClosed,
    YearCountedReport,
    YearStarted,
    YearStartedReport,
)
from schemas.streams import programme_stream
from schemas.work import Numbered

Observation = SurveyTakenReport | YearStartedReport | YearCountedReport | Numbered
Due = Event | TakeSurvey | StartYear | CountYear | NumberDocuments

COUNT_HOUR = timedelta(hours=5)
"""The hour at which, each morning after its end, the campaign's state is read: an hour after the anchors."""


class ProgrammeAggregate(Aggregate[ProgrammeState]):
    """One programme: state + `advance()` + `observe()` + `next_due()` + `settled`."""

    events: ClassVar = {e.model_fields["kind"].default: e for e in PROGRAMME_EVENTS}

    def __init__(self, terms: ProgrammeTerms, state: ProgrammeState | None = None) -> None:
        super().__init__(programme_stream(terms.programme_id), state or ProgrammeState())
        self.terms = terms

    @property
    def settled(self) -> bool:
        """It ended, and its closing report is issued."""
        return self.state.ended_at is not None and not self.state.waiting

    def view(self, now: datetime) -> dict[str, Any]:
        """The result of the `status` query and of an accepted update."""
        s, t = self.state, self.terms
        return {
            "programme_id": t.programme_id,
            "year": s.year,
            "years": len(t.years),
            "campaign": t.years[s.year].campaign_id if s.running else None,
            "stock": added(s.left, s.treated).model_dump(mode="json"),
            "left": s.left.model_dump(mode="json"),
            "treated": s.treated.model_dump(mode="json"),
            "target": float(s.target),
            "surveys": {code: one.model_dump(mode="json") for code, one in s.surveys.items()},
            "surveys_missing": missing(t, s, now),
            "stopped": s.stopped,
            "ended": s.ended_at is not None,
            "as_of": now.isoformat(),
            "refused": s.refusals,
        }

    # -- commands --------------------------------------------------------------------------------------------------

    def unit_names(self) -> Iterator[str]:
        yield from self.terms.units.names()
        for city in self.terms.cities:
            yield from city.units.names()

    @property
    def time_limits(self) -> TimeLimits:
        return TimeLimits(self.terms.calendar, Question(self.state.began_at, "the programme began"))

    def claimed_time(self, command: cmd.Command, received_at: datetime) -> EventTime:
        """A survey counts from its receipt, whatever it claims: the stock of a year is what was known when it began."""
        handed_in = isinstance(command, HandInSurvey)
        return EventTime(received_at, received_at) if handed_in else super().claimed_time(command, received_at)

    def decide(self, command: cmd.Command, when: EventTime) -> Iterator[Event]:
        kind: str = command.kind
        units = units_of_survey(self.terms, command) if isinstance(command, HandInSurvey) else self.terms.units
        require_authority(command.actor, kind, units)
        ended = self.state.ended_at is not None
        if ended or self.state.stopped is not None:
            raise Refused(f"{kind} is not allowed: the programme {'ended' if ended else 'was stopped'} already")
        if isinstance(command, HandInSurvey):
            yield from decide_survey(self.terms, self.state, command, when.at)
        elif isinstance(command, cmd.Stop):
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
                case Event():
                    self.record_event(what, at, now, ENGINE)
                    continue
                case TakeSurvey():
                    asked = self.state.surveys[what.city].model_copy(update={"asked": True})
                    self.state.surveys = {**self.state.surveys, what.city: asked}
                case StartYear():
                    self.state.asked = True
                case CountYear():
                    # After an outage one reading replaces all missed ones.
                    self.state.counted_at = max(at, now)
                case NumberDocuments():
                    self.state.numbering = True
            self._outcome.effects.append(what)

    def _next(self, now: datetime) -> tuple[datetime, Due] | None:
        """The first thing that is due; of two at one instant the one that `_deadlines` has first."""
        if self.settled:
            return None
        return min(self._deadlines(now), key=lambda due: due[0], default=None)

    def _deadlines(self, now: datetime) -> Iterator[tuple[datetime, Due]]:
        s, t = self.state, self.terms
        year = t.years[s.year]
        if s.began_at is None:
            years = tuple(one.campaign_id for one in t.years)
            yield min(now, year.starts_at), ProgrammeBegan(digest=t.digest, years=years)
            return
        if (numbering := next_numbering(t, s, now)) is not None:
            yield numbering.at, numbering
        if s.ended_at is not None:
            return
        if (untaken := next_untaken(s)) is not None:
            city, handed = untaken
            yield handed.at, TakeSurvey(handed.at, s.year, city, handed.digest or "")
        if (at := next_overdue(t, s)) is not None:
            yield at, overdue(t, s, at, now)
        if s.running:
            at = self._next_count(max(year.ends_at, s.counted_at or year.ends_at))
            yield at, CountYear(at, s.year)
        elif s.stopped is None and not s.asked:
            at = max(year.starts_at, s.began_at, s.counted_at or s.began_at)
            yield at, StartYear(at, s.year)

    def _next_count(self, last: datetime) -> datetime:
        calendar = self.terms.calendar
        at = start_of(calendar, local_date(calendar, last)) + COUNT_HOUR
        return at if at > last else at + timedelta(days=1)

    # -- results of effects ----------------------------------------------------------------------------------------

    def observe(self, observation: Observation, now: datetime) -> Outcome:
        """Apply the result of an effect; the same result again changes nothing."""
        s = self.state
        match observation:
            case SurveyTakenReport(city=city) if observation.year == s.year and city in s.surveys:
                if not s.surveys[city].taken:
                    taken = SurveyTaken.model_validate(observation.model_dump(exclude={"at"}))
                    self.record_event(taken, observation.at, now, ENGINE)
            case YearStartedReport() if not s.running and observation.year == s.year and s.ended_at is None:
                started = YearStarted(
                    campaign=self.terms.years[s.year].campaign_id,
                    silent=missing(self.terms, s, observation.at),
                    **{name: getattr(observation, name) for name in _STARTED},
                )
                self.record_event(started, observation.at, now, ENGINE)
            case YearCountedReport() if observation.over and s.running and observation.year == s.year:
                self._close_year(observation, now)
            case Numbered():
                s.numbering = False
                for event, draft in issued(self.terms, s, observation):
                    self.record_event(event, observation.at, now, ENGINE)
                    self._outcome.documents.append(draft)
            case _:
                pass
        outcome, self._outcome = self._outcome, Outcome()
        return outcome

    def _close_year(self, counted: YearCountedReport, now: datetime) -> None:
        s, t = self.state, self.terms
        done, whole = measured(counted.closed, t.measure), measured(s.year_stock, t.measure)
        closed = YearClosed(
            year=s.year,
            campaign=t.years[s.year].campaign_id,
            closed=counted.closed,
            carried_over=counted.carried_over,
            found=counted.found,
            treated=added(s.treated, counted.closed),
            left=without(added(s.left, counted.found), counted.closed),
            share=round(done / whole, 4) if whole else Decimal(1),
            met=done >= s.target,
            places=with_closed(s.places, counted.places),
        )
        last = s.year + 1 == len(t.years)
        self.record_event(closed, counted.at, now, ENGINE)
        # Where the stock is empty, the programme ends early.
        if last or s.left.sites == 0 or s.stopped is not None:
            self._end(counted.at, now)

    def _end(self, at: datetime, now: datetime) -> None:
        s, t = self.state, self.terms
        # It is counted the morning after; the last day of the last campaign decides.
        over = min(t.years[s.year].ends_at, at) if s.stopped is None else at
        in_time = bool(s.results) and s.left.sites == 0 and over <= t.ends_at
        self.record_event(ProgrammeEnded(treated=s.treated, left=s.left, in_time=in_time), at, now, ENGINE)

    # -- applying --------------------------------------------------------------------------------------------------

    def apply(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        apply_event(self.state, event, at, len(self.terms.years))
        waiting = document_of(self.terms, self.state, event, at, received_at)
        if waiting is not None:
            self.state.waiting = (*self.state.waiting, waiting)


_STARTED = ("year", "stock", "target", "chosen", "carried_over", "places")
"""The fields that the start of a year has from its report."""
