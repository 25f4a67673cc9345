"""A year by its counties: the hectares asked of each, made from the chosen sites or given, and what differs."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from rules.programme.stock import added
from schemas.canonical import canonical_json
from schemas.plan import FrozenPlan
from schemas.programme import Amount
from schemas.programme_events import PlaceAmounts
from schemas.register import Site
from schemas.targets import CityTarget, CountyTarget, Targets

_SQUARE_METRE = Decimal("0.0001")
"""The precision of a plan's targets."""


def amounts_by_county(sites: Iterable[Site]) -> dict[tuple[str, str], Amount]:
    """City and county to the number and hectares of their sites, in order."""
    found: dict[tuple[str, str], Amount] = {}
    for site in sorted(sites, key=lambda one: (one.city, one.county)):
        one = Amount(sites=1, area_ha=site.area_ha or Decimal())
        found[site.city, site.county] = added(found.get((site.city, site.county), Amount()), one)
    return found


def targets_of(chosen: Iterable[Site], names: Mapping[str, str]) -> Targets | None:
    """The hectares of the chosen sites, split province - city - county; None where they have none."""
    areas = [
        (city, CountyTarget(code=county, target=amount.area_ha.quantize(_SQUARE_METRE), name=names.get(county)))
        for (city, county), amount in amounts_by_county(chosen).items()
    ]
    cities = []
    for code, group in groupby(areas, key=lambda one: one[0]):
        counties = tuple(county for _, county in group)
        cities.append(CityTarget(code=code, target=_sum(one.target for one in counties), counties=counties))
    total = _sum(one.target for one in cities)
    return Targets(total=total, cities=tuple(cities)) if total else None


def year_plan(
    frozen: FrozenPlan, given: Targets | None, chosen: Sequence[Site], names: Mapping[str, str]
) -> FrozenPlan:
    """The plan of a year's campaign: it bears the year's own targets, the given ones or those of the chosen sites."""
    plan = frozen.plan.model_copy(update={"targets": given or targets_of(chosen, names)})
    digest = hashlib.sha256(canonical_json(plan.model_dump(mode="json")).encode()).hexdigest()
    return frozen.model_copy(update={"plan": plan, "digest": digest})


def places_of(targets: Targets | None, chosen: Iterable[Site]) -> tuple[PlaceAmounts, ...]:
    """The counties of the targets or of chosen sites, by code."""
    asked = {
        (city.code, county.code): county.target
        for city in (targets.cities if targets is not None else ())
        for county in city.counties
    }
    amounts = amounts_by_county(chosen)
    return tuple(
        PlaceAmounts(
            city=city,
            county=county,
            target=asked.get((city, county), Decimal()),
            chosen=amounts.get((city, county), Amount()),
        )
        for city, county in sorted({*asked, *amounts})
    )


def with_closed(year: Sequence[PlaceAmounts], counted: Iterable[PlaceAmounts]) -> tuple[PlaceAmounts, ...]:
    """The year's counties with what is closed there; a county that only a survey found closed sites in joins them."""
    found = {(one.city, one.county): one for one in year}
    for one in counted:
        place = found.get((one.city, one.county), PlaceAmounts(city=one.city, county=one.county))
        found[one.city, one.county] = place.model_copy(update={"closed": one.closed})
    return tuple(found[key] for key in sorted(found))


def differing(places: Iterable[PlaceAmounts]) -> Iterator[PlaceAmounts]:
    """The counties whose target is not what the chosen sites there have: only given targets can differ."""
    return (one for one in places if one.target != one.chosen.area_ha.quantize(_SQUARE_METRE))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal())
