"""Acceptance (验收): when a level is asked, whose turn it is, and what follows from a verdict.

What a plan asks of its levels beyond a deadline and other persons is the option `acceptance`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from rules.aggregate import EventTime, Question
from rules.calendar import clause_end, due_by
from rules.site.reopening import bounded
from rules.site.state import SiteState
from rules.site.variations import re_rectification
from rules.site.work import in_force, require_known
from schemas import commands as cmd
from schemas import events as ev
from schemas.calendar import named
from schemas.errors import Refused
from schemas.options.acceptance import SelfCheck
from schemas.site.terms import SiteTerms


def request_verification(terms: SiteTerms, state: SiteState, received_at: datetime) -> ev.VerificationRequested:
    """All is done: the first level is asked; its clause counts from `received_at`."""
    first = terms.levels[0]
    due = clause_end(terms.calendar, received_at, first.due)
    return ev.VerificationRequested(round=state.round, level=first.id, due=due, clauses=named(due=first.due))


def round_question(state: SiteState) -> Question | None:
    """What belongs to the present round alone, as its deadline does; None in the first one, where nothing is before."""
    return None if state.round == 1 else of_round(state, Question(state.round_began(), f"round {state.round} began"))


def level_question(state: SiteState, level: str) -> Question:
    """What is asked of a level in this round; an answer of before this round is about an earlier one."""
    since = state.level_since if state.level == level else None
    return of_round(state, Question(since, f"level {level!r} was asked"))


def verdict_question(state: SiteState, command: cmd.Verify | SelfCheck) -> Question:
    """A level is judged after it was asked, and passes no work of after its verdict."""
    asked = level_question(state, command.level)
    if not command.passed or asked.since is None or (state.proceeded_at or asked.since) <= asked.since:
        return asked
    return asked._replace(since=state.proceeded_at, asked="the latest work or opinion that it rests on")


def of_round(state: SiteState, question: Question) -> Question:
    """The question as one of the present round, if it is not the first one."""
    if state.round == 1:
        return question
    before = "round 1" if state.round == 2 else f"round {state.round - 1} or an earlier one"
    return question._replace(began=state.round_began(), earlier=before)


def require_turn(state: SiteState, command: cmd.Verify | SelfCheck) -> None:
    """Raises Refused for a verdict of a level that is not awaited, by who reported work or judged another level."""
    if state.suspended:
        raise Refused("the site is suspended; it is verified after it is resumed")
    if command.level != state.level:
        raise Refused(f"the site awaits level {state.level!r}, not {command.level!r}")
    require_other_person(state, command.actor.id)


def require_other_person(state: SiteState, person: str, same_level: str | None = None) -> None:
    """Raises Refused if this person reported work, or passed a level in this round, other than `same_level`."""
    if person in state.reporters:
        raise Refused(f"{person} reported work at this site and can not verify it")
    for level, verifier in state.verifiers.items():
        if verifier == person and level != same_level:
            raise Refused(f"{person} passed level {level!r} already; each level is judged by another person")


def decide_verdict(
    terms: SiteTerms, state: SiteState, command: cmd.Verify | SelfCheck, when: EventTime
) -> Iterator[ev.Event]:
    """What follows from the verdict of the awaited level; raises Refused where its content is not complete."""
    if not command.passed:
        if not command.opinion:
            raise Refused("a failed verification needs its written rectification opinion")
        require_known(terms, state, command.failed_requirements)
        failed = command.failed_requirements or tuple(r.id for r in in_force(terms, state))
        clause = re_rectification(terms, state, when.heard_at)
        yield ev.LevelFailed(
            round=state.round,
            level=command.level,
            opinion=command.opinion,
            failed_requirements=failed,
            due=bounded(terms, state, due_by(terms.calendar, when.heard_at, clause)),
            clauses=named(due=clause),
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
        due=clause_end(terms.calendar, when.heard_at, following.due),
        clauses=named(due=following.due),
    )


def verdict_deadline(
    state: SiteState, missing: tuple[str, ...] = ()
) -> Iterator[tuple[datetime, Callable[[], ev.Event]]]:
    """When the awaited level is overdue, once; `missing` are the experts without an opinion."""
    level, due = state.level, state.level_due
    if level is not None and due is not None and not state.level_overdue:
        clauses = named(due=state.clauses.get("level_due"))
        yield (
            due,
            lambda: ev.AcceptanceOverdue(round=state.round, level=level, due=due, missing=missing, clauses=clauses),
        )
