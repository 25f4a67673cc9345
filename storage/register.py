"""Reads the register: in pages, by id, or whole with the ledgers of its sites."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from schemas.errors import InvalidInput, NotFound
from schemas.identity import folded
from schemas.ledger import LedgerEntry
from schemas.register import Site
from schemas.stages import UNSETTLED_SITE
from storage.campaigns import find_campaign
from storage.connections import Pool, query

_PREFETCH = 1000
"""Rows per fetch."""


_CANDIDATES = 10


class SiteRef(NamedTuple):
    """A site's campaign, city and id."""

    campaign_id: str
    site_id: str
    city: str


class RegisteredSite(NamedTuple):
    """A register row, the instant at which the site opened, and all entries of its ledger."""

    site: Site
    opened_at: datetime | None
    entries: list[LedgerEntry]


def site_of(row: asyncpg.Record) -> Site:
    """The register row `record`, in the `county` to which the site belongs now."""
    site = Site.model_validate_json(row["record"])
    return site if site.county == row["county"] else site.model_copy(update={"county": row["county"]})


async def page_sites(
    pool: Pool,
    campaign_id: str,
    city: str,
    after: str,
    limit: int,
    survey: str | None = None,
    *,
    only: Sequence[str] = (),
    apart: Sequence[str] = (),
    surveys: Sequence[str] = (),
) -> list[Site]:
    """Up to `limit` sites of a city's first register, or of one survey, by id after `after` ("" for the first page).

    `only`, `apart` and `surveys` are those of `schemas.work.OpenSitesOrder`.
    """
    counties = list(only), list(apart), list(surveys)
    rows = await pool.fetch(query("register/page"), campaign_id, city, after, limit, survey, *counties)
    return [site_of(row) for row in rows]


async def page_open_sites(pool: Pool, campaign_id: str, city: str, after: str, limit: int) -> list[tuple[Site, str]]:
    """As `page_sites`, but open sites only (registered, rectifying or verifying), with their stages."""
    rows = await pool.fetch(query("register/page_open"), campaign_id, city, after, limit)
    return [(site_of(row), row["stage"]) for row in rows]


async def page_unsettled_sites(
    pool: Pool, campaign_id: str, city: str, after: str, limit: int
) -> list[tuple[Site, str]]:
    """As `page_open_sites`, and also closed sites with an open police case: their workflows still run."""
    rows = await pool.fetch(query("register/page_unsettled"), campaign_id, city, after, limit)
    return [(site_of(row), row["stage"]) for row in rows]


async def find_site(pool: Pool, text: str) -> SiteRef:
    """The site that `CAMPAIGN/SITE` names, or a site id that occurs in one campaign only; in any spelling of the id.

    Raises NotFound if there is none, InvalidInput with the candidates if a bare id occurs in several campaigns.
    """
    campaign_id, slash, site_id = text.rpartition("/")
    campaign = campaign_id if slash else None
    rows = await pool.fetch(query("register/find"), site_id, campaign)
    if not rows:
        every = await pool.fetch(query("register/ids"), campaign)
        rows = [row for row in every if folded(row["site_id"]) == folded(site_id)][:_CANDIDATES]
    if len(rows) == 1:
        return SiteRef(*rows[0])
    if rows:
        candidates = ", ".join(f"{row['campaign_id']}/{row['site_id']}" for row in rows)
        raise InvalidInput(f"site {text}: occurs in several campaigns. Say which: {candidates}")
    if slash:
        await find_campaign(pool, campaign_id)  # raises NotFound if the campaign is unknown
        raise NotFound(f"site {site_id}: not in the register of campaign {campaign_id}")
    raise NotFound(f"site {text}: not in the register of any campaign")


async def open_elsewhere(pool: Pool, campaign_id: str) -> list[tuple[str, str]]:
    """Campaign and id of each open site of the other campaigns that run."""
    rows = await pool.fetch(query("register/open_elsewhere"), campaign_id, list(UNSETTLED_SITE.site))
    return [(row["campaign_id"], row["site_id"]) for row in rows]


async def every_site(pool: Pool, campaign_id: str) -> list[Site]:
    """All register rows of a campaign, by id."""
    return [site_of(row) for row in await pool.fetch(query("register/list"), campaign_id, None)]


async def named_sites(pool: Pool, campaign_id: str, site_ids: Sequence[str]) -> dict[str, Site]:
    """The register rows of these sites, by id; unknown ids are left out."""
    rows = await pool.fetch(query("register/named"), campaign_id, list(site_ids))
    return {site.id: site for row in rows for site in (site_of(row),)}


async def read_site(pool: Pool, campaign_id: str, site_id: str) -> Site:
    """One register row. Raises NotFound if it does not exist."""
    row = await pool.fetchrow(query("register/record"), campaign_id, site_id)
    if row is None:
        raise NotFound(f"site {site_id}: not in the register of campaign {campaign_id}")
    return site_of(row)


async def read_register(pool: Pool, campaign_id: str, city: str | None, streams: str) -> AsyncGenerator[RegisteredSite]:
    """All sites of the campaign, or of one city; `streams` is the prefix of their streams.

    All rows are of one snapshot. Holds a connection until it is exhausted or closed
    (`contextlib.aclosing`), and the entries of all sites in memory.
    """
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        entries: dict[str, list[LedgerEntry]] = {}
        async for row in connection.cursor(query("ledger/of_sites"), campaign_id, streams, prefetch=_PREFETCH):
            entry = LedgerEntry.model_construct(**dict(row))
            entries.setdefault(entry.stream.removeprefix(streams), []).append(entry)
        async for row in connection.cursor(query("register/list"), campaign_id, city, prefetch=_PREFETCH):
            site = site_of(row)
            yield RegisteredSite(site, row["opened_at"], entries.pop(site.id, []))
