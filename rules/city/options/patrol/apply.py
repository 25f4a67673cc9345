"""What the patrol's events change of a city, the overdue notice that follows, and how status shows the patrol."""

from collections.abc import Callable, Sequence
from datetime import datetime

from rules.calendar import last_day_of
from rules.city.notices import Line, add_lines, edit_lines
from rules.city.options.patrol.group_state import facts_of_group
from rules.city.options.patrol.state import apply_to_patrol, begun
from rules.city.state import CityState
from schemas import events as ev
from schemas.calendar import clause_data, named
from schemas.city import CityTerms
from schemas.event import Event
from schemas.options.patrol import (
    DutyFacts,
    DutyMissed,
    DutyPerformed,
    LookBacksOverdue,
    LookedBack,
    PatrolBegan,
    PatrolClosed,
    PatrolEnded,
    PatrolFacts,
    PatrolSettled,
    SitesReopened,
)
from schemas.streams import city_stream

_OVERDUE = "patrol_overdue"
"""The kind of the document that tells what is overdue."""


def apply_patrol(terms: CityTerms, state: CityState, event: Event, at: datetime) -> None:
    """Apply one event to the city's state, in place, as far as it concerns the patrol."""
    if isinstance(event, PatrolBegan):
        state.patrol = begun(event, at)
        return
    patrol = state.patrol
    if patrol is None:
        return
    # What was found before the campaign ended and is reported after it is opened again for the time after it.
    stream = city_stream(terms.campaign_id, terms.code)
    apply_to_patrol(patrol, stream, event, at, max(at, state.ended_at or at))
    match event:
        case ev.CampaignStopped():  # nobody patrols what a stopped campaign leaves
            patrol.closed_at = at
        case ev.CityClosed() if patrol.closed_at is None:
            patrol.city_closed_at, state.settled_at = at, None
        case DutyMissed():
            last = last_day_of(terms.calendar, event.due).isoformat()
            titles = {one.duty: one.title for one in terms.patrol.duties} if terms.patrol is not None else {}
            title = titles.get(event.duty, event.duty.value)
            line = {"duty": event.duty.value, "title": title, "due": last, "periods": event.periods}
            _tell(state, at, duties=[line | clause_data(event.clauses)])
        case LookBacksOverdue():
            last = last_day_of(terms.calendar, event.due).isoformat()
            lines = [
                {"site": one.site_id, "requirement": one.requirement, "due": last, **clause_data(one.clauses)}
                for one in event.items
            ]
            _tell(state, at, look_backs=lines)
        case DutyPerformed() if event.cures:
            _leave_out(state, "duties", lambda line: line["duty"] == event.duty.value)
        case LookedBack():
            about = (event.site, event.requirement)
            _leave_out(state, "look_backs", lambda line: (line["site"], line["requirement"]) == about)
        case SitesReopened():
            _leave_out(state, "look_backs", lambda line: line["site"] in event.sites)
        case PatrolEnded():
            state.settle_at, state.settle_asked = None, 0
        case PatrolSettled():
            state.last_dispatch = max(state.last_dispatch or at, at)  # one more dispatch, with the last notices
        case PatrolClosed():
            state.settled_at = at


def _tell(state: CityState, at: datetime, *, duties: Sequence[Line] = (), look_backs: Sequence[Line] = ()) -> None:
    """One document a dispatch tells everything that is overdue."""
    add_lines(state, _OVERDUE, at, {"duties": duties, "look_backs": look_backs})


def _leave_out(state: CityState, name: str, done: Callable[[Line], bool]) -> None:
    """What was done before its delay could be told is not told any more."""
    edit_lines(state, _OVERDUE, name, lambda line: None if done(line) else line)


def facts_of_patrol(terms: CityTerms, state: CityState) -> PatrolFacts | None:
    """How status shows the patrol; None before it has begun."""
    patrol = state.patrol
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
                clauses=named(next_due=kept.clauses.get("due")),
                performed=kept.performed,
                missed=kept.missed,
                last_at=kept.last_at,
                cured=kept.cured,
            )
        )
    left = [item for items in patrol.look_backs.values() for item in items]
    told = patrol.look_backs_notified
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
        group=facts_of_group(terms.joint_group, state.joint_group),
    )
