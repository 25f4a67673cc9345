"""Acceptance (验收): when a level is asked, who may judge, and what follows from a verdict."""

from collections.abc import Iterator
from datetime import datetime

from rules.calendar import clause_end
from rules.site.options.acceptance.panel import require_opinions
from rules.site.options.acceptance.problems import require_problems_accepted
from rules.site.options.acceptance.separation_of_duties import require_separation_of_duties
from rules.site.reopening import bounded
from rules.site.state import SiteState
from rules.site.work import in_force, require_known
from schemas import commands as cmd
from schemas import events as ev
from schemas.errors import Refused
from schemas.options.acceptance import SelfCheck
from schemas.site.terms import SiteTerms


def request_verification(terms: SiteTerms, state: SiteState, heard_at: datetime) -> ev.VerificationRequested:
    """All is done: the first level is asked, and hears of it at `heard_at`."""
    first = terms.levels[0]
    due = clause_end(terms.calendar, heard_at, first.due)
    return ev.VerificationRequested(round=state.round, level=first.id, due=due)


def decide_verdict(
    terms: SiteTerms, state: SiteState, command: cmd.Verify | SelfCheck, at: datetime
) -> Iterator[ev.Event]:
    """What follows from a level's verdict; raises Refused where it is not that level's turn or not that person's."""
    if state.suspended:
        raise Refused("the site is suspended; it is verified after it is resumed")
    if command.level != state.level:
        raise Refused(f"the site awaits level {state.level!r}, not {command.level!r}")
    require_separation_of_duties(terms, state, command)
    require_opinions(terms, state, command.level, command.actor, command.passed)
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
            due=bounded(terms, state, clause_end(terms.calendar, at, terms.re_rectification)),
            rounds_exhausted=state.round >= terms.max_rounds,
        )
        return
    if command.failed_requirements:
        raise Refused("a passed verification names no failed requirements")
    require_problems_accepted(terms, state, command.level)
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
