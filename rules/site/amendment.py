"""A site under an amended plan: which of its terms change, what moves with them, and what stays as it was.

Done quantities stand, requirements that the amendment takes away are asked for no more, rungs that were reached stay
reached. A site that is verified and gets new work goes back to it, in the same round.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from rules.amendments.deadlines import eased, soonest
from rules.amendments.overlay import overlaid
from rules.calendar import clause_end, due_by
from rules.site.reinstatement import decide_reinstatement, reinstated
from rules.site.reopening import bounded
from rules.site.standing_time import moved
from rules.site.state import SiteState
from rules.site.variations import re_rectification, rectification
from rules.site.work import in_force, outstanding
from schemas.amendments import AmendSite, SiteAmended, VerificationRecalled
from schemas.calendar import EXTENSION, Clause, NamedClause, named
from schemas.deferrals import UnmovedDeadline
from schemas.errors import Refused
from schemas.event import Event
from schemas.phase_end import Within
from schemas.site.terms import SiteTerms
from schemas.stages import OPEN, Stage


def decide_amendment(
    base: SiteTerms, terms: SiteTerms, state: SiteState, command: AmendSite, heard_at: datetime
) -> Iterator[Event]:
    """What follows from an amendment; nothing for a site that knows it, or is not open.

    `base` are the terms that the site began with, `terms` those that are in force up to now. A site that was carried
    over at an end which the amendment had moved before is opened again first. Its deadlines leave the notice of an
    amendment from `heard_at`, when the site heard of it.
    """
    if command.amendment <= state.amendment or state.stage not in (*OPEN, Stage.CARRIED_OVER):
        return
    try:
        new = overlaid(base, command.terms)
    except ValueError:
        raise Refused(f"amendment {command.document} brings terms that can not be read by this site") from None
    if state.stage is Stage.CARRIED_OVER:
        reinstatement = decide_reinstatement(terms, new, state, command, heard_at)
        if reinstatement is None:
            return
        yield reinstatement
        state = reinstated(state, reinstatement, heard_at)
    before = {r.id: r.quantity for r in in_force(terms, state)}
    after = {r.id: r.quantity for r in in_force(new, state)}
    recalled = state.stage is Stage.VERIFYING and bool(outstanding(new, state))
    work = _due(terms, new, state, heard_at)
    level = None if recalled else _level_due(terms, new, state, heard_at)
    yield SiteAmended(
        amendment=command.amendment,
        document=command.document,
        terms=command.terms,
        requirements=None if before == after else after,
        due=work.due if work else None,
        level_due=level.due if level else None,
        due_unmoved=work.unmoved if work else None,
        level_unmoved=level.unmoved if level else None,
        clauses=named(
            due=work_clause(new, state) if work else None, level_due=_level(new, state.level) if level else None
        ),
    )
    if recalled:
        # Its own deadline may have passed while it was done: the new work has the clause of work that is done again.
        clause = re_rectification(new, state, heard_at)
        again = bounded(new, state, due_by(new.calendar, heard_at, clause))
        due = work.due if work else state.due
        stands = due is not None and due > again
        yield VerificationRecalled(
            round=state.round,
            level=state.level,
            document=command.document,
            due=max(again, due or again),
            amendment=command.amendment,
            clauses=named(due=(work_clause(new, state) if work else state.clauses.get("due")) if stands else clause),
        )


def apply_amendment(
    state: SiteState, event: SiteAmended | VerificationRecalled, at: datetime, received_at: datetime
) -> None:
    """Apply what an amendment changes to the state, in place."""
    if isinstance(event, VerificationRecalled):
        state.level = state.level_due = None
        state.proceed(at)
        if event.due != state.due:
            move_deadline(state, event, event.due, state.unmoved(event.due, received_at), at, received_at)
        return
    state.amendment, state.overlay = event.amendment, event.terms
    for requirement in event.requirements or ():
        state.done.setdefault(requirement, Decimal())
        state.evidence.setdefault(requirement, [])
    if event.due is not None:
        move_deadline(state, event, event.due, event.due_unmoved, at, received_at)
    if event.level_due is not None:
        state.keep_clause("level_due", event.clauses)
        state.level_due, state.level_unmoved = event.level_due, event.level_unmoved
        state.level_overdue = state.level_overdue and event.level_due <= at


def move_deadline(
    state: SiteState,
    event: Event,
    due: datetime,
    unmoved: UnmovedDeadline | None,
    at: datetime,
    received_at: datetime,
) -> None:
    """A new deadline. One that still lies ahead begins the next grace anew, as an extension does."""
    state.set_deadline(due, at, received_at, event.clauses)
    state.due_unmoved = unmoved
    if due > at:
        state.drop_proposed_rung()


class _Moved(NamedTuple):
    """A deadline under the new terms, and what it was before suspensions moved it."""

    due: datetime
    unmoved: UnmovedDeadline


def _due(terms: SiteTerms, new: SiteTerms, state: SiteState, heard_at: datetime) -> _Moved | None:
    """The work's deadline under the new terms, where it moves; not where nothing that it is counted by has changed."""
    unmoved = work_unmoved(new, state)
    if unmoved is None or work_due(new, state) == work_due(terms, state):
        return None
    return _eased(new, state, state.due, unmoved, heard_at)


