"""Who may say what: one table of commands, each with the roles that may send it and for which units.

The province decides, cities and counties do, experts judge.
"""

from enum import StrEnum
from typing import NamedTuple

from schemas.actor import Actor, Role
from schemas.errors import Refused
from schemas.units import Units


class Whose(StrEnum):
    """Which units may: those of the subject that the relation names, or any."""

    ANY = "any"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class Permit(NamedTuple):
    """One row of the table: this role may, acting for a unit of this relation."""

    role: Role
    whose: Whose = Whose.ANY


_PROVINCE = Permit(Role.PROVINCE, Whose.PROVINCE)
_CITY = Permit(Role.CITY, Whose.CITY)
_COUNTY = Permit(Role.COUNTY, Whose.COUNTY)
_SUPERVISOR = Permit(Role.SUPERVISOR)
_ENGINE = Permit(Role.SYSTEM)

PERMITS: dict[str, tuple[Permit, ...]] = {
    "complete_task": (_CITY, _COUNTY, Permit(Role.ENTERPRISE)),
    "verify": (_PROVINCE, _CITY, _COUNTY, Permit(Role.EXPERT)),
    "extend": (_PROVINCE, _SUPERVISOR),
    "suspend": (_PROVINCE, _SUPERVISOR, _CITY),
    "resume": (_PROVINCE, _SUPERVISOR, _CITY),
    "carry_over": (_ENGINE, _PROVINCE),
    # Who signs, replies, approves and lifts is a unit of the document: `rules.papers` compares it.
    "sign_receipt": (Permit(Role.CITY),),
    "submit_deployment": (_CITY,),
    "return_deployment": (_PROVINCE,),
    "approve_deployment": (_PROVINCE,),
    "approve": (Permit(Role.PROVINCE), _SUPERVISOR),
    "reject": (Permit(Role.PROVINCE), _SUPERVISOR),
    "reply": (Permit(Role.CITY),),
    "lift": (Permit(Role.PROVINCE), _SUPERVISOR),
    "rung_issued": (_ENGINE,),
    "rung_withdrawn": (_ENGINE,),
    "hold_climb": (_ENGINE,),
    "stop": (_PROVINCE, _ENGINE),
    "resend": (Permit(Role.PROVINCE), Permit(Role.CITY), _SUPERVISOR),
    "city_settled": (_ENGINE,),
}


def require_authority(actor: Actor, command: str, units: Units | None = None) -> None:
    """Raises Refused, naming the rule, if this actor may not send this command for its unit.

    Without `units` (campaigns that began before units were compared) the role alone counts.
    """
    permits = [permit for permit in PERMITS[command] if permit.role is actor.role]
    if not permits:
        roles = ", ".join(sorted({permit.role for permit in PERMITS[command]}))
        raise Refused(f"{command} is for the roles {roles}; {actor.id} acts as {actor.role}")
    if units is None:
        return
    for permit in permits:
        if permit.whose is Whose.ANY or actor.unit in _units_of(units, permit.whose):
            return
    known = ", ".join(unit for permit in permits for unit in _units_of(units, permit.whose)) or "none"
    whose = " or ".join(permit.whose for permit in permits)
    raise Refused(
        f"{command} by the role {actor.role} is for the {whose} of its subject ({known}); "
        f"{actor.id} acts for {actor.unit}"
    )


def _units_of(units: Units, whose: Whose) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(units, whose.value)
    return found
