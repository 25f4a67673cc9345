"""How the patrol's events change what a city remembers of its patrol."""

from datetime import datetime

from schemas.calendar import named
from schemas.event import Event
from schemas.options.patrol import (
    DutyMissed,
    DutyPerformed,
    FindingReported,
    LookBackDue,
    LookBacksOverdue,
    LookBacksSet,
    LookedBack,
    PatrolBegan,
    PatrolClosed,
    PatrolEnded,
    PatrolSettled,
    SitesReopened,
)
from schemas.options.patrol_state import DutyState, PatrolState, ReopeningRequest
from schemas.reopening import Cause


def begun(event: PatrolBegan, at: datetime) -> PatrolState:
    """A patrol at its begin: the first period of each duty runs from `at`."""
    duties = {
        duty: DutyState(since=at, due=due, clauses=named(due=event.clauses.get(duty.value)))
        for duty, due in event.due.items()
    }
    return PatrolState(began_at=at, until=event.until, duties=duties)


def apply_to_patrol(state: PatrolState, stream: str, event: Event, at: datetime, effective_at: datetime) -> None:
    """Apply one event to the patrol's state, in place; `effective_at` is when a reopening takes place."""
    match event:
        case DutyPerformed():
            _performed(state.duties[event.duty], event, at)
            state.findings += len(event.findings)
        case DutyMissed():
            duty = state.duties[event.duty]
            duty.missed += event.periods
            duty.missed_from, duty.missed_until, duty.curable = duty.since, event.ended, event.periods
            duty.since, duty.due = event.ended, event.next_due
            duty.clauses = named(due=event.clauses.get("next_due"))
        case FindingReported():
            _found(state, stream, event, effective_at)
        case SitesReopened():
            state.reopening = [one for one in state.reopening if one.origin != event.origin]
            for site in event.sites:
                county = event.counties.get(site, "")
                state.relapses = {**state.relapses, county: state.relapses.get(county, 0) + 1}
                state.look_backs.pop(site, None)
            _look_ahead(state)
        case LookBacksSet():
            for item in event.items:
                state.look_backs.setdefault(item.site_id, []).append(item)
            state.set_at = at
            _look_ahead(state)
        case LookedBack():
            _looked_back(state, stream, event, effective_at)
        case LookBacksOverdue():
            state.look_backs_notified = event.due
            _look_ahead(state)
        case PatrolEnded():
            state.ended_at = at
        case PatrolSettled():
            state.settled = True
        case PatrolClosed():
            state.closed_at = at


def overdue(state: PatrolState, by: datetime) -> tuple[LookBackDue, ...]:
    """The look-backs that were due by this moment and were not told as overdue before."""
    told = state.look_backs_notified
    items = (item for items in state.look_backs.values() for item in items)
    late = [item for item in items if item.due <= by and (told is None or item.due > told)]
    return tuple(sorted(late, key=by_due))


def by_due(item: LookBackDue) -> tuple[datetime, str, str]:
    """The order in which look-backs stand in the ledger, wherever they were read."""
    return item.due, item.site_id, item.requirement


def _performed(duty: DutyState, event: DutyPerformed, at: datetime) -> None:
    duty.last_at = max(at, duty.last_at or at)
    if event.fulfils and event.next_due is not None:
        duty.performed += 1
        duty.since, duty.due = duty.due, event.next_due
        duty.clauses = named(due=event.clauses.get("next_due"))
    elif event.cures:
        duty.performed += 1
        duty.missed -= 1
        duty.curable -= 1
        duty.cured += 1


def _found(state: PatrolState, stream: str, event: FindingReported, effective_at: datetime) -> None:
    state.findings += 1
    if event.relapse and event.site is not None:
        asked = ReopeningRequest(
            at=effective_at,
            cause=Cause.RELAPSE,
            origin=f"{stream}:finding-{event.number}",
            site=event.site,
            reason=event.what,
            failed_requirements=event.failed_requirements,
        )
        state.reopening = [*state.reopening, asked]


def _looked_back(state: PatrolState, stream: str, event: LookedBack, effective_at: datetime) -> None:
    items = state.look_backs.get(event.site, [])
    left = [one for one in items if (one.requirement, one.due) != (event.requirement, event.due)]
    state.look_backs.pop(event.site, None)
    if left:
        state.look_backs[event.site] = left
    if event.held:
        state.held += 1
    else:
        state.failed += 1
        # Closed again within its day a site has another look-back of the same due day, which is an origin of its own.
        what = f"{stream}:look-back:{event.site}:{event.requirement}:{event.due:%Y-%m-%d}"
        times = state.failed_at_due.get(what, 0) + 1
        state.failed_at_due = {**state.failed_at_due, what: times}
        asked = ReopeningRequest(
            at=effective_at,
            cause=Cause.LOOK_BACK,
            origin=what if times == 1 else f"{what}:{times}",
            site=event.site,
            reason=event.opinion or "",
            failed_requirements=(event.requirement,),
        )
        state.reopening = [*state.reopening, asked]
    _look_ahead(state)


def _look_ahead(state: PatrolState) -> None:
    told = state.look_backs_notified
    dues = (item.due for items in state.look_backs.values() for item in items)
    state.look_backs_next = min((due for due in dues if told is None or due > told), default=None)
