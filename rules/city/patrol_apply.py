"""What the patrol's events change at a city's desk, what they have it tell, and how its status shows them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rules.calendar import last_day_of
from rules.city.patrol_state import PatrolState, apply_to_patrol, begun
from rules.city.state import CityNotice, CityState
from schemas import events as ev
from schemas.city import CityTerms
from schemas.event import Event
from schemas.options import patrol as pm
from schemas.options.patrol import DutyFacts, PatrolFacts

_OVERDUE = "patrol_overdue"
"""The document that tells what did not come in its time."""


def apply_patrol(terms: CityTerms, stream: str, state: CityState, event: Event, at: datetime) -> None:
    """Fold one event into the desk's state, in place, as far as it concerns the patrol."""
    if isinstance(event, pm.PatrolBegan):
        state.patrol = begun(event, at)
        return
    patrol = state.patrol
    if patrol is None:
        return
    # What was found before the campaign ended and is heard of after it is opened again for the time after it.
    apply_to_patrol(patrol, stream, event, at, max(at, state.ended_at or at))
    match event:
        case ev.CampaignStopped():  # nobody patrols what a stopped campaign leaves
            patrol.closed_at = at
        case ev.CityClosed() if patrol.closed_at is None:
            patrol.city_closed_at, state.settled_at = at, None
        case pm.DutyMissed():
            last = last_day_of(terms.calendar, event.due).isoformat()
            titles = {one.duty: one.title for one in terms.patrol.duties} if terms.patrol is not None else {}
            title = titles.get(event.duty, event.duty.value)
            _tell(state, at, duties=[{"duty": event.duty.value, "title": title, "due": last, "periods": event.periods}])
        case pm.LookBacksOverdue():
            last = last_day_of(terms.calendar, event.due).isoformat()
            lines = [{"site": one.site_id, "requirement": one.requirement, "due": last} for one in event.items]
            _tell(state, at, look_backs=lines)
        case pm.DutyPerformed() if event.cures:
            _leave_out(state, "duties", lambda line: line["duty"] == event.duty.value)
        case pm.LookedBack():
            about = (event.site, event.requirement)
            _leave_out(state, "look_backs", lambda line: (line["site"], line["requirement"]) == about)
        case pm.SitesReopened():
            _leave_out(state, "look_backs", lambda line: line["site"] in event.sites)
        case pm.PatrolEnded():
            state.settle_at, state.settle_asked = None, 0
        case pm.PatrolSettled():
            state.last_dispatch = max(state.last_dispatch or at, at)  # one more dispatch, after all is said
        case pm.PatrolClosed():
            state.settled_at = at


def _tell(state: CityState, at: datetime, **lines: list[dict[str, Any]]) -> None:
    """One document a dispatch tells everything that did not come; what waits already stays in it."""
    known = next((notice for notice in state.waiting if notice.kind == _OVERDUE), None)
    data: dict[str, Any] = {"duties": [], "look_backs": []} if known is None else dict(known.data)
    for what, more in lines.items():
        data[what] = [*data[what], *more]
    others = [notice for notice in state.waiting if notice.kind != _OVERDUE]
    state.waiting = [*others, CityNotice(kind=_OVERDUE, data=data, at=at)]


def _leave_out(state: CityState, what: str, done: Callable[[dict[str, Any]], bool]) -> None:
    """What was done before its delay could be told is not told any more."""
    kept = []
    for notice in state.waiting:
        if notice.kind == _OVERDUE:
            data = {**notice.data, what: [line for line in notice.data[what] if not done(line)]}
            if not data["duties"] and not data["look_backs"]:
                continue
            notice = notice.model_copy(update={"data": data})
        kept.append(notice)
    state.waiting = kept


def facts_of_patrol(terms: CityTerms, patrol: PatrolState | None) -> PatrolFacts | None:
    """How status shows the patrol; None before it has begun."""
    if patrol is None or terms.patrol is None:
        return None
    duties = []
    for one in terms.patrol.duties:
        kept = patrol.duties.get(one.duty)
        if kept is None:  # an amendment brought it after the patrol had begun
            continue
        duties.append(
            DutyFacts(
                duty=one.duty,
                title=one.title,
                next_due=None if patrol.is_over or kept.due > terms.patrol.until else kept.due,
                performed=kept.performed,
                missed=kept.missed,
                last_at=kept.last_at,
            )
        )
    left = [item for items in patrol.look_backs.values() for item in items]
    told = patrol.look_backs_told
    return PatrolFacts(
        state="closed" if patrol.closed_at is not None else "ended" if patrol.ended_at is not None else "running",
        began_at=patrol.began_at,
        until=terms.patrol.until,
        duties=tuple(duties),
        findings=patrol.findings,
        relapses=patrol.relapses,
        look_backs_open=len(left),
        look_backs_overdue=sum(told is not None and item.due <= told for item in left),
        look_backs_held=patrol.held,
        look_backs_failed=patrol.failed,
    )
