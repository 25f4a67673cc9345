"""Reads a campaign's facts from Postgres, in one snapshot."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import asyncpg

from reports.burndown import BurnDown, DayCount, Movement, moving_kinds
from reports.documents.by_week import DocumentsOnDay, by_week
from reports.documents.kinds import ladder_rung
from reports.facts import CarriedOverSite, CityLine, Facts, LedgerFacts
from schemas.plan import Plan
from schemas.register import RejectedRow
from schemas.status import CampaignStatus
from storage.connections import Borrowed, queries_in
from storage.refusals import list_refused

query = queries_in(Path(__file__).parent / "queries")

BATCH = 2000
"""Rows of a batch; one batch is in memory at a time."""


async def read_facts(connection: Borrowed, plan: Plan, status: CampaignStatus, as_of: datetime, listed: int) -> Facts:
    """All data of the page; each of its lists has at most `listed` items."""
    campaign_id = status.campaign_id
    totals = await connection.fetchrow(query("register/rejected_totals"), campaign_id)
    ledger = await connection.fetchrow(query("ledger/facts"), campaign_id)
    assert totals is not None and ledger is not None  # aggregates always return a row
    documents = await connection.fetch(query("documents/by_day"), campaign_id, plan.time_zone)
    carried = await connection.fetch(query("sites/carried_over"), campaign_id, listed)
    refused = await list_refused(connection, campaign_id, limit=listed)
    rejected = await connection.fetch(query("register/rejected_rows"), campaign_id, listed)
    return Facts(
        plan=plan,
        status=status,
        days=tuple(await read_days(connection, plan, status, as_of)),
        cities=await read_cities(connection, status),
        documents=by_week(
            [
                DocumentsOnDay(
                    row["kind"], ladder_rung(plan, row["kind"], row["rung"]) or 0, row["day"], row["documents"]
                )
                for row in documents
            ],
            plan.starts_on,
            plan.ends_on,
        ),
        carried_over=tuple(CarriedOverSite(**row) for row in carried),
        refused=refused,
        rejected=tuple(RejectedRow(row=row["row"], faults=tuple(row["faults"])) for row in rejected),
        rejected_rows=totals["rows"],
        rejected_faults=totals["faults"],
        ledger=LedgerFacts(**ledger),
    )


async def read_cities(connection: Borrowed, status: CampaignStatus) -> tuple[CityLine, ...]:
    """The cities in the plan's order."""
    approvals = await connection.fetch(query("cities/approvals"), status.campaign_id)
    approved = {row["city"]: row["approved_at"] for row in approvals}
    rounds = await connection.fetch(query("cities/failed_rounds"), status.campaign_id)
    failed = {row["city"]: row["rounds"] for row in rounds}
    return tuple(CityLine(city, approved.get(city.code), failed.get(city.code, 0)) for city in status.cities)


async def read_days(connection: Borrowed, plan: Plan, status: CampaignStatus, as_of: datetime) -> list[DayCount]:
    """The counts by day, computed while the ledger is read through a cursor."""
    found = [(one.at, one.sites) for one in status.progress.surveys] if status.progress is not None else []
    burndown = BurnDown(status.sites.total, plan.zone, plan.starts_on, as_of, found)
    pending: list[Movement] = []
    async for rows in batches(connection, query("sites/movements"), status.campaign_id, list(moving_kinds()), as_of):
        pending.extend(Movement(*row) for row in rows)
        # The next batch may continue the entries of this batch's last site.
        cut = len(pending)
        while cut and pending[cut - 1].stream == pending[-1].stream:
            cut -= 1
        burndown.add(pending[:cut])
        del pending[:cut]
    burndown.add(pending)
    return burndown.days(plan.ends_on)


async def batches(connection: Borrowed, sql: str, *arguments: object) -> AsyncIterator[list[asyncpg.Record]]:
    """The rows of a query in batches, through a cursor of the caller's transaction."""
    cursor = await connection.cursor(sql, *arguments)
    while rows := await cursor.fetch(BATCH):
        yield rows
