"""The terms of a city's two-way sweep: its clauses, who is told of a silence, the police, and the units of counties."""

from rules.terms.responsible import levels_told
from rules.terms.units import units_of_county
from schemas.actor import unit_name
from schemas.offices import City
from schemas.options.sweep import SweepTerms
from schemas.plan import Plan


def sweep_of(plan: Plan, city: City) -> SweepTerms | None:
    """The option for one city; clues come from its police bureau and from the agency that leads the police track."""
    rule, track = plan.sweep, plan.police_track
    if rule is None:
        return None
    police = () if track is None else tuple(filter(None, (track.bureaus.get(city.code), track.agency)))
    counties = {
        name: units_of_county(plan, city.code, county.code)
        for county in city.counties
        for name in (county.code, county.name)
    }
    return SweepTerms(
        check=rule.check,
        clue=rule.clue or rule.check,
        upward=rule.upward,
        levels=levels_told(plan, city.code),
        police=tuple(dict.fromkeys(unit_name(one) for one in police)),
        counties=counties,
    )
