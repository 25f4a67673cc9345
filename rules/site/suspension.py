"""Time that stands still: what a suspension may begin from, and what is given back when it ends.

Suspensions are a ledger of intervals that never overlap; a deadline gets back the time that stood still after it was
set, and so does the grace before the next rung of a site that was overdue already.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from rules.calendar import end_of, last_day_of, local_date, next_working_day, round_up_to_midnight, start_of
from rules.escalation import next_rung
from rules.site.reopening import bounded, last_moment
from rules.site.state import SiteState
from schemas import events as ev
from schemas.errors import Refused
from schemas.site.commands import Suspend
from schemas.site.terms import SiteTerms

_DAY = timedelta(days=1)


def decide_suspension(terms: SiteTerms, state: SiteState, command: Suspend, at: datetime) -> ev.Suspended:
    """Time stands still from `at`; raises Refused if it does already, or did then."""
    if state.suspended:
        raise Refused(f"the site is suspended already, since {state.suspensions[-1].since:%Y-%m-%d}")
    last = state.suspensions[-1].until if state.suspensions else None
    if last is not None and at < last:
        raise Refused(f"the site was resumed on {last:%Y-%m-%d %H:%M} UTC; it can not be suspended from before that")
    calendar, until = terms.calendar, command.until
    if until is not None and end_of(calendar, until) <= at:
        raise Refused(f"{until} has passed; a suspension must end in the future")
    if until is not None and (ends := last_moment(terms, state)) is not None and end_of(calendar, until) > ends:
        raise Refused(f"the site is carried over on {last_day_of(calendar, ends)}; a suspension can not end after that")
    return ev.Suspended(reason=command.reason, basis=command.basis, until=until)


def next_of_suspension(terms: SiteTerms, state: SiteState) -> Iterator[tuple[datetime, Callable[[], ev.Event]]]:
    """A suspension whose last day is known ends by itself with that day."""
    last = state.suspensions[-1].planned_until if state.suspended else None
    if last is not None:
        ends_at = end_of(terms.calendar, last)
        yield ends_at, lambda: decide_resumption(terms, state, None, ends_at)


def decide_resumption(terms: SiteTerms, state: SiteState, reason: str | None, at: datetime) -> ev.Resumed:
    """Time goes on from `at`; raises Refused if it did not stand still then."""
    if not state.suspended:
        raise Refused("the site is not suspended; there is nothing to resume")
    since = state.suspensions[-1].since
    if at < since:
        raise Refused(f"the site was suspended on {since:%Y-%m-%d %H:%M} UTC; it can not be resumed before that")

    def given_back(due: datetime | None, set_at: datetime | None) -> datetime | None:
        if due is None or due <= since:
            return None
        stood_still = at - max(since, set_at or since)
        return bounded(terms, state, round_up_to_midnight(terms.calendar, due + max(stood_still, timedelta(0))))

    return ev.Resumed(
        reason=reason,
        due=given_back(state.due, state.due_since),
        level_due=given_back(state.level_due, state.level_since),
        climbs_from=_climbs_from(terms, state, since, at),
    )


def _climbs_from(terms: SiteTerms, state: SiteState, since: datetime, at: datetime) -> date:
    """The first day on which the site may climb again: never that of its resumption, and not within a grace."""
    calendar = terms.calendar
    first = local_date(calendar, at) + _DAY
    if state.due is not None and state.due <= since and not state.rung_waits:
        rung = next_rung(
            calendar,
            terms.ladder,
            reached=state.rung,
            due=state.due,
            reached_on=state.rung_on,
            not_before=state.climbs_from,
            now=since,
            office=terms.office_catch_up,
        )
        if rung is not None:
            # Of a grace that began while time stood still (a rung withdrawn meanwhile) only the rest is given back.
            begun = since if state.rung_on is None else max(since, start_of(calendar, state.rung_on))
            graced_until = round_up_to_midnight(calendar, start_of(calendar, rung[0]) + max(at - begun, _DAY * 0))
            first = max(first, local_date(calendar, graced_until))
    return next_working_day(calendar, first)
