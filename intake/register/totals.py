"""The totals of a register, by which a person sees whether it was read whole, by city and county."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from schemas.register import Site

_NONE: Mapping[str, Fraction] = MappingProxyType({})
_DIGITS = 10**6
"""To what a sum of converted areas is rounded, of a hectare."""


@dataclass(frozen=True)
class Totals:
    """The sums of some sites. Areas are exact sums of what is written, in hectares; `unmeasured` sites have none."""

    sites: int
    area_ha: Decimal
    unmeasured: int
    problems: dict[str, Decimal]
    """Counted problems by kind, in the order of the register."""


@dataclass(frozen=True)
class CityTotals:
    """The sums of a city, and of each of its counties by code."""

    code: str
    totals: Totals
    counties: dict[str, Totals]


@dataclass(frozen=True)
class RegisterTotals:
    """The sums of a whole register, and of each city of its plan, also of those without a site."""

    whole: Totals
    cities: tuple[CityTotals, ...]


def summed(sites: Iterable[Site], exact: Mapping[str, Fraction] = _NONE) -> Totals:
    """The sums of these sites; `exact` areas by id go before the rounded ones of the sites."""
    count = unmeasured = 0
    area, converted, problems = Decimal(), Fraction(), dict[str, Decimal]()
    for site in sites:
        count += 1
        if site.area_ha is None:
            unmeasured += 1
        else:
            if site.id in exact:
                converted += exact[site.id]
            else:
                area += site.area_ha
        for problem in site.problems:
            problems[problem.kind] = problems.get(problem.kind, Decimal()) + problem.count
    return Totals(count, area + _rounded(converted), unmeasured, problems)


def _rounded(area: Fraction) -> Decimal:
    return Decimal(round(area * _DIGITS)) / _DIGITS


def register_totals(
    sites: Iterable[Site], cities: Iterable[str], exact: Mapping[str, Fraction] = _NONE
) -> RegisterTotals:
    """The sums of a register; `cities` are the codes of the plan's cities, in its order, `exact` as in `summed`."""
    by_city: dict[str, dict[str, list[Site]]] = {code: {} for code in cities}
    for site in sites:
        by_city.setdefault(site.city, {}).setdefault(site.county, []).append(site)
    every = [site for counties in by_city.values() for found in counties.values() for site in found]
    return RegisterTotals(
        summed(every, exact),
        tuple(
            CityTotals(
                code,
                summed((site for found in counties.values() for site in found), exact),
                {county: summed(found, exact) for county, found in sorted(counties.items())},
            )
            for code, counties in by_city.items()
        ),
    )
