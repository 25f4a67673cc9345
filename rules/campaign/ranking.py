"""The ranking of the cities in a weekly briefing, by a formula that anybody can follow (docs/ranking.md).

Baseline sites are ranked, newly found ones only counted: who finds more does not fall. Every number is exact until the
score is rounded once, half to even, to two decimals; ranks follow from the scores as they are written.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from schemas.errors import InvalidInput
from schemas.ladder import Briefing, Weights
from schemas.options.briefing import BriefingReport, CityMeasures, FrozenBriefing, Measures, RankedCity
from schemas.quantity import exact

FORMULA = "hundred-days/ranking/1"
"""Its name in the ledger. Another formula gets another name, and this one stays to prove the briefings made by it."""


def ranked(report: BriefingReport, briefing: Briefing) -> FrozenBriefing:
    """The ranking of one report by the plan's weights and base; the order of the report's cities is no matter."""
    return _ranked(report, briefing.base, briefing.weights)


def reproduce(frozen: FrozenBriefing) -> FrozenBriefing:
    """The briefing worked out again from nothing but its own measures, base and weights.

    Raises:
        InvalidInput: it was made by a formula that this release does not know.
    """
    if frozen.formula != FORMULA:
        raise InvalidInput(f"formula {frozen.formula}: not known to this release, which knows {FORMULA}")
    report = BriefingReport(week=frozen.week, cutoff=frozen.cutoff, as_of=frozen.as_of, cities=frozen.cities)
    return _ranked(report, frozen.base, frozen.weights)


def bottom_for(history: Iterable[tuple[int, Sequence[str]]], weeks: int) -> tuple[str, ...]:
    """The cities at the bottom of the last `weeks` briefings running, by code; none while there are fewer.

    `history` is (week, bottom) of each briefing. A week without a briefing neither counts nor breaks the row.
    """
    bottoms = [set(bottom) for _, bottom in sorted(dict(history).items())][-weeks:]
    if weeks < 1 or len(bottoms) < weeks:
        return ()
    return tuple(sorted(set.intersection(*bottoms)))


def total(measures: Iterable[Measures]) -> Measures:
    """The sum of measures."""
    listed = list(measures)
    return Measures(**{field: sum(getattr(one, field) for one in listed) for field in Measures.model_fields})


def exact_score(own: Measures, whole: Measures, base: int, weights: Weights) -> Fraction:
    """A city's score from 0 to 100, not rounded; `whole` is the sum of all cities' baseline measures."""
    on_time, all_on_time = own.sites - own.overdue, whole.sites - whole.overdue
    counted = (
        (weights.closure, _share(own.closed, own.sites, whole.closed, whole.sites, base)),
        (weights.punctuality, _share(on_time, own.sites, all_on_time, whole.sites, base)),
        (
            weights.work,
            _share(own.requirements_done, own.requirements, whole.requirements_done, whole.requirements, base),
        ),
    )
    # By its shortest decimal form a weight of 0.3 is three tenths, in this language as in any other.
    weighted = [(Fraction(exact(weight)), share) for weight, share in counted]
    weighed = sum((weight * share for weight, share in weighted), Fraction(0))
    return 100 * weighed / sum((weight for weight, _ in weighted), Fraction(0))


def _share(part: int, of: int, whole_part: int, whole: int, base: int) -> Fraction:
    """A city's share, as if `base` more of average quality were in it: a city of one is neither best nor worst."""
    average = Fraction(whole_part, whole) if whole else Fraction(0)
    return (part + base * average) / (of + base) if of + base else average


def _ranked(report: BriefingReport, base: int, weights: Weights) -> FrozenBriefing:
    whole = total(city.baseline for city in report.cities)
    cents = {
        city.code: round(100 * exact_score(city.baseline, whole, base, weights))  # of a fraction: half to even
        for city in report.cities
        if city.baseline.sites
    }
    ranks = {code: 1 + sum(other > own for other in cents.values()) for code, own in cents.items()}
    cities = [_city(city, ranks.get(city.code), cents.get(city.code)) for city in report.cities]
    return FrozenBriefing(
        week=report.week,
        cutoff=report.cutoff,
        as_of=report.as_of,
        formula=FORMULA,
        base=base,
        weights=weights,
        cities=tuple(sorted(cities, key=lambda city: (city.rank is None, city.rank or 0, city.code))),
        total_baseline=whole,
        total_newly_found=total(city.newly_found for city in report.cities),
        bottom=_bottom(ranks),
    )


def _city(city: CityMeasures, rank: int | None, cents: int | None) -> RankedCity:
    return RankedCity(
        code=city.code,
        name=city.name,
        baseline=city.baseline,
        newly_found=city.newly_found,
        suspensions=city.suspensions,
        rank=rank,
        score=None if cents is None else f"{cents // 100}.{cents % 100:02}",
    )


def _bottom(ranks: dict[str, int]) -> tuple[str, ...]:
    """The cities on the last rank; none where all stand on one rank: then nobody is behind the others."""
    last = max(ranks.values(), default=1)
    return tuple(sorted(code for code, rank in ranks.items() if rank == last)) if last > 1 else ()
