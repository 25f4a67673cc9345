"""Independence: each level is judged by the role that the plan names, and by a unit that neither worked nor judged.

Two names of one office are one unit (`Units.office`). A unit worked if it ever reported work at the site; it judged if
it passed another level of this round, or accepted a problem. A level with `same_unit: allowed` asks for neither; a
self-check is by the unit that worked.
"""

from rules.site.options.acceptance.state import acceptance_state, acceptance_terms
from rules.site.state import SiteState
from schemas.actor import Actor
from schemas.errors import Refused
from schemas.options.acceptance import AcceptanceTerms, CloseProblem, LevelAsks, SelfCheck
from schemas.site.commands import Verify
from schemas.site.terms import SiteTerms
from schemas.stages import Stage

VerdictCommand = Verify | SelfCheck | CloseProblem


def require_separation_of_duties(terms: SiteTerms, state: SiteState, command: VerdictCommand) -> None:
    """Raises Refused for a verdict that the plan asks of another role or unit, or of another person than this one."""
    actor, level = command.actor, command.level
    asks = acceptance_terms(terms).levels.get(level, LevelAsks())
    _require_kind(terms, state, command, asks)
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
    if not asks.self_check and not asks.same_unit:
        _require_other_unit(terms, state, actor, level)


def _require_kind(terms: SiteTerms, state: SiteState, command: VerdictCommand, asks: LevelAsks) -> None:
    """A self-check is made by a unit that worked, any other verdict is not one."""
    actor, level = command.actor, command.level
    if asks.self_check != isinstance(command, SelfCheck):
        raise Refused(
            f"level {level!r} is a self-check: the unit that did the work makes it by self_check"
            if asks.self_check
            else f"level {level!r} is no self-check: it is judged by verify"
        )
    worked = acceptance_state(state).reporting_units
    if asks.self_check and worked and not any(terms.units.one_office(actor.unit, unit) for unit in worked):
        raise Refused(f"a self-check is by a unit that did the work ({', '.join(worked)}); not by {actor.unit}")


def worked_as(terms: SiteTerms, state: SiteState, unit: str) -> str | None:
    """The name under which the office of `unit` reported work at this site; None if it did not."""
    worked = acceptance_state(state).reporting_units
    return next((one for one in worked if terms.units.one_office(one, unit)), None)


def names_that_worked(terms: SiteTerms, state: SiteState) -> tuple[str, ...]:
    """All names of the offices that reported work at this site."""
    worked = acceptance_state(state).reporting_units
    return tuple(dict.fromkeys(name for unit in worked for name in terms.units.names_of(unit)))


def _require_other_unit(terms: SiteTerms, state: SiteState, actor: Actor, level: str) -> None:
    kept, unit, rule = acceptance_state(state), actor.unit, "rule independence"
    if (worked := worked_as(terms, state, unit)) is not None:
        raise Refused(
            f"{rule}: level {level!r} is judged by another unit than one that worked; "
            f"{_also(unit, worked)} reported work at this site"
        )
    problems_level = acceptance_terms(terms).problems_level
    judged = [*kept.units.items(), *((problems_level, part.unit) for part in kept.accepted_problems.values())]
    for other, judge in judged:
        if other != level and terms.units.one_office(judge, unit):
            raise Refused(
                f"{rule}: level {level!r} is judged by another unit than any other level of the round; "
                f"{_also(unit, judge)} judged level {other!r} already"
            )


def require_no_judge(terms: SiteTerms, state: SiteState, actor: Actor) -> None:
    """Raises Refused for a report of work by somebody who accepted a part, or whose unit judged in this round."""
    if terms.acceptance is None:
        return
    asks, kept = acceptance_terms(terms), acceptance_state(state)
    same = terms.units.one_office
    for problem, part in kept.accepted_problems.items():
        if part.by == actor.id:
            raise Refused(f"{actor.id} accepted the problem {problem!r} and reports no work at this site")
        if same(part.unit, actor.unit) and _apart(asks, asks.problems_level):
            raise Refused(
                f"rule independence: {_also(actor.unit, part.unit)} accepted the problem {problem!r}; "
                "another unit reports the work"
            )
    for level, unit in kept.units.items():
        if state.stage is Stage.VERIFYING and same(unit, actor.unit) and _apart(asks, level):
            raise Refused(
                f"rule independence: {_also(actor.unit, unit)} passed level {level!r} in this round; "
                "another unit reports the work"
            )


def _apart(asks: AcceptanceTerms, level: str | None) -> bool:
    """Whether who judges this level does not work at the site."""
    one = asks.levels.get(level or "", LevelAsks())
    return not one.self_check and not one.same_unit


def _also(unit: str, other: str) -> str:
    return unit if unit == other else f"{unit} (the same office as {other})"
