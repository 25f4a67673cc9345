"""Deadlines under an amended plan: counted from the same occasion by the new clause; nobody is overdue by surprise."""

from datetime import datetime, timedelta

from rules.calendar import clause_end, end_of, local_date, round_up_to_midnight
from rules.reopening import bounded
from rules.site_state import SiteState
from schemas.calendar import Calendar, Clause
from schemas.terms import SiteTerms

_DAY = timedelta(days=1)


def soonest(calendar: Calendar, at: datetime) -> datetime:
    """Before this no deadline moves: the end of the day after the amendment was heard."""
    return end_of(calendar, local_date(calendar, at) + _DAY)


def eased(present: datetime | None, recomputed: datetime, floor: datetime) -> datetime:
    """A deadline that comes nearer leaves time until `floor`, unless it lay before that already."""
    if present is None or recomputed >= present:
        return recomputed
    return max(recomputed, min(present, floor))


def moved(
    calendars: tuple[Calendar, Calendar],
    clauses: tuple[Clause, Clause],
    occasion: datetime,
    present: datetime,
    at: datetime,
) -> datetime | None:
    """The new end of a clause that was occasioned at `occasion`, calendars and clauses as old and new.

    None where it stays. One that was set later than its clause says (it was heard of later) keeps that time.
    """
    old, new = (clause_end(c, occasion, clause) for c, clause in zip(calendars, clauses, strict=True))
    if old == new:
        return None
    due = eased(present, new + max(present - old, timedelta(0)), soonest(calendars[1], at))
    return None if due == present else due


def with_time_given_back(terms: SiteTerms, state: SiteState, due: datetime, set_at: datetime) -> datetime:
    """A deadline that was set at `set_at`, with what suspensions since then gave back; never after the site's time."""
    for interval in state.suspensions:
        if interval.until is None or interval.until <= set_at or due <= interval.since:
            continue
        stood_still = interval.until - max(interval.since, set_at)
        due = round_up_to_midnight(terms.calendar, due + stood_still)
    return bounded(terms, state, due)


def work_due(terms: SiteTerms, state: SiteState) -> datetime | None:
    """When the work of this round is due by the plan: its clause from the opening, or from the last failure.

    None for a site that was opened again: what it has to do again has a deadline of its own, which stays.

    A clause that was extended ends with the extension, if that is later.
    """
    since = state.work_since or (state.opened_at if state.round == 1 else state.due_since)
    if since is None or state.reopened:
        return None
    clause = terms.rectification if state.round == 1 else terms.re_rectification
    if clause is None:
        return None
    dates = [with_time_given_back(terms, state, clause_end(terms.calendar, since, clause), since)]
    if state.extended_to is not None and state.extended_at is not None:
        dates.append(with_time_given_back(terms, state, state.extended_to, state.extended_at))
    return max(dates)
