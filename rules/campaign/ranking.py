"""The ranking of units in a weekly briefing, by a formula that anybody can follow (docs/ranking.md).

Baseline sites are ranked, newly found ones only counted: who finds more does not fall. A unit where nothing was done
yet is not ranked: it has kept no deadline and broken none, so any place would say something false. Every number is
exact until the score is rounded once, half to even, to two decimals; ranks follow from the scores as they are written.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from schemas.errors import InvalidInput
from schemas.ladder import Briefing, UnitLevel, Weights
from schemas.options.briefing import (
    BriefingReport,
    FrozenBriefing,
    Measures,
    RankedLevel,
    RankedUnit,
    UnitMeasures,
)
from schemas.quantity import exact
from schemas.ranked_units import total

FORMULA = "hundred-days/ranking/2"
"""Its name in the ledger; another formula gets another name."""


def ranked(report: BriefingReport, briefing: Briefing) -> FrozenBriefing:
    """The ranking of one report by the plan's weights and base; the order of the report's units is no matter."""
    return _ranked(report, briefing.base, briefing.weights, briefing.levels)


def reproduce(frozen: FrozenBriefing) -> FrozenBriefing:
    """The briefing worked out again from nothing but its own measures, base, weights and levels.

    Raises:
        InvalidInput: it was made by a formula that this release does not know.
    """
    if frozen.formula != FORMULA:
        raise InvalidInput(f"formula {frozen.formula}: not known to this release, which knows {FORMULA}")
    below = tuple(unit for level in frozen.below for unit in level.units)
    report = BriefingReport(
        week=frozen.week, cutoff=frozen.cutoff, as_of=frozen.as_of, cities=frozen.cities, below=below
    )
    return _ranked(report, frozen.base, frozen.weights, frozen.levels)


def bottom_for(history: Iterable[tuple[int, Sequence[str]]], weeks: int) -> tuple[str, ...]:
    """The units at the bottom of the last `weeks` briefings running, by key; none while there are fewer.

    `history` is (week, bottom) of each briefing. A week without a briefing neither counts nor breaks the row.
    """
    bottoms = [set(bottom) for _, bottom in sorted(dict(history).items())][-weeks:]
    if weeks < 1 or len(bottoms) < weeks:
        return ()
    return tuple(sorted(set.intersection(*bottoms)))


def exact_score(own: Measures, whole: Measures, base: int, weights: Weights) -> Fraction:
    """A unit's score from 0 to 100, not rounded; `whole` is the sum of the baseline measures of all units."""
    on_time, all_on_time = own.sites - own.overdue, whole.sites - whole.overdue
    asked, all_asked = own.requirements + own.problems, whole.requirements + whole.problems
    done, all_done = own.requirements_done + own.problems_closed, whole.requirements_done + whole.problems_closed
    judged = own.struck_off + own.returned
    counted = (
        (weights.closure, _share(own.closed, own.sites, whole.closed, whole.sites, base)),
        (weights.punctuality, _share(on_time, own.sites, all_on_time, whole.sites, base)),
        (weights.work, _share(done, asked, all_done, all_asked, base)),
        (weights.relapses, _without_fault(own.struck_off - own.relapsed, own.struck_off, base)),
        (weights.returns, _without_fault(own.struck_off, judged, base)),
    )
    # By its shortest decimal form a weight of 0.3 is three tenths, in this language as in any other.
    weighted = [(Fraction(exact(weight)), share) for weight, share in counted]
    weighed = sum((weight * share for weight, share in weighted), Fraction(0))
    return 100 * weighed / sum((weight for weight, _ in weighted), Fraction(0))


def _share(part: int, of: int, whole_part: int, whole: int, base: int) -> Fraction:
    """A unit's share, as if `base` more of average quality were in it: a city of one is neither best nor worst."""
    average = Fraction(whole_part, whole) if whole else Fraction(0)
    return (part + base * average) / (of + base) if of + base else average


def _without_fault(held: int, of: int, base: int) -> Fraction:
    """The share that held, as if `base` more had held. Not of average quality: who closes one more site must not lose
    because the average moves with it, and a first relapse is not all of a unit.
    """
    return Fraction(held + base, of + base) if of + base else Fraction(1)


def _ranked(report: BriefingReport, base: int, weights: Weights, levels: Sequence[UnitLevel]) -> FrozenBriefing:
    whole = total(city.baseline for city in report.cities)
    by_level = {level: [unit for unit in report.below if unit.level is level] for level in levels}
    cities = _level(report.cities, whole, base, weights, ranks=UnitLevel.CITY in levels)
    below = (
        RankedLevel(level=level, units=units, bottom=_bottom(units))
        for level in levels
        if level is not UnitLevel.CITY
        for units in (_level(by_level[level], whole, base, weights),)
    )
    return FrozenBriefing(
        week=report.week,
        cutoff=report.cutoff,
        as_of=report.as_of,
        formula=FORMULA,
        base=base,
        weights=weights,
        cities=cities,
        total_baseline=whole,
        total_newly_found=total(city.newly_found for city in report.cities),
        bottom=_bottom(cities),
        levels=tuple(levels),
        below=tuple(below),
    )


def _level(
    units: Iterable[UnitMeasures], whole: Measures, base: int, weights: Weights, *, ranks: bool = True
) -> tuple[RankedUnit, ...]:
    """The units of one level with their ranks, sorted."""
    listed = list(units)
    cents = {
        unit.key: round(100 * exact_score(unit.baseline, whole, base, weights))  # of a fraction: half to even
        for unit in listed
        if ranks and unit.baseline.sites and not unit.baseline.nothing_done
    }
    places = {key: 1 + sum(other > own for other in cents.values()) for key, own in cents.items()}
    made = [_unit(unit, places.get(unit.key), cents.get(unit.key)) for unit in listed]
    return tuple(sorted(made, key=lambda one: (one.rank is None, one.rank or 0, not one.nothing_done, one.key)))


def _unit(unit: UnitMeasures, rank: int | None, cents: int | None) -> RankedUnit:
    return RankedUnit(
        **{field: getattr(unit, field) for field in UnitMeasures.model_fields},
        rank=rank,
        score=None if cents is None else f"{cents // 100}.{cents % 100:02}",
        nothing_done=bool(unit.baseline.sites) and unit.baseline.nothing_done,
    )


def _bottom(units: Sequence[RankedUnit]) -> tuple[str, ...]:
    """Who is behind: where somebody did something, those that did nothing and are late; else the last rank.

    None where all stand on one rank: then nobody is behind the others.
    """
    ranks = {unit.key: unit.rank for unit in units if unit.rank is not None}
    if ranks and (idle := sorted(unit.key for unit in units if unit.nothing_done and unit.baseline.is_late)):
        return tuple(idle)
    last = max(ranks.values(), default=1)
    return tuple(sorted(key for key, rank in ranks.items() if rank == last)) if last > 1 else ()
