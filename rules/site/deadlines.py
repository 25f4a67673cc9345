"""The deadlines of a site: reminders, rungs, an overdue verdict, those of its options, and the end of the campaign."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Literal

from rules.calendar import start_of
from rules.escalation import is_behind, next_reminder, next_rung
from rules.site.deferrals import next_of_suspension
from rules.site.options.protocol import Deadline
from rules.site.options.registry import SITE_OPTIONS
from rules.site.reopening import carry_over_reason, last_moment
from rules.site.state import SiteState
from rules.site.variations import ladder, reminder_days
from rules.site.verdicts import verdict_deadline
from rules.site.work import in_force
from schemas import events as ev
from schemas.calendar import named
from schemas.site.terms import RungTerms, SiteTerms
from schemas.stages import OPEN, Stage


def next_of_site(
    terms: SiteTerms, state: SiteState, left: Callable[[], int], now: datetime
) -> tuple[datetime, ev.Event] | None:
    """The earliest deadline of a site that is not settled, with its event; `left()` counts what is not done.

    Of deadlines at one instant it is the first in the order below. None for a site that is open after the campaign's
    end while nothing is due.
    """
    last = last_moment(terms, state)
    found: list[Deadline] = []
    if last is not None and state.stage is not Stage.CLOSED:  # a closed site is open for an option alone
        found.append((last, lambda: _carried_over(terms, state)))
    found.extend(next_of_suspension(terms, state))
    for option in SITE_OPTIONS.having("deadlines"):
        found.extend(option.deadlines(terms, state, now))
    if state.stage in OPEN and not state.suspended:
        if state.stage is Stage.VERIFYING:
            found.extend(_of_the_level(terms, state, now))
        else:
            found.extend(_of_the_work(terms, state, left, now))
    if not found:
        return None
    at, event = min(found, key=lambda pair: pair[0])
    return at, event()


def _carried_over(terms: SiteTerms, state: SiteState) -> ev.CarriedOver:
    return ev.CarriedOver(reason=carry_over_reason(terms, state))


def _of_the_level(terms: SiteTerms, state: SiteState, now: datetime) -> Iterable[Deadline]:
    for option in SITE_OPTIONS.having("level_deadlines"):
        if (of_option := option.level_deadlines(terms, state, now)) is not None:
            return of_option
    return verdict_deadline(state)


def _of_the_work(t: SiteTerms, s: SiteState, left: Callable[[], int], now: datetime) -> Iterator[Deadline]:
    due, since = s.due, s.due_since
    if due is None or since is None:
        return
    heard_at = s.due_heard_at or since
    reminder = next_reminder(t.calendar, reminder_days(t, s), due=due, reminded=s.reminded, since=heard_at, now=now)
    if reminder is not None:
        day, days = reminder
        yield _begins(t, s, day), lambda: _reminded(t, s, left, day, days, due)
    if _is_blocked(t, s):
        return
    if (at_once := _climb_at_once(t, s, now)) is not None:
        day, climbed_to = at_once
        yield _begins(t, s, day), lambda: _climbed(s, climbed_to, day, due, exhausted=True)
        return
    rung = _rung_ahead(t, s, due, now)
    if rung is not None:
        on, terms = rung
        yield _begins(t, s, on), lambda: _climbed(s, terms, on, due)


def _begins(t: SiteTerms, s: SiteState, day: date) -> datetime:
    """The beginning of a day; of one that began while time stood still, when it ran again."""
    begins = start_of(t.calendar, day)
    return max(begins, s.ran_again_at or begins)


def next_climb(t: SiteTerms, s: SiteState, now: datetime) -> tuple[date, RungTerms] | None:
    """The rung that a site reaches next by itself, and on which day; None where it climbs none or is held."""
    if s.stage is not Stage.RECTIFYING or s.suspended or s.due is None or _is_blocked(t, s):
        return None
    return _climb_at_once(t, s, now) or _rung_ahead(t, s, s.due, now)


def _is_blocked(t: SiteTerms, s: SiteState) -> bool:
    """Whether the document of the present rung is not issued yet, or an option holds the site where it is."""
    return s.rung_waits or any(option.blocks_escalation(t, s) for option in SITE_OPTIONS.having("blocks_escalation"))


def _climb_at_once(t: SiteTerms, s: SiteState, now: datetime) -> tuple[date, RungTerms] | None:
    found = (option.climbs_at_once(t, s, now) for option in SITE_OPTIONS.having("climbs_at_once"))
    return next((climb for climb in found if climb is not None), None)


def _rung_ahead(t: SiteTerms, s: SiteState, due: datetime, now: datetime) -> tuple[date, RungTerms] | None:
    return next_rung(
        t.calendar,
        ladder(t, s),
        reached=s.rung,
        due=due,
        reached_on=s.rung_on,
        not_before=s.not_before,
        now=now,
    )


def _reminded(t: SiteTerms, s: SiteState, left: Callable[[], int], day: date, days: int, due: datetime) -> ev.Reminded:
    every = len(in_force(t, s))
    behind = is_behind(every - left(), every, s.due_since or due, due, start_of(t.calendar, day))
    sheet: Literal["blue", "yellow"] = "yellow" if behind else "blue"
    return ev.Reminded(round=s.round, days_before=days, due=due, sheet=sheet, clauses=named(due=s.clauses.get("due")))


def _climbed(s: SiteState, terms: RungTerms, on: date, due: datetime, *, exhausted: bool = False) -> ev.Climbed:
    return ev.Climbed(
        round=s.round,
        rung=terms.rung,
        instrument=terms.instrument,
        on=on,
        due=due,
        awaits_approval=terms.approval,
        proposal=s.proposals.get(str(terms.rung), 0) + 1,
        clauses=named(due=s.clauses.get("due"), on=terms.after),
        exhausted=exhausted,
    )
