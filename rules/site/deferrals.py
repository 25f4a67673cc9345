"""What moves a site's deadlines: suspensions (中止) and extensions (延期).

Suspensions are intervals that never overlap. A deadline gets back the time of every suspension after it was set, and so
does the grace before the next rung of a site that was overdue already (`rules.site.standing_time`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from rules.aggregate import EventTime
from rules.amendments.deadlines import soonest
from rules.calendar import (
    end_of,
    last_day_of,
    local_date,
    next_working_day,
    shown_instant,
    start_of,
)
from rules.escalation import next_rung
from rules.site.reopening import bounded, last_moment
from rules.site.standing_time import moved
from rules.site.state import Interval, SiteState
from rules.site.variations import ladder
from schemas import events as ev
from schemas.amendments import Reinstated
from schemas.calendar import EXTENSION, ClauseNames, named
from schemas.deferrals import UnmovedDeadline
from schemas.errors import Refused
from schemas.site.commands import Extend, Suspend
from schemas.site.terms import SiteTerms

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
    back_to = state.rung_before if _is_dropped(terms, state, at) else None
    return ev.Suspended(
        reason=command.reason,
        basis=command.basis,
        until=until,
        back_to=back_to,
        order=command.order,
        document=command.document,
    )


def _is_dropped(terms: SiteTerms, state: SiteState, since: datetime) -> bool:
    """Whether the site's rung is only proposed, for being overdue at a time that stood still.

    One that is proposed ahead of the deadline has another cause (its rounds are used up), and stays.
    """
    if state.rung_on is None or state.due is None or not state.rung_waits:
        return False
    return fell_since(terms, state, since) and state.due <= start_of(terms.calendar, state.rung_on)


def next_of_suspension(terms: SiteTerms, state: SiteState) -> Iterator[tuple[datetime, Callable[[], ev.Event]]]:
    """A suspension whose last day is known ends by itself with that day.

    Its end is heard of with its beginning, and by a site that was carried over with its reinstatement.
    """
    last = state.suspensions[-1].planned_until if state.suspended else None
    if last is not None:
        ends_at = end_of(terms.calendar, last)
        heard = (ends_at, state.suspensions[-1].heard_at, *(one.until for one in state.carry_overs))
        when = EventTime(ends_at, max(filter(None, heard)))
        yield ends_at, lambda: decide_resumption(terms, state, None, when)


def decide_resumption(
    terms: SiteTerms, state: SiteState, reason: str | None, when: EventTime, order: int | None = None
) -> ev.Resumed:
    """The end of the suspension at `when.at`; raises Refused if none ran then.

    One that is heard of on a later day leaves the notice of that.
    """
    if not state.suspended:
        raise Refused("the site is not suspended; there is nothing to resume")
    if order is not None and state.suspensions[-1].order != order:
        raise Refused(f"the site does not stand still by order {order}; it is resumed by itself")
    calendar, since = terms.calendar, state.suspensions[-1].since
    if when.at < since:
        suspended = shown_instant(calendar, since)
        raise Refused(f"the site was suspended on {suspended}; it can not be resumed before that")
    ended = state.suspensions[-1].model_copy(update={"until": when.at})
    back = time_back(terms, state, since, when.at, [*state.suspensions[:-1], ended, *state.carry_overs])
    if local_date(calendar, when.at) != local_date(calendar, when.heard_at):
        back = with_notice(terms, state, back, when.heard_at)
    return ev.Resumed(reason=reason, order=order, clauses=kept_clauses(state, back), **back._asdict())


class TimeBack(NamedTuple):
    """What moves where time has stood still: as the fields of the event `resumed`."""

    due: datetime | None
    level_due: datetime | None
    climbs_from: date | None
    grace: UnmovedDeadline | None


def kept_clauses(state: SiteState, back: TimeBack) -> ClauseNames:
    """The clauses of the deadlines that moved: time that stood still does not change them."""
    due, level_due = (state.clauses.get(name) for name in ("due", "level_due"))
    return named(due=due if back.due is not None else None, level_due=level_due if back.level_due is not None else None)


def time_back(
    terms: SiteTerms, state: SiteState, since: datetime, until: datetime, standing: Sequence[Interval]
) -> TimeBack:
    """What moves as time, which stood still from `since`, runs again at `until`; `standing` is all that stood still."""

    def given_back(due: datetime | None, unmoved: UnmovedDeadline | None) -> datetime | None:
        if due is None:
            return None
        whole = moved(terms.calendar, unmoved or UnmovedDeadline(due=due, since=since), standing)
        later = bounded(terms, state, whole)
        return later if later > due else None

    due = given_back(state.due, state.due_unmoved)
    grace = _grace(terms, state, due or state.due, since, until)
    return TimeBack(
        due=due,
        level_due=given_back(state.level_due, state.level_unmoved),
        climbs_from=state.climbs_from if grace is None else _first_day(terms, grace, standing),
        grace=grace,
    )


def with_notice(terms: SiteTerms, state: SiteState, back: TimeBack, heard_at: datetime) -> TimeBack:
    """What moved leaves until the end of the day after it was heard of, and there is no climb before."""
    calendar = terms.calendar
    floor = bounded(terms, state, soonest(calendar, heard_at))
    first = next_working_day(calendar, local_date(calendar, heard_at) + timedelta(days=1))
    return back._replace(
        due=None if back.due is None else max(back.due, floor),
        level_due=None if back.level_due is None else max(back.level_due, floor),
        climbs_from=max(back.climbs_from or first, first),
    )


def apply_time_back(state: SiteState, event: ev.Resumed | Reinstated, since: datetime, at: datetime) -> None:
    """Apply what moved by the time from `since` to `at`, in place."""
    if event.due is not None:
        state.due = event.due
        if state.reminded_at is not None and state.reminded_at >= since:
            state.reminded = state.reminded_at = None
    if event.level_due is not None:
        state.level_due = event.level_due
        state.level_overdue = state.level_overdue and event.level_due <= at
    state.climbs_from, state.grace = event.climbs_from, event.grace


def _first_day(terms: SiteTerms, grace: UnmovedDeadline, suspensions: Iterable[Interval]) -> date:
    return next_working_day(terms.calendar, local_date(terms.calendar, moved(terms.calendar, grace, suspensions)))


def _grace(
    terms: SiteTerms, state: SiteState, due: datetime | None, since: datetime, at: datetime
) -> UnmovedDeadline | None:
    """The day of the next rung without suspensions, for a site whose grace runs; None for any other.

    The grace of a rung that fell while time stood still (the engine heard of the suspension later) counts anew from the
    resumption, or from the deadline, where that moved to after it.
    """
    if due is None or state.rung_waits:
        return None
    if state.grace is not None:
        return state.grace
    fell = state.rung_on if fell_since(terms, state, since) else None
    if fell is None and due > since and state.rung_on is None:
        return None
    rung = next_rung(
        terms.calendar,
        ladder(terms, state),
        reached=state.rung,
        due=due,
        reached_on=state.rung_on
        if fell is None
        else max(local_date(terms.calendar, at), last_day_of(terms.calendar, due)),
        not_before=state.not_before,
        now=since if fell is None else at,
    )
    if rung is None:
        return None
    return UnmovedDeadline(due=start_of(terms.calendar, rung[0]), since=since if fell is None else at)


def fell_since(terms: SiteTerms, state: SiteState, since: datetime) -> bool:
    """Whether the site climbed to its rung, or the rung's document was issued, at `since` or later."""
    return state.rung_on is not None and start_of(terms.calendar, state.rung_on) >= since


