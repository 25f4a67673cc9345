"""The units of a campaign, a city and a site, by their names in the plan and the register."""

from collections.abc import Iterable, Iterator
from typing import Any

from rules.terms.options import joint_group_of, police_units
from rules.terms.rights import rights_of
from schemas.actor import Units, unit_name
from schemas.offices import City, County
from schemas.plan import Plan
from schemas.register import Site


def units_of_plan(plan: Plan) -> Units:
    """The units of the province: its name, its issuing agencies, and the offices that approve for it."""
    conduct = plan.behaviour
    instruments = (
        *plan.ladder,
        *((conduct.no_receipt, conduct.no_deployment, conduct.bottom_of_ranking) if conduct is not None else ()),
    )
    approvers = [one.approver for one in instruments if one is not None and one.approver is not None]
    if plan.extension is not None:
        approvers.append(plan.extension.decider)
    if plan.replacement is not None and plan.replacement.decider is not None:
        approvers.append(plan.replacement.decider)
    offices = [name for approver in approvers for name in (approver.name, approver.superior.name)]
    names = (plan.province, *(agency.name for agency in plan.issuing_agencies), *offices)
    province = tuple(dict.fromkeys(unit_name(name) for name in names))
    supervision = tuple(dict.fromkeys((*province, *plan.supervision)))
    agency = tuple(unit_name(agency.name) for agency in plan.issuing_agencies)
    return Units(province=province, supervision=supervision, agency=agency, rights=rights_of(plan, supervision))


def units_of_city(plan: Plan, city: City) -> Units:
    """The units of a city: its code, its name, its government, and the bureaus and offices that the plan names."""
    offices = (*city.recipients, city.government, city.deputy_head, city.head)
    names = (city.code, city.name, city.lead, *(office.name for office in offices if office is not None))
    named = {"city": tuple(dict.fromkeys(unit_name(name) for name in names))}
    if (group := joint_group_of(plan, city)) is not None:
        named |= {"group": group.offices, "group_leader": group.offices[:1], "police": (group.receiver,)}
    units = _with(plan, units_of_plan(plan), named)
    return units.model_copy(update={"rights": units.rights | rights_of(plan, _units_below(plan, city))})


def _units_below(plan: Plan, city: City) -> Iterator[str]:
    """The units of a city's counties and townships: where these deploy, their offices act in the city."""
    for county in city.counties:
        yield from units_of_county(plan, city.code, county.code)
        yield from (unit_name(one.office.name) for one in county.townships if one.office is not None)


def _government(city: City | County) -> Iterator[str]:
    """The names of a city's or county's government: its code first, its name, its head and deputy head."""
    offices = (city.government, city.deputy_head, city.head)
    lead = (city.lead,) if isinstance(city, City) else ()
    yield from (city.code, city.name, *lead, *(office.name for office in offices if office is not None))


def aliases_of(*offices: Iterable[str]) -> dict[str, str]:
    """The other names of each office to the name that stands for it: its first, or one that stands already."""
    aliases: dict[str, str] = {}
    for names in offices:
        known = tuple(dict.fromkeys(unit_name(name) for name in names))
        stands = next((aliases[name] for name in known if name in aliases), known[0] if known else "")
        aliases.update((name, stands) for name in known if name != stands)
    return aliases


def offices_of_plan(plan: Plan, city: str | None = None) -> dict[str, str]:
    """The aliases of all governments that the plan names, or of those of one city."""
    places: list[City | County] = []
    for one in plan.cities:
        if city in (None, one.code):
            places += (one, *one.counties)
    return aliases_of(*map(_government, places))


def units_of_county(plan: Plan, city: str, code: str) -> tuple[str, ...]:
    """The units of a county, by its code or name: what the register calls it first, then those that the plan names."""
    county = plan.city(city).county(code)
    if county is None:
        return (code,)
    offices = (*county.recipients, county.government, county.deputy_head, county.head)
    names = (code, county.code, county.name, *(office.name for office in offices if office is not None))
    return tuple(dict.fromkeys(unit_name(name) for name in names))


def _units_of_township(plan: Plan, site: Site) -> tuple[str, ...]:
    if site.township is None:
        return ()
    county = plan.city(site.city).county(site.county)
    named = [one for one in county.townships if site.township in (one.code, one.name)] if county is not None else []
    names = (site.township, *(name for one in named for name in (one.code, one.name)))
    offices = (one.office.name for one in named if one.office is not None)
    return tuple(dict.fromkeys(unit_name(name) for name in (*names, *offices)))


def units_of_site(plan: Plan, site: Site) -> Units:
    """The units of a site: those of its city, county and township, its building enterprise and its departments."""
    city = plan.city(site.city)
    county, township = city.county(site.county), _units_of_township(plan, site)
    its_county = (site.county,) if county is None else (*_government(county), site.county)
    named = {
        "aliases": aliases_of(_government(city), its_county, township),
        "county": units_of_county(plan, site.city, site.county),
        "township": township,
        "enterprise": (site.enterprise,) if site.enterprise is not None else (),
        "department": site.departments,
        "police": police_units(plan, site),
    }
    return _with(plan, units_of_city(plan, city), named)


def _with(plan: Plan, units: Units, named: dict[str, Any]) -> Units:
    """These units with further ones, and the rights of all."""
    names = (name for field, some in named.items() if field != "aliases" for name in some)
    return units.model_copy(update={**named, "rights": units.rights | rights_of(plan, names)})
