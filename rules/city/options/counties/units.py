"""Which unit a command is about, and for whom people may act on it: a county never acts for another one."""

from rules.city.state import CityState
from schemas.actor import Units
from schemas.city import CityTerms
from schemas.errors import Refused
from schemas.options.counties import (
    ApproveCountyDeployment,
    CountiesTerms,
    OfUnit,
    ReturnCountyDeployment,
    Told,
    UnitBelow,
)
from schemas.options.county_state import UnitState


def counties_of(terms: CityTerms) -> CountiesTerms:
    """The city's counties. Raises Refused where they do not deploy."""
    if terms.counties is None:
        raise Refused(f"the plan of {terms.campaign_id} names no county of {terms.name} that deploys")
    return terms.counties


def unit_named(terms: CityTerms, county: str, township: str | None = None) -> UnitBelow:
    """The county, or the township, of this code or name. Raises Refused, with the known ones."""
    counties = counties_of(terms)
    found = counties.unit(county)
    if found is None:
        known = ", ".join(f"{one.code} {one.name}" for one in counties.units if one.county is None)
        raise Refused(f"{terms.name} has no county {county}; its counties that deploy: {known or 'none'}")
    if township is None:
        return found
    unit = counties.unit(county, township)
    if unit is None:
        known = ", ".join(f"{one.code} {one.name}" for one in counties.units if one.county == found.code)
        raise Refused(f"{found.name} has no township {township}; its townships that deploy: {known or 'none'}")
    return unit


def units_for(terms: CityTerms, command: OfUnit) -> Units:
    """The units of the command's subject: the unit itself, and of a decision the unit above it."""
    if terms.counties is None:
        return terms.units
    unit = unit_named(terms, command.county, command.township)
    above = terms.counties.above(unit)
    if isinstance(command, ReturnCountyDeployment | ApproveCountyDeployment):
        decides = {"county": ()} if above is None else {"city": (), "county": above.units}
        return terms.units.model_copy(update={"township": (), **decides})
    own = {"county": unit.units, "township": ()} if above is None else {"county": (), "township": unit.units}
    return terms.units.model_copy(update=own)


def state_of(state: CityState, command: OfUnit) -> UnitState | None:
    """The state of the unit that a command names, by code or name; None if the city has none."""
    county = _of_spelling(state, command.county, "")
    if county is None or command.township is None:
        return state.counties.get(county or "")
    return state.counties.get(_of_spelling(state, command.township, f"{county}/") or "")


def _of_spelling(state: CityState, spelled: str, prefix: str) -> str | None:
    """The key, beginning with `prefix`, of the unit of this code or name."""
    for key, one in state.counties.items():
        rest = key.removeprefix(prefix)
        if key.startswith(prefix) and (rest == spelled or ("/" not in rest and one.name == spelled)):
            return key
    return None


def addressed_at(unit: UnitBelow, told: Told) -> str | None:
    """The key of the unit below the city whose offices are told at this level; None for those of the city."""
    if told is Told.TOWNSHIP:
        return unit.key
    return (unit.county or unit.code) if told in (Told.COUNTY, Told.COUNTY_HEAD) else None
