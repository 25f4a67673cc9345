"""`SiteAggregate`: the life of one site, from opening to strike-off or carry-over.

Commands are judged by event time within the plan's tolerance for late reports; deadlines happen in between, in the
order of campaign time, so that a report of last night counts before this morning's rung even if it arrives later
in the same batch.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from rules.aggregate import Aggregate, EventTime
from rules.amendments.overlay import EffectiveTerms
from rules.authority import require_authority
from rules.calendar import is_too_late
from rules.site.amendment import decide_amendment
from rules.site.apply import apply_event
from rules.site.deadlines import next_of_site
from rules.site.deferrals import deferrals_of
from rules.site.escalation import decide_escalation_update
from rules.site.extension import decide_extension
from rules.site.facts import facts_of
from rules.site.notices import notices_of_event
from rules.site.options.acceptance.commands import decide_around_verdict
from rules.site.options.acceptance.panel import panel_due, panel_view
from rules.site.options.acceptance.problems import standing_of_problems
from rules.site.options.acceptance.state import apply_acceptance
from rules.site.options.acceptance.verdicts import decide_verdict, request_verification
from rules.site.options.bookings import decide_modes
from rules.site.options.extensions import decide_answer, decide_request
from rules.site.options.mode_facts import mode_view
from rules.site.options.modes import withheld
from rules.site.options.police import case_facts, decide_case_step, keeps_open, wait_for_case
from rules.site.options.sign_off import decide_signature, request_signatures, require_a_level, signatures
from rules.site.reopening import decide_reopening
from rules.site.reports import decide_report
from rules.site.state import SiteState, require_stage
from rules.site.suspension import decide_resumption, decide_suspension
from rules.site.work import evidence_missing, in_force, outstanding
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import ENGINE, Actor
from schemas.amendments import AmendSite
from schemas.answers import SiteView
from schemas.ledger import SiteRow
from schemas.options.acceptance import CloseProblem, GiveOpinion, ReplaceExpert, SelfCheck
from schemas.options.extensions import DecideExtension, RequestExtension
from schemas.options.modes import Book, DecideMode, SetMode
from schemas.options.police import AcceptCase, DecideCase, TransferCase
from schemas.options.reopening import Reopen
from schemas.options.sign_off import SignOff
from schemas.site.correction import Correct, RecordCorrected
from schemas.site.terms import SiteTerms
from schemas.stages import OPEN, SETTLED, Stage
from schemas.streams import site_stream as site_stream


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
        return self.state.stage in SETTLED and not keeps_open(self.terms, self.state)

    def begin(self, now: datetime) -> None:
        """A site opens at the approval of its city's deployment; one that never opens has no such moment."""
        terms = self.terms
        if self.state.stage is Stage.REGISTERED and terms.opened_at is not None and terms.due is not None:
            opened = ev.Opened(due=terms.due, requirements={r.id: r.quantity for r in in_force(terms, self.state)})
            opened.amendment = terms.amendment
            self.record_event(opened, terms.opened_at, now, ENGINE)
            self.after_command(terms.opened_at, now, ENGINE)  # a site with nothing to do is verified at once

    def outstanding(self) -> dict[str, float]:
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
            overdue=self.is_overdue(now),
            rung=s.rung,
            suspended=s.suspended and not self.settled,
            as_of=now,
            refused=tuple(s.refusals),
            deferrals=deferrals_of(self.terms, s),
            case=case_facts(self.terms, s),
            signatures=signatures(s),
            **mode_view(self.terms, s),
            problems=standing_of_problems(self.terms, s),
            panel=panel_view(s),
        )

    # -- commands --------------------------------------------------------------------------------------------------

    def event_time(self, command: cmd.Command, received_at: datetime) -> EventTime:
        """The event time, unless it is in the future, before the opening, or beyond the tolerance for late reports."""
        claimed, opened_at = command.effective_at, self.terms.opened_at
        early = opened_at is not None and claimed < opened_at
        if isinstance(command, Reopen):  # nothing is opened again before it was struck off
            early = claimed < (self.state.settled_at or claimed)
        if early or claimed > received_at:
            return EventTime(received_at, claimed)
        if is_too_late(self.terms.calendar, claimed, received_at, self.terms.late_report):
            return EventTime(received_at, claimed)
        return EventTime(claimed, None)

    def decide(self, command: cmd.Command, at: datetime) -> Iterator[ev.Event]:
        terms, state = self.terms, self.state
        kind = command.kind
        require_authority(command.actor, kind, terms.units)
        if isinstance(command, AmendSite):
            yield from decide_amendment(self._effective.base, terms, state, command, at)
            return
        if isinstance(command, cmd.RungIssued | cmd.RungWithdrawn | cmd.HoldClimb):
            if state.stage in OPEN:
                yield from decide_escalation_update(terms, state, command)
            return
        if isinstance(command, Reopen):
            yield from decide_reopening(terms, state, command, at)
            return
        require_stage(state.stage, kind)
        match command:
            case cmd.CompleteTask():
                yield decide_report(terms, state, command)
            case cmd.Verify():
                require_a_level(terms, command)
                yield from wait_for_case(
                    terms, state, request_signatures(terms, decide_verdict(terms, state, command, at), at)
                )
            case SelfCheck():
                yield from wait_for_case(
                    terms, state, request_signatures(terms, decide_verdict(terms, state, command, at), at)
                )
            case GiveOpinion() | ReplaceExpert() | CloseProblem():
                yield decide_around_verdict(terms, state, command)
            case SignOff():
                yield from wait_for_case(terms, state, decide_signature(terms, state, command, at))
            case cmd.Extend():
                yield decide_extension(terms, state, command, at)
            case RequestExtension():
                yield decide_request(terms, state, command, at)
            case DecideExtension():
                yield decide_answer(terms, state, command, at)
            case TransferCase() | AcceptCase() | DecideCase():
                yield from decide_case_step(terms, state, command, at)
            case cmd.Suspend():
                yield decide_suspension(terms, state, command, at)
            case cmd.Resume():
                yield decide_resumption(terms, state, command.reason, at)
            case Correct():
                yield RecordCorrected(record=command.record.said(), reason=command.reason)
            case SetMode() | DecideMode() | Book():
                yield from decide_modes(terms, state, command)
            case cmd.CarryOver():
                yield ev.CarriedOver(reason=command.reason)

    def after_command(self, at: datetime, received_at: datetime, actor: Actor) -> None:
        if self.state.stage is Stage.RECTIFYING and self.state.opened_at is not None and self._may_ask():
            # The level hears of it now, however long ago the last report's work was done.
            self.record_event(
                request_verification(self.terms, self.state, max(at, received_at)), at, received_at, ENGINE
            )
        if (drawn := panel_due(self.terms, self.state)) is not None:
            self.record_event(drawn, at, received_at, ENGINE)

    def _may_ask(self) -> bool:
        """Whether the first level is asked: all is done, and nothing else that the plan requires is missing."""
        return not self.outstanding() and not withheld(self.terms, self.state)

    # -- deadlines -------------------------------------------------------------------------------------------------

    def run_deadlines(self, limit: datetime, now: datetime) -> None:
        while (found := self._next(now)) is not None and found[0] <= limit:
            self.record_event(found[1], found[0], now, ENGINE)

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

    def apply(self, event: ev.Event, at: datetime, actor: Actor) -> None:
        apply_event(self.state, self.terms, event, at, actor.id)
        apply_acceptance(self.state, self.terms, event, actor)
        self._outcome.notices.extend(notices_of_event(self.terms, self.state, event, at))
