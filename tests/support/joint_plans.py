"""Plans that several agencies issue together, and the signatures of the agencies."""

from collections.abc import Iterator
from datetime import datetime

from schemas.actor import Actor, Role, unit_name
from schemas.options.joint import SignPlan
from schemas.plan import Plan


def agency_actor(agency: str, person: str = "") -> Actor:
    """Somebody who signs for an agency."""
    return Actor(id=person or f"signs for {agency}"[:128], role=Role.PROVINCE, unit=unit_name(agency))


def signatures_of(plan: Plan, at: datetime) -> Iterator[SignPlan]:
    """The signature of every agency under a joint plan; none for a plan with one agency."""
    agencies = [agency.name for agency in plan.issuing_agencies]
    for place, agency in enumerate(agencies if len(agencies) > 1 else ()):
        yield SignPlan(command_id=f"signature-{place}", actor=agency_actor(agency), effective_at=at)
