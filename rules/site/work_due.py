"""When the work of a site is due by the plan, with the time that suspensions gave back."""

from datetime import datetime

from rules.calendar import clause_end, round_up_to_midnight
from rules.site.reopening import bounded
from rules.site.state import SiteState
from schemas.site.terms import SiteTerms


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
