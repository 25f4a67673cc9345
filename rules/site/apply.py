"""Folding events into a site's state: `applied` alone changes what the ledger tells."""

from datetime import datetime

from rules.site import reopening
from rules.site.amendment import apply_amendment
from rules.site.options import extensions as extension_requests
from rules.site.options import police as police_track
from rules.site.options import sign_off
from rules.site.options.modes import apply_modes
from rules.site.state import TRANSITIONS, Interval, SiteState
from schemas import events as ev
from schemas.amendments import SiteAmended, VerificationRecalled
from schemas.options.modes import Booked, ModeProposed, ModeRefused, ModeSet, ModeWithdrawn
from schemas.options.reopening import Reopened
from schemas.site.correction import RecordCorrected
from schemas.site.terms import SiteTerms


def apply_event(state: SiteState, terms: SiteTerms, event: ev.Event, at: datetime, actor_id: str) -> None:
    """Fold one event into the state, in place. KeyError if the table does not have the transition."""
    kind = event.kind
    state.stage = TRANSITIONS[state.stage, kind]
    match event:
        case ev.Opened():
            state.opened_at = state.work_since = at
            state.amendment = event.amendment
            state.done = dict.fromkeys(event.requirements, 0.0)
            state.evidence = {r: [] for r in event.requirements}
            _new_deadline(state, event.due, at)
        case ev.TaskReported():
            state.done[event.requirement] += event.quantity
            phases = state.evidence[event.requirement]
            phases.extend(e.phase for e in event.evidence if e.phase not in phases)
            if actor_id not in state.reporters:
                state.reporters.append(actor_id)
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
            for requirement in event.failed_requirements:
                state.done[requirement] = 0.0
                state.evidence[requirement] = []
            state.rung, state.rung_on, state.climbs_from = 0, None, None
            state.rung_waits, state.proposals = False, {}
            _new_deadline(state, event.due, at)
        case ev.Closed():
            state.verifiers.setdefault(event.level, actor_id)  # it may have passed before, and its case closes it now
            state.level = state.level_due = None
            state.settled_at = at
        case ev.Extended():
            state.extensions += 1
            state.extended_to, state.extended_at = event.due, at
            if state.rung_waits:  # what was only proposed falls away with the old deadline
                state.rung, state.rung_waits = state.rung_before, False
            state.rung_on = state.climbs_from = None
            _new_deadline(state, event.due, at)
        case ev.Suspended():
            interval = Interval(since=at, reason=event.reason, basis=event.basis, planned_until=event.until)
            state.suspensions.append(interval)
        case ev.Resumed():
            state.suspensions[-1].until = at
            state.due = event.due or state.due
            state.level_due = event.level_due or state.level_due
            state.climbs_from = event.climbs_from
        case ev.Reminded():
            state.reminded = event.days_before
        case ev.Climbed():
            state.rung_before, state.rung = state.rung, event.rung
            state.rung_on, state.rung_waits = event.on, event.awaits_approval
            state.proposals = {**state.proposals, str(event.rung): event.proposal}
            state.climbs_from = None
        case ev.RungIssued():
            state.rung_on, state.rung_waits = event.on, False
        case ev.RungWithdrawn():
            # Where an extension has begun the ladder anew meanwhile, it counts from the new deadline.
            state.rung_on = event.on if state.rung_on is not None else None
            state.rung, state.rung_waits = event.back_to, False
        case ev.ClimbHeld():
            state.climbs_from = event.climbs_from
            if event.back_to is not None:
                state.rung, state.rung_on, state.rung_waits = event.back_to, None, False
        case RecordCorrected():
            state.corrections = {**state.corrections, **event.record}
        case ev.AcceptanceOverdue():
            state.level_overdue = True
        case SiteAmended() | VerificationRecalled():
            apply_amendment(state, event, at)
        case ev.CarriedOver():
            state.level = state.level_due = None
            state.settled_at = at
        case ModeProposed() | ModeWithdrawn() | ModeRefused() | ModeSet() | Booked():
            apply_modes(state, event)
        case Reopened():
            reopening.apply_reopening(state, event, at)
            state.work_since, state.extended_to, state.extended_at = at, None, None

    sign_off.apply_sign_off(state, terms, event, at, actor_id)
    extension_requests.apply_extensions(state, event, at)
    police_track.apply_police(state, terms, event, at, actor_id)


def _new_deadline(state: SiteState, due: datetime, at: datetime) -> None:
    state.due, state.due_since, state.reminded = due, at, None


def _ask(state: SiteState, level: str, due: datetime, at: datetime) -> None:
    state.level, state.level_due, state.level_since, state.level_overdue = level, due, at, False
