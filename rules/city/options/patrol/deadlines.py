"""What a city's patrol brings about by itself: missed duties, overdue look-backs, reopenings, and its end."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rules.calendar import period_after
from rules.city.options.patrol.state import overdue
from rules.city.options.protocol import Due
from rules.city.state import CityState
from rules.effects import ReconcileSites, ReopenSites, SettleSites
from schemas.calendar import Calendar, named
from schemas.city import CityTerms
from schemas.options.patrol import DutyMissed, DutyTerms, LookBacksOverdue, PatrolEnded
from schemas.options.patrol_state import DutyState, PatrolState
from schemas.reopening import Reopening


def next_of_patrol(terms: CityTerms, state: CityState, now: datetime) -> Iterator[Due]:
    """The next missed duty, overdue look-back and reopening, and the end; what is settled and looked at after it."""
    patrol = state.patrol
    if patrol is None or patrol.closed_at is not None:
        return
    for one in patrol.reopening:
        if not one.asked:
            site = Reopening(site_id=one.site, reason=one.reason, failed_requirements=one.failed_requirements)
            yield one.at, ReopenSites(one.at, one.cause, one.origin, (site,))
    until = _until(terms, patrol)
    if patrol.ended_at is None:
        for duty in terms.patrol.duties if terms.patrol is not None else ():
            kept = patrol.duties.get(duty.duty)
            if kept is not None and kept.due <= until:
                yield kept.due, _missed(terms.calendar, duty, kept, min(now, until))
        due = patrol.look_backs_next
        if due is not None and due <= until:
            late = overdue(patrol, due)
            yield due, LookBacksOverdue(due=due, items=late, clauses=late[0].clauses if late else {})
        yield max(until, patrol.began_at), PatrolEnded()
    if patrol.city_closed_at is None or patrol.settled:
        return
    if patrol.ended_at is not None and not patrol.reopening:
        at = state.settle_at or max(patrol.ended_at, patrol.city_closed_at)
        yield at, SettleSites(patrol.ended_at, "the patrol ended", again=state.settle_asked > 0)
    if state.opened and state.last_reconciled is not None:
        at = state.last_reconciled + timedelta(days=terms.reconcile_every_days)
        yield at, ReconcileSites(at)


def _missed(calendar: Calendar, duty: DutyTerms, kept: DutyState, now: datetime) -> DutyMissed:
    """The period that ends now; after an outage also those that ended since."""
    periods, ended = 1, kept.due
    while (next_due := period_after(calendar, ended, duty.every)) <= now:
        ended, periods = next_due, periods + 1
    clauses = named(due=kept.clauses.get("due"), next_due=duty.every)
    return DutyMissed(duty=duty.duty, due=kept.due, periods=periods, ended=ended, next_due=next_due, clauses=clauses)


def _until(terms: CityTerms, patrol: PatrolState) -> datetime:
    """The end that holds now: an amendment may have moved it."""
    return patrol.until if terms.patrol is None else terms.patrol.until
