"""The terms of a city's counties and townships, where they deploy as their city does."""

from collections.abc import Iterator

from rules.documents.addressing import LEVELS, at_level
from rules.documents.county_addressing import at_county_level, office_of
from rules.terms.units import units_of_county
from schemas.actor import unit_name
from schemas.offices import AddresseeLevel, City, County, Township
from schemas.options.counties import CountiesTerms, CountyDeployment, Told, UnitBelow
from schemas.plan import Plan
from schemas.register import Site


def counties_of_city(plan: Plan, city: City) -> tuple[UnitBelow, ...]:
    """The counties of a city in order, each followed by its townships; empty where they do not deploy."""
    option = plan.county_deployment
    return () if option is None else tuple(_units(plan, city, option))


def counties_terms(option: CountyDeployment | None, units: tuple[UnitBelow, ...]) -> CountiesTerms | None:
    """The option in a city's terms; None for a city whose counties the plan does not name."""
    if option is None or not units:
        return None
    said = option.model_dump(include=set(CountiesTerms.model_fields) - {"units"})
    return CountiesTerms.model_validate({**said, "units": units})


def lead_county_of(plan: Plan, site: Site) -> str | None:
    """The code of the county whose government leads the work at a site."""
    if plan.county_deployment is None or not plan.county_deployment.leads:
        return None
    county = plan.city(site.city).county(site.county)
    return county.code if county is not None else None


def _units(plan: Plan, city: City, option: CountyDeployment) -> Iterator[UnitBelow]:
    for county in city.counties:
        names = {level.value: tuple(one.name for one in at_county_level(county, level)) for level in LEVELS}
        yield UnitBelow(
            code=county.code,
            name=county.name,
            units=units_of_county(plan, city.code, county.code),
            levels=names,
            told=_told(city, county, None, (*Told,)[1:5]),
            told_undecided=_told(city, county, None, (*Told,)[3:]),
        )
        for township in county.townships if option.townships else ():
            office = office_of(township)
            yield UnitBelow(
                code=township.code,
                name=township.name,
                county=county.code,
                units=tuple(dict.fromkeys(unit_name(one) for one in (township.code, township.name, office.name))),
                levels={level.value: (office.name,) for level in LEVELS},
                told=_told(city, county, township, (*Told,)[:5]),
                told_undecided=_told(city, county, township, (*Told,)[1:5]),
            )


def _told(city: City, county: County, township: Township | None, levels: tuple[Told, ...]) -> tuple[Told, ...]:
    """Those of the levels that are another office than the one before."""
    found: list[Told] = []
    below: tuple[str, ...] | None = None
    for told in levels:
        names = _names(city, county, township, told)
        if names != below:
            found.append(told)
        below = names
    return tuple(found)


def _names(city: City, county: County, township: Township | None, told: Told) -> tuple[str, ...]:
    match told:
        case Told.TOWNSHIP:
            assert township is not None  # only a township's silence begins there
            return (office_of(township).name,)
        case Told.COUNTY:
            return tuple(one.name for one in at_county_level(county, AddresseeLevel.GOVERNMENT))
        case Told.COUNTY_HEAD:
            return tuple(one.name for one in at_county_level(county, AddresseeLevel.HEAD))
        case Told.CITY:
            return tuple(one.name for one in at_level(city, AddresseeLevel.GOVERNMENT))
        case Told.CITY_HEAD:
            return tuple(one.name for one in at_level(city, AddresseeLevel.HEAD))
        case Told.PROVINCE:
            return ()
