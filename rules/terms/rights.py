"""The rights of a plan's offices: what the plan says, else what follows from what an office is there for.

A police agency or bureau takes cases, an office that approves approves; who is none of these may do all.
"""

from collections.abc import Iterable, Iterator

from rules.documents.addressing import behaviours
from schemas.actor import Right, unit_name
from schemas.offices import Agency, Approver, City, County, Recipient
from schemas.plan import Plan

_POLICE = (Right.CASES,)
_APPROVES = (Right.APPROVALS,)


def rights_of(plan: Plan, names: Iterable[str]) -> dict[str, tuple[Right, ...]]:
    """Name to its rights, of those of these names that may not do all."""
    known = offices_with_rights(plan)
    return {name: known[name] for name in dict.fromkeys(names) if name in known}


def offices_with_rights(plan: Plan) -> dict[str, tuple[Right, ...]]:
    """Every office that may not do all, by its name as a unit; what the plan says goes before what follows."""
    agencies = {unit_name(agency.name) for agency in plan.issuing_agencies}
    approve = (unit_name(office.name) for one in _approvers(plan) for office in (one, one.superior))
    found: dict[str, tuple[Right, ...]] = {name: _APPROVES for name in approve if name not in agencies}
    if (track := plan.police_track) is not None:
        found |= {unit_name(name): _POLICE for name in track.bureaus.values()}
        found[unit_name(track.agency)] = (Right.PLAN, *_POLICE)
    return found | {unit_name(office.name): office.rights for office in _offices(plan) if office.rights}


def _approvers(plan: Plan) -> Iterator[Approver]:
    for one in (*plan.ladder, *behaviours(plan.behaviour).values()):
        if one.approver is not None:
            yield one.approver
    if plan.extension is not None:
        yield plan.extension.decider
    if plan.replacement is not None and plan.replacement.decider is not None:
        yield plan.replacement.decider


def _offices(plan: Plan) -> Iterator[Agency | Recipient]:
    yield from plan.issuing_agencies
    for approver in _approvers(plan):
        yield from (approver, approver.superior)
    for city in plan.cities:
        yield from _of_area(city)
        for county in city.counties:
            yield from _of_area(county)
            yield from (township.office for township in county.townships if township.office is not None)


def _of_area(area: City | County) -> Iterator[Recipient]:
    yield from area.recipients
    yield from (office for office in (area.government, area.deputy_head, area.head) if office is not None)
