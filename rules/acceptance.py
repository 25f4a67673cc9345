"""Acceptance (验收): when a level is asked, who may judge, and what follows from a verdict."""

from collections.abc import Iterator
from datetime import datetime

from rules.calendar import clause_end
from rules.site_state import SiteState
from rules.site_work import in_force, require_known
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import Actor
from schemas.errors import Refused
from schemas.terms import SiteTerms


def asked(terms: SiteTerms, state: SiteState, heard_at: datetime) -> ev.VerificationRequested:
    """All is done: the first level is asked, and hears of it at `heard_at`."""
    first = terms.levels[0]
    due = clause_end(terms.calendar, heard_at, first.due)
    return ev.VerificationRequested(round=state.round, level=first.id, due=due)


def judged(terms: SiteTerms, state: SiteState, command: cmd.Verify, at: datetime) -> Iterator[ev.Event]:
    """What follows from a level's verdict; raises Refused where it is not that level's turn or not that person's."""
    if state.suspended:
        raise Refused("the site is suspended; it is verified after it is resumed")
    if command.level != state.level:
        raise Refused(f"the site awaits level {state.level!r}, not {command.level!r}")
    _require_other_hands(state, command.actor)
    if not command.passed:
        if not command.opinion:
            raise Refused("a failed verification needs its written rectification opinion")
        require_known(terms, state, command.failed_requirements)
        failed = command.failed_requirements or tuple(r.id for r in in_force(terms, state))
        yield ev.LevelFailed(
            round=state.round,
            level=command.level,
            opinion=command.opinion,
            failed_requirements=failed,
            due=min(clause_end(terms.calendar, at, terms.re_rectification), terms.ends_at),
            rounds_exhausted=state.round >= terms.max_rounds,
        )
        return
    if command.failed_requirements:
        raise Refused("a passed verification names no failed requirements")
    levels = [level.id for level in terms.levels]
    position = levels.index(command.level)
    if position + 1 == len(levels):
        yield ev.Closed(round=state.round, level=command.level, opinion=command.opinion)
        return
    following = terms.levels[position + 1]
    yield ev.LevelPassed(
        round=state.round,
        level=command.level,
        opinion=command.opinion,
        next_level=following.id,
        due=clause_end(terms.calendar, at, following.due),
    )


def _require_other_hands(state: SiteState, actor: Actor) -> None:
    """The one who did the work never verifies it, and each level is a different person."""
    if actor.id in state.reporters:
        raise Refused(f"{actor.id} reported work at this site and can not verify it")
    for level, verifier in state.verifiers.items():
        if verifier == actor.id:
            raise Refused(f"{actor.id} passed level {level!r} already; each level is judged by another person")
