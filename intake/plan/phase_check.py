"""Checks the milestones of a plan's phases against its register."""

from collections.abc import Iterable, Iterator

from intake.files.faults import Fault
from schemas.plan import Plan
from schemas.register import Site


def unmeasured_cities(file: str, plan: Plan, sites: Iterable[Site]) -> Iterator[Fault]:
    """A fault for each city with sites but without hectares, where a milestone counts hectares."""
    asking = [phase.id for phase in plan.phases if any(one.measure == "hectares" for one in phase.milestones)]
    if not asking:
        return
    listed = list(sites)
    with_area = {site.city for site in listed if site.area_ha}
    for city in plan.cities:
        if city.code not in with_area and any(site.city == city.code for site in listed):
            expected = f"an area of its sites: the milestone of phase {asking[0]} counts hectares"
            yield Fault(file, f"{city.code} {city.name}", expected, column="area_ha")
