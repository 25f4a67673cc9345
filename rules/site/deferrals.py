"""What moves a site's deadlines: suspensions (中止) and extensions (延期).

Suspensions are intervals that never overlap. A deadline gets back the time of every suspension after it was set, and so
does the grace before the next rung of a site that was overdue already.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from rules.calendar import (
    end_of,
    last_day_of,
    local_date,
    next_working_day,
    round_up_to_midnight,
    shown_instant,
    start_of,
)
from rules.escalation import next_rung
from rules.site.reopening import bounded, last_moment
from rules.site.state import SiteState
from schemas import events as ev
from schemas.errors import Refused
from schemas.site.commands import Extend, Suspend
from schemas.site.terms import SiteTerms

_DAY = timedelta(days=1)


# -- suspensions ---------------------------------------------------------------------------------------------------


def decide_suspension(terms: SiteTerms, state: SiteState, command: Suspend, at: datetime) -> ev.Suspended:
    """A suspension from `at` on; raises Refused if one runs already, or ran then."""
    if state.suspended:
        since = local_date(terms.calendar, state.suspensions[-1].since)
        raise Refused(f"the site is suspended already, since {since}")
    last = state.suspensions[-1].until if state.suspensions else None
    if last is not None and at < last:
        resumed = shown_instant(terms.calendar, last)
        raise Refused(f"the site was resumed on {resumed}; it can not be suspended from before that")
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
    """The end of the suspension at `at`; raises Refused if none ran then."""
    if not state.suspended:
        raise Refused("the site is not suspended; there is nothing to resume")
    since = state.suspensions[-1].since
    if at < since:
        suspended = shown_instant(terms.calendar, since)
        raise Refused(f"the site was suspended on {suspended}; it can not be resumed before that")

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
            not_before=state.not_before,
            now=since,
        )
        if rung is not None:
            # Of a grace that began while time stood still (a rung withdrawn meanwhile) only the rest is given back.
            begun = since if state.rung_on is None else max(since, start_of(calendar, state.rung_on))
            graced_until = round_up_to_midnight(calendar, start_of(calendar, rung[0]) + max(at - begun, _DAY * 0))
            first = max(first, local_date(calendar, graced_until))
    return next_working_day(calendar, first)


# -- extensions ----------------------------------------------------------------------------------------------------


def decide_extension(terms: SiteTerms, state: SiteState, command: Extend, at: datetime) -> ev.Extended:
    """An extension that is granted; raises Refused, naming the day it must lie after or before."""
    used_up(terms, state)
    return ev.Extended(until=command.until, due=may_be_due(terms, state, command.until, at), reason=command.reason)


def may_be_due(terms: SiteTerms, state: SiteState, until: date, at: datetime) -> datetime:
    """The deadline at the end of `until`; raises Refused where the site may not be due then."""
    calendar = terms.calendar
    if (last_at := last_moment(terms, state)) is not None and until > (last := last_day_of(calendar, last_at)):
        what = "campaign" if last_at == terms.ends_at else "patrol"
        raise Refused(f"the {what} ends on {last}; a site can not be extended beyond it")
    due, present = end_of(calendar, until), state.due
    if present is not None and due <= present:
        raise Refused(f"the site is due on {last_day_of(calendar, present)} already; an extension must end after that")
    if due <= at:
        raise Refused(f"{until} has passed; an extension must end in the future")
    return due


def used_up(terms: SiteTerms, state: SiteState) -> None:
    """Raises Refused if the plan allows no further extension of this site, granted by request or without."""
    if terms.extension is not None and state.extensions >= terms.extension.at_most:
        times = "once" if state.extensions == 1 else f"{state.extensions} times"
        raise Refused(f"the site was extended {times}; the plan allows no more than {terms.extension.at_most}")
