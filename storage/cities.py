"""What Postgres knows of a campaign's cities: their opinions, their patrols, which are settled, how they ended."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from schemas.ledger import LedgerEntry
from schemas.options.patrol import PatrolFacts
from storage.connections import Pool
from storage.queries import query


async def opinion_entries(
    pool: Pool, campaign_id: str, city: str | None, kinds: Sequence[str]
) -> dict[str, list[LedgerEntry]]:
    """City's code to its entries of these kinds, in order; with `city` those of one."""
    found: dict[str, list[LedgerEntry]] = defaultdict(list)
    for row in await pool.fetch(query("opinion_entries"), campaign_id, city, list(kinds)):
        entry = LedgerEntry.model_validate(dict(row))
        found[entry.stream.rpartition("/")[2]].append(entry)
    return found


async def read_patrols(pool: Pool, campaign_id: str, city: str | None = None) -> dict[str, PatrolFacts]:
    """Of each city (or of one) whose patrol has begun, by code in the order of the plan."""
    rows = await pool.fetch(query("patrol_facts"), campaign_id, city)
    return {row["code"]: PatrolFacts.model_validate_json(row["patrol"]) for row in rows}


class SettledCounts(NamedTuple):
    """The sites of a campaign that are not open any more."""

    closed: int
    carried_over: int


async def settled_counts(pool: Pool, campaign_id: str) -> SettledCounts:
    """Closed and carried-over sites of a whole campaign."""
    row = await pool.fetchrow(query("settlement_counts"), campaign_id)
    assert row is not None  # an aggregate always has its row
    return SettledCounts(*row)


async def settled_cities(pool: Pool, campaign_id: str) -> tuple[str, ...]:
    """Codes of the cities whose desks are settled."""
    return tuple(row["code"] for row in await pool.fetch(query("settled_cities"), campaign_id))


async def patrolled_cities(pool: Pool, campaign_id: str) -> tuple[str, ...]:
    """Codes of the cities whose patrol after closure is over."""
    return tuple(row["code"] for row in await pool.fetch(query("patrolled_cities"), campaign_id))


async def unsettled_cities(pool: Pool, campaign_id: str) -> tuple[str, ...]:
    """Codes of the cities that the plan has reached and whose desks are not settled, or patrol still."""
    return tuple(row["code"] for row in await pool.fetch(query("unsettled_cities"), campaign_id))
