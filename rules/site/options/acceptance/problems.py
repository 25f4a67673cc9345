"""Closure by problem (rectified one, struck off one): each problem is accepted by itself before the site as a whole.

A problem is done when every requirement that serves it is; then the plan's level accepts it, and the person who accepts
did not work there. The site is verified as a whole when everything is done. A requirement that a level fails voids the
acceptance of its problems.
"""

from rules.aggregate import Question
from rules.site.options.acceptance.separation_of_duties import require_separation_of_duties
from rules.site.options.acceptance.state import acceptance_state, acceptance_terms
from rules.site.state import SiteState
from rules.site.verdicts import of_round, require_other_person
from rules.site.work import in_force, outstanding
from schemas.errors import Refused
from schemas.options.acceptance import CloseProblem, ProblemClosed, ProblemReturned
from schemas.site.terms import SiteTerms
from schemas.stages import Stage


def problem_question(terms: SiteTerms, state: SiteState, command: CloseProblem) -> Question:
    """A problem is accepted after the latest work that serves it, and judged by nothing of before it was sent back.

    One that is returned rests on no work: what was done after that is its rework, also if it arrives before.
    """
    serving, left = serving_of(terms, state, command.problem), outstanding(terms, state)
    asked = of_round(state, Question(state.opened_at, "the site opened"))
    if command.passed:
        done = [one.at for one in state.reports.values() if one.counts and one.requirement in serving]
        waits = any(requirement in left for requirement in serving)
        since = None if waits else max(done, default=state.opened_at)
        asked = asked._replace(since=since, asked=f"the latest work for the problem {command.problem!r} was done")
    sent_back = max((state.again_since[one] for one in serving if one in state.again_since), default=None)
    if sent_back is None or (asked.began is not None and asked.began >= sent_back):
        return asked
    return asked._replace(began=sent_back, earlier=f"work for {command.problem!r} that was sent back")


def decide_problem(terms: SiteTerms, state: SiteState, command: CloseProblem) -> ProblemClosed | ProblemReturned:
    """What follows from a verdict on one problem; raises Refused where it is not done, or not that person's."""
    level, problem = acceptance_terms(terms).problems_level, command.problem
    if level is None:
        raise Refused("close_problem is not known in this campaign: its plan closes sites as a whole, by verify")
    if command.level != level:
        raise Refused(f"problems are accepted by level {level!r}, not {command.level!r}")
    if state.suspended:
        raise Refused("the site is suspended; its problems are judged after it is resumed")
    known = acceptance_terms(terms).problems
    if problem not in known:
        raise Refused(f"the site has no problem {problem!r}; it has: {', '.join(known) or 'none'}")
    require_other_person(state, command.actor.id, same_level=level)
    require_separation_of_duties(terms, state, command)
    if problem in accepted(terms, state):
        raise Refused(
            f"the problem {problem!r} was accepted already, by {acceptance_state(state).accepted_problems[problem].by}"
        )
    serving = serving_of(terms, state, problem)
    if not command.passed:
        return _returned(state, command, serving)
    if command.failed_requirements:
        raise Refused("an accepted problem names no failed requirements")
    left = outstanding(terms, state)
    missing = [requirement for requirement in serving if requirement in left]
    if missing:
        raise Refused(f"the problem {problem!r} is not done; still to do or without evidence: {', '.join(missing)}")
    return ProblemClosed(round=state.round, level=level, problem=problem, requirements=serving, opinion=command.opinion)


def _returned(state: SiteState, command: CloseProblem, serving: tuple[str, ...]) -> ProblemReturned:
    if state.stage is Stage.VERIFYING:
        raise Refused(
            f"the site awaits level {state.level!r} as a whole; what is not right is said by that level's verdict"
        )
    if not command.opinion:
        raise Refused("a problem that is returned needs its written rectification opinion")
    if not serving:
        raise Refused(f"nothing is to be done for the problem {command.problem!r}, so that nothing can be done again")
    for requirement in command.failed_requirements:
        if requirement not in serving:
            raise Refused(f"{requirement!r} does not serve {command.problem!r}; what does: {', '.join(serving)}")
    return ProblemReturned(
        round=state.round,
        level=command.level,
        problem=command.problem,
        failed_requirements=command.failed_requirements or serving,
        opinion=command.opinion,
    )


def require_problems_accepted(terms: SiteTerms, state: SiteState, level: str) -> None:
    """Raises Refused for a pass of the level that accepts problems, or of one after it, while one is not accepted."""
    asks, order = acceptance_terms(terms), [one.id for one in terms.levels]
    if asks.problems_level is None or order.index(level) < order.index(asks.problems_level):
        return
    waiting = [problem for problem in asks.problems if problem not in accepted(terms, state)]
    if waiting:
        raise Refused(
            f"level {level!r} can not pass before every problem is accepted by itself (close_problem); "
            f"not accepted: {', '.join(waiting)}"
        )


def serving_of(terms: SiteTerms, state: SiteState, problem: str) -> tuple[str, ...]:
    """The requirements in force that serve a problem."""
    return tuple(r.id for r in in_force(terms, state) if problem in r.problems)


def accepted(terms: SiteTerms, state: SiteState) -> tuple[str, ...]:
    """The problems whose acceptance stands: nothing has been asked for since that it did not see."""
    known = acceptance_state(state).accepted_problems
    return tuple(
        problem
        for problem in acceptance_terms(terms).problems
        if problem in known and set(serving_of(terms, state, problem)) <= set(known[problem].requirements)
    )


def require_not_accepted(terms: SiteTerms, state: SiteState, requirement: str) -> None:
    """Raises Refused for a report on a problem that is accepted already.

    While the site is verified as a whole its verdict may send the problem back, and rework may arrive before that.
    """
    if terms.acceptance is None or state.stage is Stage.VERIFYING:
        return
    for problem in accepted(terms, state):
        if requirement in serving_of(terms, state, problem):
            raise Refused(f"the problem {problem!r} is accepted; nothing more is reported for {requirement!r}")


def standing_of_problems(terms: SiteTerms, state: SiteState) -> dict[str, str]:
    """Problem to `open`, `done` (it may be accepted) or `accepted`; empty where the plan closes sites as a whole."""
    asks = acceptance_terms(terms)
    if asks.problems_level is None or not asks.problems:
        return {}
    closed, left = accepted(terms, state), outstanding(terms, state)
    return {
        problem: "accepted"
        if problem in closed
        else ("open" if any(r in left for r in serving_of(terms, state, problem)) else "done")
        for problem in asks.problems
    }