def _level_due(terms: SiteTerms, new: SiteTerms, state: SiteState, heard_at: datetime) -> _Moved | None:
    """The verdict's deadline, where it moves. One that was later than its clause gives keeps the difference."""
    since, unmoved = state.level_due_since or state.level_since, state.level_unmoved
    clauses = _level(terms, state.level), _level(new, state.level)
    if since is None or unmoved is None or state.level_due is None or clauses[0] is None or clauses[1] is None:
        return None
    before, after = clause_end(terms.calendar, since, clauses[0]), clause_end(new.calendar, since, clauses[1])
    if before == after:
        return None
    again = UnmovedDeadline(due=after + max(unmoved.due - before, timedelta()), since=unmoved.since)
    return _eased(new, state, state.level_due, again, heard_at)


def _level(terms: SiteTerms, level: str | None) -> Clause | None:
    return next((one.due for one in terms.levels if one.id == level), None)


def _eased(
    new: SiteTerms, state: SiteState, present: datetime | None, unmoved: UnmovedDeadline, heard_at: datetime
) -> _Moved | None:
    """At the earliest a day after the amendment; then what stands still counts from there."""
    counted = moved(new.calendar, unmoved, state.standing)
    due = eased(present, counted, soonest(new.calendar, heard_at))
    if due != counted:
        unmoved = UnmovedDeadline(due=due, since=heard_at)
    due = bounded(new, state, due)
    return None if due == present else _Moved(due, unmoved)


def work_unmoved(terms: SiteTerms, state: SiteState) -> UnmovedDeadline | None:
    """When the work of this round is due by the plan, without suspensions: its clause from `SiteState.work_since`.

    None for a site that was opened again: what it has to do again has a deadline of its own, which stays.

    A clause that was extended ends with the extension, if that is later.
    """
    since = state.work_since
    if since is None or state.reopened:
        return None
    by_plan = UnmovedDeadline(due=due_by(terms.calendar, since, _clause(terms, state, since)), since=since)
    if state.extended_to is None or state.extended_at is None:
        return by_plan
    granted = UnmovedDeadline(due=state.extended_to, since=state.extended_at)
    return max(by_plan, granted, key=lambda one: moved(terms.calendar, one, state.standing))


def work_clause(terms: SiteTerms, state: SiteState) -> NamedClause:
    """The clause that `work_unmoved` counts by: an extension's day goes before that of the plan where it is later."""
    unmoved, since = work_unmoved(terms, state), state.work_since
    assert unmoved is not None and since is not None  # it is asked of a deadline that moved
    if state.extended_to is not None and unmoved.due == state.extended_to:
        return EXTENSION
    return named(due=_clause(terms, state, since))["due"]


def _clause(terms: SiteTerms, state: SiteState, since: datetime) -> Within:
    varied = rectification if state.round == 1 else re_rectification
    return varied(terms, state, since)


def work_due(terms: SiteTerms, state: SiteState) -> datetime | None:
    """When the work of this round is due by the plan, with what suspensions gave back; never after the site's time."""
    unmoved = work_unmoved(terms, state)
    return None if unmoved is None else bounded(terms, state, moved(terms.calendar, unmoved, state.standing))
