"""Separation of duties: each level is judged by the role that the plan names, and where so asked by another unit."""

from rules.site.options.acceptance.state import acceptance_state, acceptance_terms
from rules.site.state import SiteState
from schemas.actor import Actor
from schemas.errors import Refused
from schemas.options.acceptance import CloseProblem, LevelAsks, SelfCheck
from schemas.site.commands import Verify
from schemas.site.terms import SiteTerms
from schemas.stages import Stage

VerdictCommand = Verify | SelfCheck | CloseProblem


def require_separation_of_duties(terms: SiteTerms, state: SiteState, command: VerdictCommand) -> None:
    """Raises Refused for a verdict that the plan asks of another role or unit, or of another person than this one."""
    actor, level = command.actor, command.level
    asks = acceptance_terms(terms).levels.get(level, LevelAsks())
    _require_kind(state, command, asks)
    if terms.acceptance is None:
        return
    if asks.by is not None and actor.role is not asks.by:
        raise Refused(f"level {level!r} is judged by the role {asks.by}; {actor.id} acts as {actor.role}")
    problems_level = acceptance_terms(terms).problems_level
    kept = acceptance_state(state)
    for problem, part in kept.accepted_problems.items():
        if part.by == actor.id and level != problems_level:
            raise Refused(
                f"{actor.id} accepted the problem {problem!r} for level {problems_level!r}; each level is judged by "
                "another person"
            )
    if not asks.self_check and (acceptance_terms(terms).separate_units or asks.by is not None):
        _require_other_unit(state, actor, level, problems_level)


def _require_kind(state: SiteState, command: VerdictCommand, asks: LevelAsks) -> None:
    """A self-check is made by a unit that worked, any other verdict is not one."""
    actor, level = command.actor, command.level
    if asks.self_check != isinstance(command, SelfCheck):
        raise Refused(
            f"level {level!r} is a self-check: the unit that did the work makes it by self_check"
            if asks.self_check
            else f"level {level!r} is no self-check: it is judged by verify"
        )
    worked = acceptance_state(state).reporting_units
    if asks.self_check and worked and actor.unit not in worked:
        raise Refused(f"a self-check is by a unit that did the work ({', '.join(worked)}); not by {actor.unit}")


def _require_other_unit(state: SiteState, actor: Actor, level: str, problems_level: str | None) -> None:
    kept = acceptance_state(state)
    if actor.unit in kept.reporting_units:
        raise Refused(f"{actor.unit} reported work at this site; level {level!r} is judged by another unit")
    judged = [*kept.units.items(), *((problems_level, part.unit) for part in kept.accepted_problems.values())]
    for other, unit in judged:
        if unit == actor.unit and other != level:
            raise Refused(f"{unit} judged level {other!r} already; each level is judged by another unit")


def require_no_judge(terms: SiteTerms, state: SiteState, actor: Actor) -> None:
    """Raises Refused for a report of work by somebody who accepted a part, or whose unit judged in this round."""
    if terms.acceptance is None:
        return
    asks, kept = acceptance_terms(terms), acceptance_state(state)
    for problem, part in kept.accepted_problems.items():
        if part.by == actor.id:
            raise Refused(f"{actor.id} accepted the problem {problem!r} and reports no work at this site")
        if part.unit == actor.unit and (asks.separate_units or _by(asks.levels, asks.problems_level)):
            raise Refused(f"{part.unit} accepted the problem {problem!r}; another unit reports the work")
    for level, unit in kept.units.items():
        self_check = level in asks.levels and asks.levels[level].self_check
        apart = asks.separate_units or _by(asks.levels, level)
        if state.stage is Stage.VERIFYING and unit == actor.unit and apart and not self_check:
            raise Refused(f"{unit} passed level {level!r} in this round; another unit reports the work")


def _by(levels: dict[str, LevelAsks], level: str | None) -> bool:
    return level is not None and level in levels and levels[level].by is not None
