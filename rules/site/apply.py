"""How each event changes a site's state. Nothing else changes it, so a ledger's entries give the state again."""

from datetime import datetime
from decimal import Decimal

from rules.site.amendment import apply_amendment, move_deadline
from rules.site.deferrals import apply_time_back
from rules.site.reinstatement import apply_reinstatement, what_it_ends
from rules.site.reopening import apply_reopening
from rules.site.state import Interval, SiteState, WorkReport, ref_digest
from schemas import events as ev
from schemas.actor import Actor
from schemas.amendments import Reinstated, SiteAmended, VerificationRecalled
from schemas.calendar import named
from schemas.options.grading import Regraded
from schemas.reopening import Reopened
from schemas.site.correction import RecordCorrected
from schemas.site.transitions import TRANSITIONS


def apply_event(state: SiteState, event: ev.Event, at: datetime, received_at: datetime, actor: Actor) -> None:
    """Apply one event to the core's part of the state, in place; KeyError if the table has no such transition.

    Clauses count from `received_at`, when the engine heard of the event.
    """
    if isinstance(event, ev.CarriedOver):
        state.carried_over_from = what_it_ends(state, event.reason)
    state.stage = TRANSITIONS[state.stage, event.kind]
    match event:
        case ev.Opened():
            state.opened_at, state.work_since = at, event.since or at
            state.amendment = event.amendment
            state.begin_round(state.round, at)
            state.done = dict.fromkeys(event.requirements, Decimal())
            state.evidence = {r: [] for r in event.requirements}
            state.set_deadline(event.due, state.work_since, received_at, event.clauses)
        case ev.TaskReported():
            report = WorkReport(
                requirement=event.requirement,
                quantity=event.quantity,
                phases=tuple(e.phase for e in event.evidence),
                refs=tuple(ref_digest(e.ref) for e in event.evidence),
                at=at,
                by=actor.id,
                round=event.round or state.round,
                counts=event.counts,
                claimed_at=event.claimed_at,
            )
            state.add_report(event.command_id or "", report)
        case ev.VerificationRequested():
            state.verifiers = {}
            _ask(state, event.level, event, at, received_at)
        case ev.LevelPassed():
            state.verifiers[event.level] = actor.id
            _ask(state, event.next_level, event, at, received_at)
        case ev.LevelFailed():
            state.begin_round(event.round + 1, at)
            state.work_since, state.extended_to, state.extended_at = received_at, None, None
            state.level = state.level_due = None
            state.require_again(event.failed_requirements, at)
            state.begin_ladder()
            state.set_deadline(event.due, received_at, received_at, event.clauses)
        case ev.Closed():
            state.verifiers.setdefault(event.level, actor.id)  # it may have passed before, and its case closes it now
            state.level = state.level_due = None
            state.settled_at = at
        case ev.Extended() | ev.Suspended() | ev.Resumed():
            _apply_deferral(state, event, at, received_at, actor)
        case ev.Reminded() | ev.Climbed() | ev.RungIssued() | ev.RungWithdrawn() | ev.ClimbHeld():
            _apply_escalation(state, event, at)
        case RecordCorrected():
            state.corrections = {**state.corrections, **event.record}
        case Regraded() if event.due is not None:
            state.work_since = event.counts_from or state.work_since
            move_deadline(state, event, event.due, event.due_unmoved, at, received_at)
        case ev.AcceptanceOverdue():
            state.level_overdue = True
        case SiteAmended() | VerificationRecalled():
            apply_amendment(state, event, at, received_at)
        case ev.CarriedOver():
            state.level = state.level_due = None
            state.settled_at = at
        case Reinstated():
            apply_reinstatement(state, event, received_at)
        case Reopened():
            apply_reopening(state, event, at)
            state.work_since, state.extended_to, state.extended_at = received_at, None, None
            state.set_deadline(event.due, received_at, received_at, event.clauses)


def _apply_deferral(
    state: SiteState,
    event: ev.Extended | ev.Suspended | ev.Resumed,
    at: datetime,
    received_at: datetime,
    actor: Actor,
) -> None:
    match event:
        case ev.Extended():
            state.extensions += 1
            state.extended_to, state.extended_at = event.due, state.unmoved(event.due, at).since
            state.drop_proposed_rung()
            state.set_deadline(event.due, at, received_at, event.clauses)
        case ev.Suspended():
            interval = Interval(since=at, reason=event.reason, basis=event.basis, planned_until=event.until, by=actor)
            interval.order = event.order
            interval.heard_at = received_at if received_at > at else None
            state.suspensions.append(interval)
            if event.back_to is not None:  # the day of the rung that is dropped is that of the next one
                state.climb_from(state.rung_on)
                state.rung, state.rung_on, state.rung_waits = event.back_to, state.rung_before_on, False
        case ev.Resumed():
            interval = state.suspensions[-1]
            interval.until = at
            apply_time_back(state, event, interval.since, at)


def _apply_escalation(
    state: SiteState, event: ev.Reminded | ev.Climbed | ev.RungIssued | ev.RungWithdrawn | ev.ClimbHeld, at: datetime
) -> None:
    match event:
        case ev.Reminded():
            state.reminded, state.reminded_at = event.days_before, at
        case ev.Climbed():
            state.rung_before, state.rung_before_on, state.rung = state.rung, state.rung_on, event.rung
            state.rung_on, state.rung_waits = event.on, event.awaits_approval
            state.proposals = {**state.proposals, str(event.rung): event.proposal}
            state.climb_from(None)
            state.held_from = None
        case ev.RungIssued():
            state.grace = None
            state.rung_on, state.rung_waits = event.on, False
        case ev.RungWithdrawn():
            state.grace = None
            # Where an extension has begun the ladder anew meanwhile, it counts from the new deadline.
            state.rung_on = event.on if state.rung_on is not None else None
            state.rung, state.rung_waits = event.back_to, False
        case ev.ClimbHeld():
            state.grace = None  # it is counted anew, with the hold
            state.held_from, state.held_by = event.climbs_from, (event.document, event.reply)
            if event.back_to is not None:
                state.rung, state.rung_on, state.rung_waits = event.back_to, None, False


def _ask(
    state: SiteState, level: str, event: ev.VerificationRequested | ev.LevelPassed, at: datetime, heard_at: datetime
) -> None:
    state.level, state.level_due, state.level_overdue = level, event.due, False
    state.clauses = {**state.clauses, **named(level_due=event.clauses.get("due"))}
    state.level_since, state.level_due_since = at, heard_at
    state.level_unmoved = state.unmoved(event.due, heard_at)
    state.proceed(at)
