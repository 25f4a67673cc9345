"""The patrols after closure of a campaign's cities, as their state rows have them."""

from schemas.patrol import PatrolFacts
from storage.connections import Pool
from storage.queries import query


async def read_patrols(pool: Pool, campaign_id: str, city: str | None = None) -> dict[str, PatrolFacts]:
    """Of each city (or of one) whose patrol has begun, by code in the order of the plan."""
    rows = await pool.fetch(query("patrol_facts"), campaign_id, city)
    return {row["code"]: PatrolFacts.model_validate_json(row["patrol"]) for row in rows}
