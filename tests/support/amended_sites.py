"""Amendments for the tests: what changes of a sample site's terms, as the engine tells it."""

from datetime import datetime
from typing import Any

from rules.amendments.overlay import plain
from schemas.actor import ENGINE
from schemas.amendments import AmendSite
from tests.support.sample_terms import SiteLife, calendar_days, site_terms

BY_DAYS = calendar_days(32)
"""From Monday 19 July this clause ends on Friday 20 August, as the sample site's deadline does."""


def site(**changes: Any) -> SiteLife:
    """The sample site, which knows by which clause it is due."""
    return SiteLife(**({"rectification": BY_DAYS} | changes))


def amended(at: datetime, amendment: int = 1, **changes: Any) -> AmendSite:
    """The command that changes these fields of the sample terms."""
    new = site_terms(**({"rectification": BY_DAYS} | changes))
    return AmendSite(
        command_id=f"amendment-{amendment}",
        actor=ENGINE,
        effective_at=at,
        amendment=amendment,
        document=f"豫自然资发〔2021〕{amendment}号",
        terms=plain(new, {"rectification", *changes}),
    )
