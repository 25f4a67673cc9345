"""The measures of cities, counties and townships from counts of their sites: the same in engine and forecast."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from schemas.deferrals import Deferrals, SuspensionSums
from schemas.ladder import UnitLevel
from schemas.options.briefing import Measures, UnitMeasures
from schemas.plan import Plan


class Counted(NamedTuple):
    """Counts of sites of one place, all of the baseline or all newly found."""

    city: str
    county: str
    township: str | None
    newly_found: bool
    measures: Measures
    deferrals: Sequence[Deferrals] = ()


def total(measures: Iterable[Measures]) -> Measures:
    """The sum of measures."""
    listed = list(measures)
    return Measures(**{field: sum(getattr(one, field) for one in listed) for field in Measures.model_fields})


def city_measures(cities: Iterable[tuple[str, str]], counted: Iterable[Counted], at: datetime) -> list[UnitMeasures]:
    """The measures of these cities (code, name), in their order, also of those without sites."""
    by_city: defaultdict[str, list[Counted]] = defaultdict(list)
    for one in counted:
        by_city[one.city].append(one)
    return [UnitMeasures(code=code, name=name, **_sums(by_city[code], at)) for code, name in cities]


def measures_below(
    plan: Plan, levels: Sequence[UnitLevel], counted: Iterable[Counted], at: datetime
) -> list[UnitMeasures]:
    """The measures of the counties and townships that have sites, by code, as far as `levels` has their level."""
    counties: defaultdict[tuple[str, str], list[Counted]] = defaultdict(list)
    townships: defaultdict[tuple[str, str, str], list[Counted]] = defaultdict(list)
    for one in counted:
        counties[one.city, one.county].append(one)
        if one.township is not None:
            townships[one.city, one.county, one.township].append(one)
    names = _names(plan)
    found = []
    if UnitLevel.COUNTY in levels:
        for (city, county), parts in sorted(counties.items()):
            found.append(
                UnitMeasures(
                    code=county,
                    name=names.get((city, county), county),
                    level=UnitLevel.COUNTY,
                    city=city,
                    **_sums(parts, at),
                )
            )
    if UnitLevel.TOWNSHIP in levels:
        for (city, county, township), parts in sorted(townships.items()):
            found.append(
                UnitMeasures(
                    code=township,
                    name=names.get((city, county, township), township),
                    level=UnitLevel.TOWNSHIP,
                    city=city,
                    county=county,
                    **_sums(parts, at),
                )
            )
    return found


def _sums(parts: Sequence[Counted], at: datetime) -> dict[str, object]:
    return {
        "baseline": total(one.measures for one in parts if not one.newly_found),
        "newly_found": total(one.measures for one in parts if one.newly_found),
        "suspensions": SuspensionSums.of([stood for one in parts for stood in one.deferrals], at),
    }


def _names(plan: Plan) -> dict[tuple[str, ...], str]:
    """The names of counties and townships in the plan's targets, and before those in its cities, by codes."""
    names: dict[tuple[str, ...], str] = {}
    for asked in plan.targets.cities if plan.targets is not None else ():
        for part in asked.counties:
            names[asked.code, part.code] = part.name or part.code
            names |= {(asked.code, part.code, one.code): one.name or one.code for one in part.townships}
    for city in plan.cities:
        for county in city.counties:
            names[city.code, county.code] = county.name
            names |= {(city.code, county.code, one.code): one.name for one in county.townships}
    return names
