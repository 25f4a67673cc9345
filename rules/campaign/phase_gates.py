"""Whether a phase's gate is met and its milestones are kept, by its measures; shares are exact fractions."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

from schemas.campaign import PhaseTerms
from schemas.options.phases import (
    Condition,
    GateCheck,
    Milestone,
    Missing,
    PhaseMeasures,
    PhaseReport,
    Reached,
)


def missing(phase: PhaseTerms, report: PhaseReport) -> tuple[Missing, ...]:
    """The unmet conditions of the phase's gate, in the order of the plan and of its cities; empty if it is met."""
    conditions = phase.gate.conditions if phase.gate is not None else ()
    return tuple(one for condition in conditions for one in _unmet(phase, condition, report))


def milestones(phase: PhaseTerms, report: PhaseReport) -> tuple[Reached, ...]:
    """Each milestone of the phase in each city; one of a city without sites or hectares is kept."""
    return tuple(_reached(milestone, city) for milestone in phase.milestones for city in report.cities)


def _unmet(phase: PhaseTerms, condition: Condition, report: PhaseReport) -> Iterator[Missing]:
    rounds = _rounds_missing(phase, condition, report)
    if condition.of == "campaign":
        have, of = (sum(numbers) for numbers in zip(*(_counts(condition, c) for c in report.cities), strict=True))
        wanted = _wanted(condition, of)
        if have < wanted or rounds:
            lagging = tuple(city.code for city in report.cities if _behind(condition, city))
            yield _missing(condition, "", (have, wanted, of), lagging, rounds)
        return
    for city in report.cities:
        if _behind(condition, city):
            have, of = _counts(condition, city)
            yield _missing(condition, city.code, (have, _wanted(condition, of), of))
    if rounds:  # a round is the province's to add, wherever it finds something
        yield _missing(condition, "", (0, 0, 0), (), rounds)


def _missing(
    condition: Condition,
    city: str,
    counts: tuple[int, int, int],
    lagging: tuple[str, ...] = (),
    rounds: tuple[str, ...] = (),
) -> Missing:
    have, wanted, of = counts
    return Missing(
        check=condition.check,
        city=city,
        per_cent=condition.per_cent,
        have=have,
        wanted=wanted,
        of=of,
        lagging=lagging,
        rounds=rounds,
    )


def _rounds_missing(phase: PhaseTerms, condition: Condition, report: PhaseReport) -> tuple[str, ...]:
    if condition.check is not GateCheck.SITES_SURVEYED:
        return ()
    return tuple(one for one in phase.rounds if one not in report.surveys)


def _counts(condition: Condition, city: PhaseMeasures) -> tuple[int, int]:
    """What a city has, of how many."""
    match condition.check:
        case GateCheck.SITES_SURVEYED:
            return city.sites - city.unopened, city.sites
        case GateCheck.DEPLOYMENTS_APPROVED:
            return int(city.deployed), 1
        case GateCheck.IN_WORK:
            return city.in_work, city.sites
        case GateCheck.CLOSED:
            return city.closed, city.sites


def _wanted(condition: Condition, of: int) -> int:
    """The least count that meets the condition."""
    return of if condition.per_cent is None else ceil(Fraction(condition.per_cent) * of / 100)


def _behind(condition: Condition, city: PhaseMeasures) -> bool:
    have, of = _counts(condition, city)
    return have < _wanted(condition, of)


def _reached(milestone: Milestone, city: PhaseMeasures) -> Reached:
    sites = milestone.measure == "sites"
    have, of = (city.closed, city.sites) if sites else (city.hectares_closed, city.hectares)
    return Reached(
        city=city.code,
        measure=milestone.measure,
        per_cent=milestone.per_cent,
        have=have,
        of=of,
        kept=Fraction(have) * 100 >= Fraction(milestone.per_cent) * Fraction(of),
    )


def lagging_cities(found: Sequence[Missing]) -> tuple[str, ...]:
    """The cities for which something is missing, each once: their own conditions, or their part of the campaign's."""
    named = (code for one in found for code in ((one.city,) if one.city else one.lagging))
    return tuple(dict.fromkeys(named))
