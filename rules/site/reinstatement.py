"""A site that was carried over at the campaign's end although an amendment had moved that end before.

The news of an amendment reaches sites page by page, so a site may come to the old end first. It is opened again when it
hears of it, as it was: a carry-over for another reason (a stop, the province's decision) stays. What lies between is
standing time, since every command was refused.
"""

from datetime import datetime
from typing import Any

from rules.amendments.deadlines import soonest
from rules.amendments.ends import CAMPAIGN_ENDED, EndMove, moved_in_time
from rules.site.deferrals import TimeBack, apply_time_back, kept_clauses, time_back, with_notice
from rules.site.reopening import bounded
from rules.site.standing_time import moved
from rules.site.state import Interval, SiteState
from schemas.amendments import AmendSite, Reinstated, SiteReinstated, VerificationReinstated
from schemas.calendar import Calendar
from schemas.deferrals import UnmovedDeadline
from schemas.site.terms import SiteTerms
from schemas.stages import OPEN, Stage

_ENDED_BY_IT = {"stage", "level", "level_due", "acceptance", "sign_off", "extension_requests", "police", "options"}
"""The fields that a carry-over changes, those of options among them."""


def what_it_ends(state: SiteState, reason: str) -> dict[str, Any]:
    """What a carry-over for this reason ends, as data: kept until the site is opened again."""
    return {"reason": reason, **state.model_dump(mode="json", include=_ENDED_BY_IT)}


def decide_reinstatement(
    terms: SiteTerms, new: SiteTerms, state: SiteState, command: AmendSite, heard_at: datetime
) -> SiteReinstated | VerificationReinstated | None:
    """The event that opens a carried-over site again; None for one whose carry-over stays.

    `terms` are those under which it was carried over, `new` those of the amendment.
    """
    before, at = state.carried_over_from, state.settled_at
    if before is None or at != terms.ends_at or before["stage"] not in OPEN:
        return None
    if moved_in_time(at, before["reason"], [EndMove(command.effective_at, new.ends_at)]) is None:
        return None
    back = _time_back(new, _opened_again(state), at, heard_at)
    event = VerificationReinstated if before["stage"] == Stage.VERIFYING else SiteReinstated
    clauses = kept_clauses(state, back)
    return event(
        amendment=command.amendment, document=command.document, settled_at=at, clauses=clauses, **back._asdict()
    )


def reinstated(state: SiteState, event: Reinstated, heard_at: datetime) -> SiteState:
    """The state under this event, as a copy."""
    again = _opened_again(state)
    apply_time_back(again, event, event.settled_at, heard_at)
    again.carry_overs = [*state.carry_overs, _closed(event.settled_at, heard_at)]
    again.reinstated = event.amendment
    return again


def apply_reinstatement(state: SiteState, event: Reinstated, heard_at: datetime) -> None:
    """Apply it to the state, in place."""
    again = reinstated(state, event, heard_at)
    for name in type(state).model_fields:
        setattr(state, name, getattr(again, name))


def put_off(calendar: Calendar, due: datetime, stood: Interval) -> datetime:
    """The deadline of an option after the reinstatement, with its notice; as it was if it had passed before."""
    if stood.until is None or due < stood.since:
        return due
    whole = moved(calendar, UnmovedDeadline(due=due, since=stood.since), [stood])
    return max(whole, soonest(calendar, stood.until))


def _opened_again(state: SiteState) -> SiteState:
    """The state as it was before its carry-over, as a copy."""
    assert state.carried_over_from is not None
    before = SiteState.model_validate(state.carried_over_from)
    kept: dict[str, Any] = {name: getattr(before, name) for name in _ENDED_BY_IT}
    return state.model_copy(update=kept | {"settled_at": None, "carried_over_from": None})


def _time_back(terms: SiteTerms, state: SiteState, since: datetime, heard_at: datetime) -> TimeBack:
    """What moves by the time in which the site was closed; all of it on its resumption if it is suspended."""
    if state.suspended:
        return TimeBack(due=None, level_due=None, climbs_from=state.climbs_from, grace=state.grace)
    back = time_back(terms, state, since, heard_at, [*state.standing, _closed(since, heard_at)])
    floor = bounded(terms, state, soonest(terms.calendar, heard_at))

    def noticed(present: datetime | None, later: datetime | None) -> datetime | None:
        # Most deadlines at the end of a campaign are bounded by it: they were not over before the site was closed.
        return later if present is None or present < since else max(later or present, floor)

    return with_notice(terms, state, back, heard_at)._replace(
        due=noticed(state.due, back.due),
        level_due=noticed(state.level_due, back.level_due),
        grace=None if state.due == since else back.grace,
    )


def _closed(since: datetime, until: datetime) -> Interval:
    return Interval(since=since, until=until, reason=CAMPAIGN_ENDED)
