"""Who may start a campaign: a person of the province, for a unit that its plan names."""

from rules.terms.units import units_of_plan
from schemas.actor import Actor, Right, Role
from schemas.errors import Refused
from schemas.identity import Spellings
from schemas.plan import Plan


def starter_of(plan: Plan, actor: Actor) -> Actor:
    """The actor who starts the plan, with the unit as the plan spells it.

    Raises:
        Refused: another role, or a unit that is not one of the province's with the right to the plan; says which are.
    """
    if actor.role is not Role.PROVINCE:
        raise Refused(
            f"a campaign is started by the role province; {actor.id} acts as {actor.role}. Nothing was started"
        )
    known = units_of_plan(plan)
    units = tuple(unit for unit in known.province if known.has(unit, Right.PLAN))
    unit = Spellings(units).known(actor.unit)
    if unit not in units:
        raise Refused(
            f"{plan.id} is started for one of: {', '.join(units)}; {actor.id} acts for {actor.unit}. "
            "Nothing was started"
        )
    return actor.model_copy(update={"unit": unit})
