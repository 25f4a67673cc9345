"""The register: paged for those who open and reconcile sites, searched for people."""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.errors import InvalidInput, NotFound
from schemas.register import Site
from storage.campaigns import find_campaign
from storage.connections import Pool
from storage.queries import query


class SiteRef(NamedTuple):
    """Where a site is."""

    campaign_id: str
    site_id: str
    city: str


async def page_sites(
    pool: Pool, campaign_id: str, city: str, after: str, limit: int, survey: str | None = None
) -> list[Site]:
    """Up to `limit` sites of a city's first register, or of one survey, by id; they follow `after` ("" at first)."""
    rows = await pool.fetch(query("site_page"), campaign_id, city, after, limit, survey)
    return [Site.model_validate_json(row["record"]) for row in rows]


async def page_open_sites(pool: Pool, campaign_id: str, city: str, after: str, limit: int) -> list[tuple[Site, str]]:
    """As `page_sites`, with their stages, those only that are registered, rectifying or verifying."""
    rows = await pool.fetch(query("site_page_open"), campaign_id, city, after, limit)
    return [(Site.model_validate_json(row["record"]), row["stage"]) for row in rows]


async def page_unsettled_sites(
    pool: Pool, campaign_id: str, city: str, after: str, limit: int
) -> list[tuple[Site, str]]:
    """As `page_open_sites`, and also closed sites whose case is not over: their workflows run on."""
    rows = await pool.fetch(query("site_page_unsettled"), campaign_id, city, after, limit)
    return [(Site.model_validate_json(row["record"]), row["stage"]) for row in rows]


async def find_site(pool: Pool, text: str) -> SiteRef:
    """The site that `CAMPAIGN/SITE`, or a site id that occurs in one campaign only, names.

    NotFound if there is none, InvalidInput with the candidates if a bare id occurs in several campaigns.
    """
    campaign_id, slash, site_id = text.rpartition("/")
    rows = await pool.fetch(query("site_find"), site_id, campaign_id if slash else None)
    if len(rows) == 1:
        return SiteRef(*rows[0])
    if rows:
        candidates = ", ".join(f"{row['campaign_id']}/{row['site_id']}" for row in rows)
        raise InvalidInput(f"site {text}: occurs in several campaigns. Say which: {candidates}")
    if slash:
        await find_campaign(pool, campaign_id)  # says so if it is the campaign that is unknown
        raise NotFound(f"site {site_id}: not in the register of campaign {campaign_id}")
    raise NotFound(f"site {text}: not in the register of any campaign")


async def named_sites(pool: Pool, campaign_id: str, site_ids: Sequence[str]) -> dict[str, Site]:
    """The register rows of these sites, by id; those that are not there are left out."""
    rows = await pool.fetch(query("site_named"), campaign_id, list(site_ids))
    return {site.id: site for row in rows for site in (Site.model_validate_json(row["record"]),)}


async def read_site(pool: Pool, campaign_id: str, site_id: str) -> Site:
    """One register row; NotFound if it is not there."""
    record = await pool.fetchval(query("site_record"), campaign_id, site_id)
    if record is None:
        raise NotFound(f"site {site_id}: not in the register of campaign {campaign_id}")
    return Site.model_validate_json(record)
