"""Sites that an order suspends or resumes, page by page."""

from collections.abc import Sequence
from datetime import datetime

from schemas.register import Site
from storage.connections import Pool, query
from storage.register import site_of

OpenSite = tuple[Site, datetime | None]
"""A register row, and when the site opened."""


async def page_running(
    pool: Pool, campaign_id: str, city: str, after: str, limit: int, order: int
) -> Sequence[OpenSite]:
    """Open sites of a city that are not suspended and do not know the order, by id."""
    rows = await pool.fetch(query("standstill/running"), campaign_id, city, after, limit, order)
    return [(site_of(row), row["opened_at"]) for row in rows]


async def page_stopped(
    pool: Pool, campaign_id: str, city: str, after: str, limit: int, order: int
) -> Sequence[OpenSite]:
    """Sites of a city that stand still by the order, by id."""
    rows = await pool.fetch(query("standstill/stopped"), campaign_id, city, after, limit, order)
    return [(site_of(row), row["opened_at"]) for row in rows]
