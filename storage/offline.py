"""The register with its ledgers, as of one moment, for files to work on without a network."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import NamedTuple

from schemas.ledger import LedgerEntry
from schemas.register import Site
from storage.connections import Pool
from storage.queries import query

_PREFETCH = 1000


class RegisteredSite(NamedTuple):
    """A register row, when the site opened, and its ledger from the first entry on."""

    site: Site
    opened_at: datetime | None
    entries: list[LedgerEntry]


async def read_register(pool: Pool, campaign_id: str, city: str | None, streams: str) -> AsyncGenerator[RegisteredSite]:
    """Every site of the campaign, or of one city; `streams` is how the names of their streams begin.

    One snapshot, so that no row contradicts another. Holds a connection until it is exhausted or closed
    (`contextlib.aclosing`), and the entries of all sites.
    """
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        entries: dict[str, list[LedgerEntry]] = {}
        async for row in connection.cursor(query("ledger_of_sites"), campaign_id, streams, prefetch=_PREFETCH):
            entry = LedgerEntry.model_construct(**dict(row))
            entries.setdefault(entry.stream.removeprefix(streams), []).append(entry)
        async for row in connection.cursor(query("offline_sites"), campaign_id, city, prefetch=_PREFETCH):
            site = Site.model_validate_json(row["record"])
            yield RegisteredSite(site, row["opened_at"], entries.pop(site.id, []))
