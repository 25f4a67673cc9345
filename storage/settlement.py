"""What the campaign's board asks of Postgres: who is settled, and how it ended."""

from typing import NamedTuple

from storage.connections import Pool
from storage.queries import query


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
