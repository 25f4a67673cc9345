"""Whose sites open when: those of a county that deploys open with its own approval, the others with the city's.

Each site opens once: the city's openings leave the counties apart that open by themselves, and a county's opening takes
those of its sites with it that the city's surveys have brought until then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from rules.city.state import CityState
from rules.effects import OpenSites
from schemas.city import CityTerms
from schemas.openings import Opening
from schemas.options.counties import CountiesTerms, UnitBelow
from schemas.register import Site


def counties_apart(terms: CityTerms) -> tuple[UnitBelow, ...]:
    """The counties whose sites open with their own deployments."""
    counties = terms.counties
    return () if counties is None or not counties.opens_sites else _counties(counties)


def openings(terms: CityTerms, state: CityState) -> Iterator[tuple[datetime, OpenSites]]:
    """The counties whose sites are to be opened: their deployment and the city's are approved."""
    if state.opens_at is None:
        return
    for unit in counties_apart(terms):
        one = state.counties.get(unit.key)
        if one is not None and one.approved_at is not None and not one.opening and one.opened_at is None:
            at = max(one.approval_heard_at or one.approved_at, state.opens_at)
            surveys = tuple(survey for survey, known in state.surveys.items() if known.opening)
            yield at, OpenSites(at, county=unit.code, only=unit.spelled, surveys=surveys)


def without_counties(terms: CityTerms, state: CityState, order: OpenSites) -> OpenSites:
    """An opening of the city's, without the sites of counties that open by themselves.

    A survey opens its sites in the counties whose opening was asked for before.
    """
    if order.county is not None:
        return order
    apart = [u for u in counties_apart(terms) if order.survey is None or not state.counties[u.key].opening]
    return replace(order, apart=tuple(name for unit in apart for name in unit.spelled))


def opened_counties(terms: CityTerms, state: CityState) -> dict[str, datetime | None]:
    """Each spelling of a county that opens by itself, with the moment of its opening; None: it is not open."""
    return {
        name: (one.opened_at if (one := state.counties.get(unit.key)) is not None else None)
        for unit in counties_apart(terms)
        for name in unit.spelled
    }


def opening_of(
    site: Site,
    opened_at: datetime | None,
    surveys: Mapping[str, datetime],
    counties: Mapping[str, datetime | None],
) -> datetime | None:
    """When a site opened, by the moments of its city, its survey and its county; None if it has not opened yet."""
    moments = [opened_at if site.survey is None else surveys.get(site.survey)]
    if site.county in counties:
        moments.append(counties[site.county])
    return max((moment for moment in moments if moment is not None), default=None) if all(moments) else None


def opens_with(site: Site, order: Opening) -> bool:
    """Whether a site of the city, not opened yet, opens with this order."""
    if order.county is None:
        return site.survey == order.survey and site.county not in order.apart
    return site.county in order.only and (site.survey is None or site.survey in order.surveys)


def _counties(counties: CountiesTerms) -> tuple[UnitBelow, ...]:
    return tuple(unit for unit in counties.units if unit.county is None)
