"""The totals of a register, by which a person sees whether it was read whole, by city and county."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from schemas.register import Site


@dataclass(frozen=True)
class Totals:
    """The sums of some sites. Areas are exact sums of the hectares as written; `unmeasured` sites have none."""

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


def summed(sites: Iterable[Site]) -> Totals:
    """The sums of these sites."""
    count = unmeasured = 0
    area, problems = Decimal(), dict[str, Decimal]()
    for site in sites:
        count += 1
        if site.area_ha is None:
            unmeasured += 1
        else:
            area += site.area_ha
        for problem in site.problems:
            problems[problem.kind] = problems.get(problem.kind, Decimal()) + problem.count
    return Totals(count, area, unmeasured, problems)


def register_totals(sites: Iterable[Site], cities: Iterable[str]) -> RegisterTotals:
    """The sums of a register; `cities` are the codes of the plan's cities, in its order."""
    by_city: dict[str, dict[str, list[Site]]] = {code: {} for code in cities}
    for site in sites:
        by_city.setdefault(site.city, {}).setdefault(site.county, []).append(site)
    every = [site for counties in by_city.values() for found in counties.values() for site in found]
    return RegisterTotals(
        summed(every),
        tuple(
            CityTotals(
                code,
                summed(site for found in counties.values() for site in found),
                {county: summed(found) for county, found in sorted(counties.items())},
            )
            for code, counties in by_city.items()
        ),
    )
