"""A site under an amended plan: which of its terms change, what moves with them, and what stays as it was.

Done quantities stand, requirements that the amendment takes away are asked for no more, rungs that were reached stay
reached. A site that is verified and gets new work goes back to it, in the same round.
"""

from collections.abc import Iterator
from datetime import datetime

from rules.amendments.deadlines import eased, moved, soonest
from rules.amendments.overlay import overlaid
from rules.calendar import clause_end, round_up_to_midnight
from rules.site.reinstatement import decide_reinstatement, reinstated
from rules.site.reopening import bounded
from rules.site.state import SiteState
from rules.site.work import in_force, outstanding
from schemas.amendments import AmendSite, SiteAmended, VerificationRecalled
from schemas.calendar import Clause
from schemas.errors import Refused
from schemas.event import Event
from schemas.site.terms import SiteTerms
from schemas.stages import OPEN, Stage


def decide_amendment(
    base: SiteTerms, terms: SiteTerms, state: SiteState, command: AmendSite, at: datetime
) -> Iterator[Event]:
    """What follows from an amendment; nothing for a site that knows it, or is not open.

    `base` are the terms that the site began with, `terms` those that are in force up to now. A site that was carried
    over at an end which the amendment had moved before is opened again first.
    """
    if command.amendment <= state.amendment or state.stage not in (*OPEN, Stage.CARRIED_OVER):
        return
    try:
        new = overlaid(base, command.terms)
    except ValueError:
        raise Refused(f"amendment {command.document} brings terms that can not be read by this site") from None
    if state.stage is Stage.CARRIED_OVER:
        reinstatement = decide_reinstatement(terms, new, state, command)
        if reinstatement is None:
            return
        yield reinstatement
        state = reinstated(state)
    before = {r.id: r.quantity for r in in_force(terms, state)}
    after = {r.id: r.quantity for r in in_force(new, state)}
    recalled = state.stage is Stage.VERIFYING and bool(outstanding(new, state))
    due = _due(terms, new, state, at)
    yield SiteAmended(
        amendment=command.amendment,
        document=command.document,
        terms=command.terms,
        requirements=None if before == after else after,
        due=None if due == state.due else due,
        level_due=None if recalled else _level_due(terms, new, state, at),
    )
    if recalled:
        # Its own deadline may have passed while it was done: the new work has the clause of work that is done again.
        again = bounded(new, state, clause_end(new.calendar, at, new.re_rectification))
        yield VerificationRecalled(
            round=state.round,
            level=state.level,
            document=command.document,
            due=max(again, due or again),
            amendment=command.amendment,
        )


def apply_amendment(state: SiteState, event: SiteAmended | VerificationRecalled, at: datetime) -> None:
    """Apply what an amendment changes to the state, in place."""
    if isinstance(event, VerificationRecalled):
        state.level = state.level_due = None
        _move(state, event.due, at)
        return
    state.amendment, state.overlay = event.amendment, event.terms
    for requirement in event.requirements or ():
        state.done.setdefault(requirement, 0.0)
        state.evidence.setdefault(requirement, [])
    if event.due is not None:
        _move(state, event.due, at)
    if event.level_due is not None:
        state.level_due = event.level_due
        state.level_overdue = state.level_overdue and event.level_due <= at


def _move(state: SiteState, due: datetime, at: datetime) -> None:
    """A new deadline. One that still lies ahead begins the next grace anew, as an extension does."""
    state.due, state.reminded = due, None
    if not state.suspended:  # else the time of the suspension is given back from its beginning when it ends
        state.due_since = at
    if due > at:
        state.drop_proposed_rung()


def _due(terms: SiteTerms, new: SiteTerms, state: SiteState, at: datetime) -> datetime | None:
    """The work's deadline under the new terms; as it is, where nothing that it is counted by has changed."""
    by_new = work_due(new, state)
    if by_new is None or by_new == work_due(terms, state):
        return state.due
    return bounded(new, state, eased(state.due, by_new, soonest(new.calendar, at)))


def _level_due(terms: SiteTerms, new: SiteTerms, state: SiteState, at: datetime) -> datetime | None:
    """The verdict's deadline, where it moves."""
    since, present = state.level_since, state.level_due
    clauses = _level(terms, state.level), _level(new, state.level)
    if since is None or present is None or clauses[0] is None or clauses[1] is None:
        return None
    return moved((terms.calendar, new.calendar), (clauses[0], clauses[1]), since, present, at)


def _level(terms: SiteTerms, level: str | None) -> Clause | None:
    return next((one.due for one in terms.levels if one.id == level), None)


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
    since = state.work_since
    if since is None or state.reopened:
        return None
    clause = terms.rectification if state.round == 1 else terms.re_rectification
    dates = [with_time_given_back(terms, state, clause_end(terms.calendar, since, clause), since)]
    if state.extended_to is not None and state.extended_at is not None:
        dates.append(with_time_given_back(terms, state, state.extended_to, state.extended_at))
    return max(dates)
