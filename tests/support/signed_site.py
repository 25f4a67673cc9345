"""A site whose departments sign, for the tests of the sign-off."""

from datetime import datetime
from typing import Any

from schemas.actor import Actor, Role
from schemas.options.sign_off import SignOff, SignOffTerms
from tests.support import sample_terms
from tests.support.sample_terms import CITY, SiteLife, all_work, on, passed, working

LAND, WATER = "县自然资源局（示例）", "县生态环境局（示例）"
LEAD = "县人民政府（示例）"
ENTERPRISE = "建设企业（示例）"

ASKING = SignOffTerms(
    due=working(5), upward=working(3), departments=(LAND, WATER), lead_government=LEAD, rungs=(0, 1, 3)
)

BUILDER = Actor(id="builder", role=Role.ENTERPRISE, unit=ENTERPRISE)
OF_LAND = Actor(id="official of land", role=Role.DEPARTMENT, unit=LAND)
OF_WATER = Actor(id="official of water", role=Role.DEPARTMENT, unit=WATER)

UNITS = sample_terms.UNITS.model_copy(update={"enterprise": (ENTERPRISE,), "department": (LAND, WATER)})


def signed(at: datetime, by: Actor, *, passed: bool = True, opinion: str | None = None, **said: Any) -> SignOff:
    return SignOff(command_id=f"{by.id} at {at}", actor=by, effective_at=at, passed=passed, opinion=opinion, **said)


def to_be_signed(**changes: Any) -> SiteLife:
    """A site that passed both levels of acceptance on Wednesday 21 July 2021: its departments are asked."""
    site = SiteLife(**({"sign_off": ASKING, "units": UNITS} | changes))
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9), by=BUILDER))
    site.at(on(7, 21, 9), passed(on(7, 21, 9), "county"))
    site.at(on(7, 21, 10), passed(on(7, 21, 10), "city", by=CITY))
    return site
