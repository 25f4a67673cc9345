"""Reads the measures of a weekly briefing, and the briefings that the ledger has."""

import json
from datetime import datetime

import asyncpg

from schemas.deferrals import Deferrals, SuspensionSums, read_deferrals
from schemas.errors import NotFound
from schemas.options.briefing import CityMeasures, FrozenBriefing, Measures
from storage.campaigns import find_campaign
from storage.connections import Pool, query


async def measures(pool: Pool, campaign_id: str, as_of: datetime) -> tuple[CityMeasures, ...]:
    """The current measures of each city of a campaign, in the order of the plan; overdue as of `as_of`.

    One statement reads them in one snapshot, so that the cities can be compared. Raises NotFound for an unknown
    campaign.
    """
    rows = await pool.fetch(query("briefings/measures"), campaign_id, as_of)
    if not rows:
        await find_campaign(pool, campaign_id)  # raises NotFound; every campaign has a city
    cities: dict[str, CityMeasures] = {}
    stood: dict[str, list[Deferrals]] = {}
    for row in rows:
        city = cities.get(row["code"]) or CityMeasures(code=row["code"], name=row["name"])
        if row["sites"] is not None:
            part = "newly_found" if row["newly_found"] else "baseline"
            city = city.model_copy(update={part: _measures(row)})
        cities[city.code] = city
        stood.setdefault(city.code, []).extend(read_deferrals(row["deferrals"]))
    return tuple(
        city.model_copy(update={"suspensions": SuspensionSums.of(stood[city.code], as_of)}) for city in cities.values()
    )


async def read_briefings(pool: Pool, campaign_id: str) -> list[FrozenBriefing]:
    """The recorded briefings of a campaign, oldest first. Raises NotFound for an unknown campaign."""
    rows = await pool.fetch(query("briefings/frozen"), campaign_id)
    if not rows:
        await find_campaign(pool, campaign_id)
    return [FrozenBriefing.model_validate(json.loads(row["data"])["briefing"]) for row in rows]


async def read_briefing(pool: Pool, campaign_id: str, week: int) -> FrozenBriefing:
    """The recorded briefing of one week. Raises NotFound, which names the weeks that exist."""
    briefings = await read_briefings(pool, campaign_id)
    for briefing in briefings:
        if briefing.week == week:
            return briefing
    known = ", ".join(str(briefing.week) for briefing in briefings) or "none"
    raise NotFound(f"briefing of week {week}: campaign {campaign_id} has none. Weeks: {known}")


def _measures(row: asyncpg.Record) -> Measures:
    return Measures(**{field: row[field] for field in Measures.model_fields})
