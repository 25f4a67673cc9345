"""The cities of a campaign: their opinions, their patrols, and which are settled."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from schemas.ledger import LedgerEntry
from schemas.options.patrol import PatrolFacts
from storage.connections import Pool, query


async def opinion_entries(
    pool: Pool, campaign_id: str, city: str | None, kinds: Sequence[str]
) -> dict[str, list[LedgerEntry]]:
    """Maps a city's code to its entries of these kinds, in order; with `city`, only those of one."""
    found: dict[str, list[LedgerEntry]] = defaultdict(list)
    for row in await pool.fetch(query("cities/opinion_entries"), campaign_id, city, list(kinds)):
        entry = LedgerEntry.model_validate(dict(row))
        found[entry.stream.rpartition("/")[2]].append(entry)
    return found


async def read_patrols(pool: Pool, campaign_id: str, city: str | None = None) -> dict[str, PatrolFacts]:
    """Maps a city's code to the facts of its patrol, if it has begun; in the order of the plan."""
    rows = await pool.fetch(query("cities/patrols"), campaign_id, city)
    return {row["code"]: PatrolFacts.model_validate_json(row["patrol"]) for row in rows}


class SettledCounts(NamedTuple):
    """Numbers of closed and carried-over sites of a campaign."""

    closed: int
    carried_over: int


async def settled_counts(pool: Pool, campaign_id: str) -> SettledCounts:
    """Counts the closed and carried-over sites of a whole campaign."""
    row = await pool.fetchrow(query("cities/settled_counts"), campaign_id)
    assert row is not None  # an aggregate always has its row
    return SettledCounts(*row)


async def settled_cities(pool: Pool, campaign_id: str) -> tuple[str, ...]:
    """Codes of the cities that are settled."""
    return tuple(row["code"] for row in await pool.fetch(query("cities/settled"), campaign_id))


async def patrolled_cities(pool: Pool, campaign_id: str) -> tuple[str, ...]:
    """Codes of the cities whose patrol after closure has ended."""
    return tuple(row["code"] for row in await pool.fetch(query("cities/patrolled"), campaign_id))


async def unsettled_cities(pool: Pool, campaign_id: str) -> tuple[str, ...]:
    """Codes of the cities with a ledger that are not settled, or whose patrol has not ended."""
    return tuple(row["code"] for row in await pool.fetch(query("cities/unsettled"), campaign_id))
