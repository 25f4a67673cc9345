"""What happens to a site by itself: reminders, rungs, a verdict that does not come, and the end of the campaign."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from rules.calendar import start_of
from rules.ladder import is_behind, next_reminder, next_rung
from rules.site_state import OPEN, SiteState, Stage
from rules.site_work import in_force
from schemas import events as ev
from schemas.terms import RungTerms, SiteTerms

Deadline = tuple[datetime, Callable[[], ev.Event]]
"""When something happens, and what: made only when it does."""


def next_of_site(
    terms: SiteTerms, state: SiteState, left: Callable[[], int], now: datetime
) -> tuple[datetime, ev.Event]:
    """The next thing that happens to a site that is not settled; `left()` counts what is not done."""
    found: list[Deadline] = [(terms.ends_at, _carried_over)]
    if state.stage in OPEN and not state.suspended:
        if state.stage is Stage.VERIFYING:
            found.extend(_of_the_verdict(state))
        else:
            found.extend(_of_the_work(terms, state, left, now))
    at, event = min(found, key=lambda pair: pair[0])
    return at, event()


def _carried_over() -> ev.CarriedOver:
    return ev.CarriedOver(reason="the campaign ended")


def _of_the_verdict(state: SiteState) -> Iterator[Deadline]:
    level, due = state.level, state.level_due
    if level is not None and due is not None and not state.level_overdue:
        yield due, lambda: ev.AcceptanceOverdue(round=state.round, level=level, due=due)


def _of_the_work(t: SiteTerms, s: SiteState, left: Callable[[], int], now: datetime) -> Iterator[Deadline]:
    due, since = s.due, s.due_since
    if due is None or since is None:
        return
    reminder = next_reminder(t.calendar, t.reminder_days, due=due, reminded=s.reminded, since=since, now=now)
    if reminder is not None:
        day, days = reminder
        yield start_of(t.calendar, day), lambda: _reminded(t, s, left, day, days, due)
    if s.rung_waits:  # its document is not issued yet, and nothing overtakes it
        return
    rung = next_rung(
        t.calendar,
        t.ladder,
        reached=s.rung,
        due=due,
        reached_on=s.rung_on,
        not_before=s.climbs_from,
        now=now,
        office=t.office_catch_up,
    )
    if rung is not None:
        on, terms = rung
        yield start_of(t.calendar, on), lambda: _climbed(s, terms, on, due)


def _reminded(t: SiteTerms, s: SiteState, left: Callable[[], int], day: date, days: int, due: datetime) -> ev.Reminded:
    every = len(in_force(t, s))
    behind = is_behind(every - left(), every, s.due_since or due, due, start_of(t.calendar, day))
    return ev.Reminded(round=s.round, days_before=days, due=due, sheet="yellow" if behind else "blue")


def _climbed(s: SiteState, terms: RungTerms, on: date, due: datetime) -> ev.Climbed:
    return ev.Climbed(
        round=s.round,
        rung=terms.rung,
        instrument=terms.instrument,
        on=on,
        due=due,
        awaits_approval=terms.approval,
        proposal=s.proposals.get(str(terms.rung), 0) + 1,
    )
