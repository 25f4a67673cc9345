"""How each event changes a site's state. Nothing else changes it, so a ledger's entries give the state again."""

from datetime import datetime

from rules.site.amendment import apply_amendment
from rules.site.reinstatement import apply_reinstatement, what_it_ends
from rules.site.reopening import apply_reopening
from rules.site.state import Interval, SiteState, WorkReport
from schemas import events as ev
from schemas.amendments import Reinstated, SiteAmended, VerificationRecalled
from schemas.reopening import Reopened
from schemas.site.correction import RecordCorrected
from schemas.site.transitions import TRANSITIONS


def apply_event(state: SiteState, event: ev.Event, at: datetime, actor_id: str) -> None:
    """Apply one event to the core's part of the state, in place; KeyError if the table has no such transition."""
    if isinstance(event, ev.CarriedOver):
        state.carried_over_from = what_it_ends(state, event.reason)
    state.stage = TRANSITIONS[state.stage, event.kind]
    match event:
        case ev.Opened():
            state.opened_at = state.work_since = at
            state.amendment = event.amendment
            state.done = dict.fromkeys(event.requirements, 0.0)
            state.evidence = {r: [] for r in event.requirements}
            _new_deadline(state, event.due, at)
        case ev.TaskReported():
            report = WorkReport(
                requirement=event.requirement,
                quantity=event.quantity,
                phases=tuple(e.phase for e in event.evidence),
                at=at,
                by=actor_id,
                round=state.round,
            )
            state.add_report(event.command_id or "", report)
        case ev.VerificationRequested():
            state.verifiers = {}
            _ask(state, event.level, event.due, at)
        case ev.LevelPassed():
            state.verifiers[event.level] = actor_id
            _ask(state, event.next_level, event.due, at)
        case ev.LevelFailed():
            state.round = event.round + 1
            state.work_since, state.extended_to, state.extended_at = at, None, None
            state.level = state.level_due = None
            state.require_again(event.failed_requirements)
            state.rung, state.rung_on, state.climbs_from, state.held_from = 0, None, None, None
            state.rung_waits, state.proposals = False, {}
            _new_deadline(state, event.due, at)
        case ev.Closed():
            state.verifiers.setdefault(event.level, actor_id)  # it may have passed before, and its case closes it now
            state.level = state.level_due = None
            state.settled_at = at
        case ev.Extended() | ev.Suspended() | ev.Resumed():
            _apply_deferral(state, event, at)
        case ev.Reminded() | ev.Climbed() | ev.RungIssued() | ev.RungWithdrawn() | ev.ClimbHeld():
            _apply_escalation(state, event)
        case RecordCorrected():
            state.corrections = {**state.corrections, **event.record}
        case ev.AcceptanceOverdue():
            state.level_overdue = True
        case SiteAmended() | VerificationRecalled():
            apply_amendment(state, event, at)
        case ev.CarriedOver():
            state.level = state.level_due = None
            state.settled_at = at
        case Reinstated():
            apply_reinstatement(state, event)
        case Reopened():
            apply_reopening(state, event, at)
            state.work_since, state.extended_to, state.extended_at = at, None, None


def _apply_deferral(state: SiteState, event: ev.Extended | ev.Suspended | ev.Resumed, at: datetime) -> None:
    match event:
        case ev.Extended():
            state.extensions += 1
            state.extended_to, state.extended_at = event.due, at
            state.drop_proposed_rung()
            _new_deadline(state, event.due, at)
        case ev.Suspended():
            interval = Interval(since=at, reason=event.reason, basis=event.basis, planned_until=event.until)
            state.suspensions.append(interval)
        case ev.Resumed():
            state.suspensions[-1].until = at
            state.due = event.due or state.due
            state.level_due = event.level_due or state.level_due
            state.climbs_from = event.climbs_from


def _apply_escalation(
    state: SiteState, event: ev.Reminded | ev.Climbed | ev.RungIssued | ev.RungWithdrawn | ev.ClimbHeld
) -> None:
    match event:
        case ev.Reminded():
            state.reminded = event.days_before
        case ev.Climbed():
            state.rung_before, state.rung = state.rung, event.rung
            state.rung_on, state.rung_waits = event.on, event.awaits_approval
            state.proposals = {**state.proposals, str(event.rung): event.proposal}
            state.climbs_from = state.held_from = None
        case ev.RungIssued():
            state.rung_on, state.rung_waits = event.on, False
        case ev.RungWithdrawn():
            # Where an extension has begun the ladder anew meanwhile, it counts from the new deadline.
            state.rung_on = event.on if state.rung_on is not None else None
            state.rung, state.rung_waits = event.back_to, False
        case ev.ClimbHeld():
            state.held_from, state.held_by = event.climbs_from, (event.document, event.reply)
            if event.back_to is not None:
                state.rung, state.rung_on, state.rung_waits = event.back_to, None, False


def _new_deadline(state: SiteState, due: datetime, at: datetime) -> None:
    state.due, state.due_since, state.reminded = due, at, None


def _ask(state: SiteState, level: str, due: datetime, at: datetime) -> None:
    state.level, state.level_due, state.level_since, state.level_overdue = level, due, at, False
