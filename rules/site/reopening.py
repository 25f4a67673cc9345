"""Reopening a struck-off site: after a relapse (反弹), a failed look-back (回头看) or a failed sample (抽查).

The site keeps its history, begins another round and goes through the whole acceptance ladder again. Reopened while the
campaign runs it ends with it like any other; reopened after the end it lives until it is struck off again, or until
the patrol ends.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from rules.aggregate import EventTime
from rules.amendments.ends import CAMPAIGN_ENDED
from rules.calendar import due_by
from rules.site.state import SiteState
from rules.site.transitions import require_stage
from rules.site.variations import re_rectification
from rules.site.work import in_force
from schemas.actor import ENGINE
from schemas.base import COMMAND_ID_LENGTH
from schemas.calendar import named
from schemas.reopening import Cause, Reopen, Reopened, Reopening
from schemas.site.terms import SiteTerms


def decide_reopening(terms: SiteTerms, state: SiteState, command: Reopen, when: EventTime) -> Iterator[Reopened]:
    """What follows from the order; nothing if the site was opened again for the same origin before.

    Raises:
        Refused: the site is not struck off.
    """
    if command.origin in state.reopened:
        return
    require_stage(state.stage, command.kind)
    known = [r.id for r in in_force(terms, state)]
    # A finding names what it saw; what this site never had to do can not be done again, and nothing named means all.
    # Where sites are closed by problem, an entry of the catalogue stands for its requirement at each of them.
    wanted = set(command.failed_requirements)
    failed = tuple(r for r in known if r in wanted or r.partition(":")[0] in wanted) or tuple(known)
    clause = re_rectification(terms, state, when.heard_at)
    if command.cause in (Cause.RELAPSE, Cause.LOOK_BACK) and terms.relapse is not None:
        clause = terms.relapse
    due = due_by(terms.calendar, when.heard_at, clause)
    yield Reopened(
        round=state.round + 1,
        cause=command.cause,
        origin=command.origin,
        reason=command.reason,
        failed_requirements=failed,
        due=due if when.at >= terms.ends_at else min(due, terms.ends_at),
        clauses=named(due=clause),
    )


def may_have_missed(state: SiteState, at: datetime) -> bool:
    """Whether an order of `at` that is given again is for this site.

    One that was open then, or was struck off again since, was rightly left alone or has done what was asked.
    """
    return state.settled_at is not None and state.settled_at <= at


def apply_reopening(state: SiteState, event: Reopened, at: datetime) -> None:
    """Apply the reopening to the state, in place, but for its deadline; reporters and judges before stay known.

    A suspension during which its case struck the site off ends with that.
    """
    if state.suspended:
        state.suspensions[-1] = state.suspensions[-1].model_copy(update={"until": state.settled_at or at})
    state.begin_round(event.round, at)
    state.reopened = {**state.reopened, event.origin: event.cause}
    state.reopened_at, state.settled_at = at, None
    state.level = state.level_due = None
    state.verifiers = {}
    state.require_again(event.failed_requirements, at)
    state.begin_ladder()


def last_moment(terms: SiteTerms, state: SiteState) -> datetime | None:
    """When the site is carried over if it is still open; None for one that lives until it is struck off."""
    if state.reopened_at is None or state.reopened_at < terms.ends_at:
        return terms.ends_at
    return terms.patrol_until


def bounded(terms: SiteTerms, state: SiteState, due: datetime) -> datetime:
    """A deadline within what is left of the site's time."""
    last = last_moment(terms, state)
    return due if last is None else min(due, last)


def carry_over_reason(terms: SiteTerms, state: SiteState) -> str:
    """Why it is carried over at its last moment."""
    return CAMPAIGN_ENDED if last_moment(terms, state) == terms.ends_at else "the patrol ended"


def reopen_command(one: Reopening, at: datetime, cause: Cause, origin: str) -> Reopen:
    """The order as a command to one site; its id is that of its origin, so that the same order is one command."""
    command_id = f"reopen:{origin}"
    if len(command_id) > COMMAND_ID_LENGTH:
        command_id = f"reopen:{hashlib.sha256(origin.encode()).hexdigest()}"
    return Reopen(
        command_id=command_id,
        actor=ENGINE,
        effective_at=at,
        cause=cause,
        origin=origin,
        reason=one.reason,
        failed_requirements=one.failed_requirements,
    )
