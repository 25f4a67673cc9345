"""Which role may send which command. The province decides, cities and counties do, experts judge."""

from schemas.actor import Actor, Role
from schemas.errors import Refused

MAY: dict[str, frozenset[Role]] = {
    "complete_task": frozenset({Role.CITY, Role.COUNTY, Role.ENTERPRISE}),
    "verify": frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY, Role.EXPERT}),
    "extend": frozenset({Role.PROVINCE, Role.SUPERVISOR}),
    "suspend": frozenset({Role.PROVINCE, Role.SUPERVISOR, Role.CITY}),
    "resume": frozenset({Role.PROVINCE, Role.SUPERVISOR, Role.CITY}),
    "carry_over": frozenset({Role.SYSTEM, Role.PROVINCE}),
    "sign_receipt": frozenset({Role.CITY}),
    "submit_deployment": frozenset({Role.CITY}),
    "return_deployment": frozenset({Role.PROVINCE}),
    "approve_deployment": frozenset({Role.PROVINCE}),
    "approve": frozenset({Role.PROVINCE, Role.SUPERVISOR}),
    "reject": frozenset({Role.PROVINCE, Role.SUPERVISOR}),
    "reply": frozenset({Role.CITY}),
    "lift": frozenset({Role.PROVINCE, Role.SUPERVISOR}),
    "rung_issued": frozenset({Role.SYSTEM}),
    "rung_withdrawn": frozenset({Role.SYSTEM}),
    "hold_climb": frozenset({Role.SYSTEM}),
    "stop": frozenset({Role.PROVINCE, Role.SYSTEM}),
    "resend": frozenset({Role.PROVINCE, Role.CITY, Role.SUPERVISOR}),
    "city_settled": frozenset({Role.SYSTEM}),
}


def require_authority(actor: Actor, command: str) -> None:
    """Raises Refused, naming the rule, if this actor's role may not send this command."""
    allowed = MAY[command]
    if actor.role not in allowed:
        roles = ", ".join(sorted(allowed))
        raise Refused(f"{command} is for the roles {roles}; {actor.id} acts as {actor.role}")
