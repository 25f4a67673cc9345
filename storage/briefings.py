"""Reads the measures of a weekly briefing, and the briefings that the ledger has."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from schemas.deferrals import read_deferrals
from schemas.errors import NotFound
from schemas.ladder import UnitLevel
from schemas.options.briefing import FrozenBriefing, Measures, UnitMeasures
from schemas.ranked_units import Counted, city_measures, measures_below
from storage.campaigns import find_campaign, read_plan
from storage.connections import Pool, query


class UnitsMeasured(NamedTuple):
    """The measures of all cities, and of the counties and townships that are ranked."""

    cities: tuple[UnitMeasures, ...]
    below: tuple[UnitMeasures, ...] = ()


async def measures(
    pool: Pool, campaign_id: str, as_of: datetime, levels: Sequence[UnitLevel] = (UnitLevel.CITY,)
) -> UnitsMeasured:
    """The current measures of each city of a campaign, in the order of the plan, and of the units of lower `levels`.

    Overdue as of `as_of`. One statement reads them in one snapshot, so that units can be compared. Raises NotFound for
    an unknown campaign.
    """
    rows = await pool.fetch(query("briefings/measures"), campaign_id, as_of)
    if not rows:
        await find_campaign(pool, campaign_id)  # raises NotFound; every campaign has a city
    cities = dict.fromkeys((row["code"], row["name"]) for row in rows)
    counted = [
        Counted(
            row["code"],
            row["county"],
            row["township"],
            row["newly_found"],
            Measures(**{field: row[field] for field in Measures.model_fields}),
            read_deferrals(row["deferrals"]),
        )
        for row in rows
        if row["sites"] is not None
    ]
    if levels == (UnitLevel.CITY,):
        return UnitsMeasured(tuple(city_measures(cities, counted, as_of)))
    plan = (await read_plan(pool, campaign_id)).plan
    below = measures_below(plan, levels, counted, as_of)
    return UnitsMeasured(tuple(city_measures(cities, counted, as_of)), tuple(below))


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