def require_time_ran(terms: SiteTerms, state: SiteState, said_at: datetime) -> None:
    """Raises Refused for work that was done while the site stood still, unless the plan counts it.

    `said_at` is when its sender says that it was done, whether the engine takes that time or not.
    """
    stood = next((one for one in state.suspensions if one.holds(said_at)), None)
    if stood is None or terms.work_counts_suspended:
        return
    begun = shown_instant(terms.calendar, stood.since)
    why = f"{stood.basis}: {stood.reason}" if stood.basis is not None else stood.reason
    if stood.until is None:
        raise Refused(
            f"the site is suspended since {begun} ({why}); work that was done before counts with its own time, later "
            "work after `resume`, or where the plan says suspension.work_counts"
        )
    until = shown_instant(terms.calendar, stood.until)
    raise Refused(
        f"the site was suspended from {begun} to {until} ({why}); work that was done then "
        "does not count, unless the plan says suspension.work_counts"
    )


# -- extensions ----------------------------------------------------------------------------------------------------


def decide_extension(terms: SiteTerms, state: SiteState, command: Extend, at: datetime) -> ev.Extended:
    """An extension that is granted; raises Refused, naming the day it must lie after or before."""
    used_up(terms, state)
    due = may_be_due(terms, state, command.until, at)
    return ev.Extended(until=command.until, due=due, reason=command.reason, clauses=named(due=EXTENSION))


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
