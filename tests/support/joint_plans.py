"""Plans that several agencies issue together, and the signatures of the agencies."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from schemas.actor import Actor, Role, Units, unit_name
from schemas.options.joint import SigningTerms, SignPlan
from schemas.plan import Plan
from tests.support.sample_terms import working

LAND, POLICE = "自然资源厅", "公安厅"
OFFICE = Actor(id="office", role=Role.PROVINCE, unit="专班办公室")
"""Of the province, and of no agency that issues the plan."""


def agency_actor(agency: str, person: str = "") -> Actor:
    """Somebody who signs for an agency."""
    return Actor(id=person or f"signs for {agency}"[:128], role=Role.PROVINCE, unit=unit_name(agency))


def signatures_of(plan: Plan, at: datetime) -> Iterator[SignPlan]:
    """The signature of every agency under a joint plan; none for a plan with one agency."""
    agencies = [agency.name for agency in plan.issuing_agencies]
    for place, agency in enumerate(agencies if len(agencies) > 1 else ()):
        yield SignPlan(command_id=f"signature-{place}", actor=agency_actor(agency), effective_at=at)


def joint_terms(*agencies: str, within: int = 1) -> dict[str, Any]:
    """What the terms of a joint campaign have beside those of any other (`imagined_city.campaign_terms`)."""
    provincial = (OFFICE.unit, *agencies)
    return {
        "signing": SigningTerms(agencies=agencies, within=working(within)),
        "units": Units(province=provincial, supervision=provincial, agency=agencies),
    }
