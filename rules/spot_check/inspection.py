"""Who may inspect a sampled site: the plan's inspectors of the right unit who did not work or judge there."""

from rules.authority import require_authority
from rules.spot_check.state import Finding, SpotCheckState
from schemas.actor import Actor, Role, Units
from schemas.errors import Refused
from schemas.options.spot_checks import Inspectors
from schemas.spot_check import Inspect, SpotCheckTerms

_INSPECTORS = {
    Role.PROVINCE: Inspectors.PROVINCE,
    Role.COUNTY: Inspectors.OTHER_COUNTY,
    Role.EXPERT: Inspectors.EXPERT,
}


def require_team(terms: SpotCheckTerms, state: SpotCheckState, actor: Actor, kind: str) -> None:
    """Raises Refused if the actor can not be an inspector of the check at any site."""
    # Before the frame is taken the counties are unknown, and the stage refuses the command.
    others = state.counties or (actor.unit,)
    require_authority(actor, kind, Units(province=terms.units.province, other_county=others, rights=terms.units.rights))
    allowed = terms.plan.inspectors
    if _INSPECTORS[actor.role] not in allowed:
        raise Refused(
            f"{kind} by the role {actor.role} is not foreseen by the plan, whose inspectors are: {', '.join(allowed)}"
        )


def require_inspector(terms: SpotCheckTerms, state: SpotCheckState, command: Inspect) -> None:
    """Raises Refused if the site is not to be inspected, the actor may not inspect it, or the content is invalid."""
    one = state.sampled.get(command.site)
    if one is None:
        waiting = ", ".join(state.pending()) or "none"
        raise Refused(f"{command.site} is not in the sample; sites that wait for inspection: {waiting}")
    if one.finding is Finding.RETURNED:
        raise Refused(f"{command.site} went back with its unit's batch; it is not inspected any more")
    if one.finding is not Finding.PENDING:
        raise Refused(f"{command.site} was inspected already: it {one.finding}")
    actor = command.actor
    others = tuple(county for county in state.counties if county != one.site.county)
    require_authority(
        actor, command.kind, Units(province=terms.units.province, other_county=others, rights=terms.units.rights)
    )
    if actor.id in one.site.participants:
        raise Refused(f"{actor.id} reported or verified work at {command.site} and can not inspect it")
    for worked in one.site.workers:
        if terms.units.one_office(actor.unit, worked):
            raise Refused(
                f"rule independence: a sampled site is inspected by another unit than one that worked; {actor.unit} "
                f"reported work at {command.site}, by its name {worked}"
            )
    if command.passed and command.failed_requirements:
        raise Refused("a passed inspection names no failed requirements")
    if not command.passed and not command.opinion:
        raise Refused("a failed inspection needs its written opinion")
