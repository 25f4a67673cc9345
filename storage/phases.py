"""Reads the measures of a phase, and what a campaign's ledger says of its phases."""

import json
from datetime import datetime

from schemas.event import Event
from schemas.options.phases import PhaseMeasures, PhaseOrder, PhaseReport
from schemas.phase_status import PHASE_EVENTS
from storage.campaigns import find_campaign
from storage.connections import Borrowed, Pool, query
from storage.surveys import list_surveys


async def phase_report(pool: Pool, order: PhaseOrder) -> PhaseReport:
    """The present measures of each city of a campaign, in the order of the plan, and its surveys.

    One snapshot, so that the cities can be compared. Raises NotFound for an unknown campaign.
    """
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        rows = await connection.fetch(query("phases/measures"), order.campaign_id)
        surveys = await list_surveys(connection, order.campaign_id)
    if not rows:
        await find_campaign(pool, order.campaign_id)  # raises NotFound; every campaign has a city
    return PhaseReport(
        phase=order.phase,
        as_of=order.at,
        cities=tuple(PhaseMeasures.model_validate(dict(row)) for row in rows),
        surveys=tuple(sorted(survey.id for survey in surveys)),
    )


async def phase_entries(source: "Pool | Borrowed", campaign_id: str, as_of: datetime) -> list[tuple[datetime, Event]]:
    """The entries of a campaign's ledger about its phases up to an instant, oldest first."""
    rows = await source.fetch(query("phases/entries"), campaign_id, as_of)
    return [(row["at"], PHASE_EVENTS[row["kind"]].model_validate(json.loads(row["data"]))) for row in rows]
