"""`SiteAggregate`: the life of one site, from opening to strike-off or carry-over.

Commands are judged by event time within the plan's tolerance for late reports; deadlines happen in between, in the
order of campaign time, so that a report of last night counts before this morning's rung even if it arrives later
in the same batch.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from rules.aggregate import Aggregate, EventTime, Question, TimeLimits
from rules.amendments.overlay import EffectiveTerms
from rules.authority import require_authority
from rules.calendar import due_by
from rules.site.amendment import decide_amendment
from rules.site.apply import apply_event
from rules.site.deadlines import next_of_site
from rules.site.deferrals import decide_extension, decide_resumption, decide_suspension
from rules.site.escalation import decide_escalation_update
from rules.site.facts import current_clauses, deferrals_of, facts_of, view_of_options
from rules.site.notices import notices_of_event
from rules.site.options.registry import SITE_OPTIONS
from rules.site.options.responsible import listed as responsible_of
from rules.site.questions import question_of
from rules.site.reopening import decide_reopening
from rules.site.reports import decide_report, decide_verification
from rules.site.state import SiteState
from rules.site.transitions import require_stage
from rules.site.variations import rectification
from rules.site.verdicts import request_verification
from rules.site.work import evidence_missing, in_force, outstanding
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import ENGINE, Actor, Units
from schemas.amendments import AmendSite
from schemas.answers import SiteView
from schemas.calendar import named
from schemas.ledger import SiteRow
from schemas.reopening import Reopen
from schemas.site.correction import Correct, RecordCorrected
from schemas.site.terms import SiteTerms
from schemas.stages import OPEN, SETTLED, Stage
from schemas.streams import site_stream


class SiteAggregate(Aggregate[SiteState]):
    """One site: state + `advance()` + `next_due()` + `settled`."""

    events: ClassVar = ev.SITE_EVENTS

    def __init__(self, terms: SiteTerms, state: SiteState | None = None) -> None:
        super().__init__(site_stream(terms.campaign_id, terms.site_id), state or SiteState())
        self._effective = EffectiveTerms(terms)
        self._ahead: tuple[str, tuple[datetime, ev.Event]] | None = None

    # -- what others ask -------------------------------------------------------------------------------------------

    @property
    def terms(self) -> SiteTerms:
        """The terms that it began with, and what amendments have laid over them since."""
        return self._effective.with_overlay(self.state.overlay)

    @property
    def settled(self) -> bool:
        if self.state.stage not in SETTLED:
            return False
        return not any(option.keeps_open(self.terms, self.state) for option in SITE_OPTIONS.having("keeps_open"))

    def units(self) -> Units:
        """The units to which the site belongs now."""
        terms = self.terms
        units = terms.units
        if (township := self.state.corrections.get("township")) is not None:
            units = units.model_copy(update={"township": (township,)})
        for option in SITE_OPTIONS.having("units"):
            units = option.units(terms, self.state, units)
        return units

    def unit_names(self) -> Iterator[str]:
        yield from self.units().names()
        for option in SITE_OPTIONS.having("unit_names"):
            yield from option.unit_names(self.terms, self.state)

    def begin(self, now: datetime) -> None:
        """A site opens at the approval of its city's deployment; one that never opens has no such moment."""
        terms = self.terms
        if self.state.stage is Stage.REGISTERED and terms.opened_at is not None and terms.due is not None:
            self.record_event(self._opened(terms, terms.opened_at, terms.due, now), terms.opened_at, now, ENGINE)
            self.after_command(terms.opened_at, now, ENGINE)  # a site with nothing to do is verified at once

    def _opened(self, terms: SiteTerms, opened_at: datetime, due: datetime, now: datetime) -> ev.Opened:
        """The opening; a deadline that had passed before anybody heard of it (an outage) counts from now."""
        since, clause = None, rectification(terms, self.state, opened_at)
        if due <= now < terms.ends_at:
            since, clause = now, rectification(terms, self.state, now)
            due = min(due_by(terms.calendar, now, clause), terms.ends_at)
        dues = (
            (o.data.name, o.due_from_opening(terms, since or opened_at))
            for o in SITE_OPTIONS.having("due_from_opening")
        )
        own = (o.clauses_from_opening(terms) for o in SITE_OPTIONS.having("clauses_from_opening"))
        return ev.Opened(
            due=due,
            clauses=named(due=clause, **{name: one for clauses in own for name, one in clauses.items()}),
            requirements={r.id: r.quantity for r in in_force(terms, self.state)},
            amendment=terms.amendment,
            grade=terms.grade,
            since=since,
            option_dues={name: one for name, one in dues if one is not None},
        )

    def outstanding(self) -> dict[str, Decimal]:
        """Requirement to the quantity still to do; 0 where only evidence is missing."""
        return outstanding(self.terms, self.state)

    def current_due(self) -> datetime | None:
        """The deadline of what is awaited now: the work's, or the verdict's."""
        if self.state.stage is Stage.RECTIFYING:
            return self.state.due
        return self.state.level_due if self.state.stage is Stage.VERIFYING else None

    def is_overdue(self, now: datetime) -> bool:
        """Derived, never stored: open, not suspended, and past what is awaited now."""
        due = self.current_due()
        return due is not None and not self.state.suspended and due < now

    def next_due(self, now: datetime) -> datetime | None:
        """The next instant at which something happens by itself; None once settled."""
        found = self._next(now)
        return found[0] if found else None

    def row(self) -> SiteRow:
        """The current state as the state table keeps it."""
        s, needed = self.state, in_force(self.terms, self.state)
        units, people = responsible_of(self.terms, s)
        return SiteRow(
            site_id=self.terms.site_id,
            seq=s.seq,
            stage=s.stage,
            round=s.round,
            level=s.level,
            rung=s.rung,
            suspended=s.suspended and not self.settled,
            due_at=self.current_due(),
            opened_at=s.opened_at,
            settled_at=s.settled_at,
            requirements=len(needed),
            requirements_done=len(needed) - len(self.outstanding()),
            extensions=s.extensions,
            suspensions=len(s.suspensions),
            rung_waits=s.rung_waits and not self.settled,
            facts=facts_of(self.terms, s),
            responsible_units=units,
            responsible_people=people,
            county=next(iter(self.units().county), None),
        )

    def view(self, now: datetime) -> SiteView:
        """What the `status` query and an accepted update say."""
        s = self.state
        return SiteView(
            campaign_id=self.terms.campaign_id,
            site_id=self.terms.site_id,
            city=self.terms.city,
            stage=s.stage,
            round=s.round,
            level=s.level,
            outstanding=self.outstanding(),
            evidence_missing=evidence_missing(self.terms, self.state),
            done=dict(s.done),
            due=self.current_due(),
            clauses=current_clauses(s),
            overdue=self.is_overdue(now),
            rung=s.rung,
            suspended=s.suspended and not self.settled,
            as_of=now,
            refused=tuple(s.refusals),
            warned=tuple(s.warned),
            deferrals=deferrals_of(self.terms, s),
            **view_of_options(self.terms, s),
        )

    # -- commands --------------------------------------------------------------------------------------------------

    @property
    def time_limits(self) -> TimeLimits:
        terms = self.terms
        return TimeLimits(terms.calendar, Question(terms.opened_at, "the site opened"), terms.late_report)

    def answers(self, command: cmd.Command) -> Question | None:
        return question_of(self.terms, self.state, command)

    def takes_place(self, event: ev.Event, at: datetime) -> datetime:
        """The site is struck off after everything that this follows from: another department may have signed later."""
        return max(at, self.state.proceeded_at or at) if isinstance(event, ev.Closed) else at

    def decide(self, command: cmd.Command, when: EventTime) -> Iterator[ev.Event]:
        terms, state = self.terms, self.state
        units = self.units()
        for option in SITE_OPTIONS.having("judged_units"):
            units = option.judged_units(terms, state, command, when, units)
        require_authority(command.actor, command.kind, units)
        if isinstance(command, AmendSite):
            yield from decide_amendment(self._effective.base, terms, state, command, when.heard_at)
            return
        if isinstance(command, cmd.RungIssued | cmd.RungWithdrawn | cmd.HoldClimb):
            if state.stage in OPEN:
                yield from decide_escalation_update(terms, state, command)
            return
        if isinstance(command, Reopen):
            yield from decide_reopening(terms, state, command, when)
            return
        require_stage(state.stage, command.kind)
        for option in SITE_OPTIONS.having("check_command"):
            option.check_command(terms, state, command)
        owner, filters = SITE_OPTIONS.split_at_owner(command.kind)
        events = self._decide(command, when) if owner is None else owner.decide(terms, state, command, when)
        for option in filters:
            events = option.filter_events(terms, state, events, when)
        yield from events

    def _decide(self, command: cmd.Command, when: EventTime) -> Iterator[ev.Event]:
        terms, state = self.terms, self.state
        match command:
            case cmd.CompleteTask():
                yield decide_report(terms, state, command, when)
            case cmd.Verify():
                yield from decide_verification(terms, state, command, when)
            case cmd.Extend():
                yield decide_extension(terms, state, command, when.heard_at)
            case cmd.Suspend():
                yield decide_suspension(terms, state, command, when.at)
            case cmd.Resume():
                yield decide_resumption(terms, state, command.reason, when, command.order)
            case Correct():
                yield RecordCorrected(record=command.record.said(), reason=command.reason)
            case cmd.CarryOver():
                yield ev.CarriedOver(reason=command.reason)

    def after_command(self, at: datetime, received_at: datetime, actor: Actor) -> None:
        # The report that completes the work may be of an earlier hour than another one.
        at = max(at, self.state.proceeded_at or at)
        if self.state.stage is Stage.RECTIFYING and self.state.opened_at is not None and self._may_ask():
            # The level's clause counts from now, however long ago the last report's work was done.
            requested = request_verification(self.terms, self.state, max(at, received_at))
            self.record_event(requested, at, received_at, ENGINE)
        for option in SITE_OPTIONS.having("after_command"):
            for event in option.after_command(self.terms, self.state):
                self.record_event(event, at, received_at, ENGINE)

    def _may_ask(self) -> bool:
        """Whether the first level is asked: all is done, time runs, and no option requires something else before."""
        if self.state.suspended or self.outstanding():
            return False
        return not any(
            option.blocks_verification(self.terms, self.state) for option in SITE_OPTIONS.having("blocks_verification")
        )

    # -- deadlines -------------------------------------------------------------------------------------------------

    def run_deadlines(self, limit: datetime, now: datetime) -> None:
        while (found := self._next(now)) is not None and found[0] <= limit:
            self.record_event(found[1], found[0], now, ENGINE)
            if isinstance(found[1], ev.Resumed):  # its work may have been done already
                self.after_command(found[0], now, ENGINE)

    def _next(self, now: datetime) -> tuple[datetime, ev.Event] | None:
        """The next thing that happens by itself, seen from `now`.

        Kept with the head it follows from: while nothing happens, what lies ahead stays where it is.
        """
        if self.settled:
            return None
        if self._ahead is not None and self._ahead[0] == self.state.head and self._ahead[1][0] > now:
            return self._ahead[1]
        ahead = next_of_site(self.terms, self.state, lambda: len(self.outstanding()), now)
        self._ahead = None if ahead is None else (self.state.head, ahead)
        return ahead

    def apply(self, event: ev.Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        apply_event(self.state, event, at, received_at, actor)
        terms = self.terms  # under the amendment, if the event is one
        for option in SITE_OPTIONS.having("apply"):
            option.apply(terms, self.state, event, at, actor)
        self._outcome.notices.extend(notices_of_event(terms, self.state, event, at, received_at))
