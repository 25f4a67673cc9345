"""What happens to a site by itself: reminders, rungs, a verdict that does not come, and the end of the campaign."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from rules.calendar import start_of
from rules.escalation import is_behind, next_reminder, next_rung
from rules.site.options.acceptance.max_rounds import exhausted_climb
from rules.site.options.acceptance.state import acceptance_state
from rules.site.options.extensions import is_pending, next_of_request
from rules.site.options.police import next_of_case
from rules.site.options.sign_off import next_of_sign_off
from rules.site.reopening import carry_over_reason, last_moment
from rules.site.state import SiteState
from rules.site.suspension import next_of_suspension
from rules.site.work import in_force
from schemas import events as ev
from schemas.options.sign_off import SIGN_OFF
from schemas.site.terms import RungTerms, SiteTerms
from schemas.stages import OPEN, Stage

Deadline = tuple[datetime, Callable[[], ev.Event]]
"""When something happens, and what: made only when it does."""


def next_of_site(
    terms: SiteTerms, state: SiteState, left: Callable[[], int], now: datetime
) -> tuple[datetime, ev.Event] | None:
    """The next thing that happens to a site that is not settled; `left()` counts what is not done.

    None for one that lives on after the campaign's end and for which nothing is due.
    """
    last = last_moment(terms, state)
    found: list[Deadline] = []
    if last is not None and state.stage is not Stage.CLOSED:  # closed sites live on for their case alone
        found.append((last, lambda: _carried_over(terms, state)))
    found.extend(next_of_suspension(terms, state))
    found.extend(next_of_request(terms, state, now))
    found.extend(next_of_case(terms, state, now))
    if state.stage in OPEN and not state.suspended:
        if state.stage is Stage.VERIFYING and terms.sign_off is not None and state.level == SIGN_OFF:
            found.extend(next_of_sign_off(terms, terms.sign_off, state, now))
        elif state.stage is Stage.VERIFYING:
            found.extend(_of_the_verdict(state))
        else:
            found.extend(_of_the_work(terms, state, left, now))
    if not found:
        return None
    at, event = min(found, key=lambda pair: pair[0])
    return at, event()


def _carried_over(terms: SiteTerms, state: SiteState) -> ev.CarriedOver:
    return ev.CarriedOver(reason=carry_over_reason(terms, state))


def _of_the_verdict(state: SiteState) -> Iterator[Deadline]:
    level, due = state.level, state.level_due
    if level is not None and due is not None and not state.level_overdue:
        panel = acceptance_state(state).panel
        missing = panel.silent if panel is not None else ()
        yield due, lambda: ev.AcceptanceOverdue(round=state.round, level=level, due=due, missing=missing)


def _of_the_work(t: SiteTerms, s: SiteState, left: Callable[[], int], now: datetime) -> Iterator[Deadline]:
    due, since = s.due, s.due_since
    if due is None or since is None:
        return
    reminder = next_reminder(t.calendar, t.reminder_days, due=due, reminded=s.reminded, since=since, now=now)
    if reminder is not None:
        day, days = reminder
        yield start_of(t.calendar, day), lambda: _reminded(t, s, left, day, days, due)
    if s.rung_waits or is_pending(
        s
    ):  # its document is not issued yet, or its request not decided: nothing overtakes it
        return
    if (at_once := exhausted_climb(t, s, now)) is not None:
        day, climbed_to = at_once
        yield start_of(t.calendar, day), lambda: _climbed(s, climbed_to, day, due, exhausted=True)
        return
    rung = _rung_ahead(t, s, due, now)
    if rung is not None:
        on, terms = rung
        yield start_of(t.calendar, on), lambda: _climbed(s, terms, on, due)


def next_climb(t: SiteTerms, s: SiteState, now: datetime) -> tuple[date, RungTerms] | None:
    """The rung that a site reaches next by itself, and on which day; None where it climbs none or is held."""
    if s.stage is not Stage.RECTIFYING or s.suspended or s.due is None or s.rung_waits or is_pending(s):
        return None
    return exhausted_climb(t, s, now) or _rung_ahead(t, s, s.due, now)


def _rung_ahead(t: SiteTerms, s: SiteState, due: datetime, now: datetime) -> tuple[date, RungTerms] | None:
    return next_rung(
        t.calendar,
        t.ladder,
        reached=s.rung,
        due=due,
        reached_on=s.rung_on,
        not_before=s.climbs_from,
        now=now,
        office=t.office_catch_up,
    )


def _reminded(t: SiteTerms, s: SiteState, left: Callable[[], int], day: date, days: int, due: datetime) -> ev.Reminded:
    every = len(in_force(t, s))
    behind = is_behind(every - left(), every, s.due_since or due, due, start_of(t.calendar, day))
    return ev.Reminded(round=s.round, days_before=days, due=due, sheet="yellow" if behind else "blue")


def _climbed(s: SiteState, terms: RungTerms, on: date, due: datetime, *, exhausted: bool = False) -> ev.Climbed:
    return ev.Climbed(
        round=s.round,
        rung=terms.rung,
        instrument=terms.instrument,
        on=on,
        due=due,
        awaits_approval=terms.approval,
        proposal=s.proposals.get(str(terms.rung), 0) + 1,
        exhausted=exhausted,
    )
