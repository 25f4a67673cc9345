"""The frames of spot checks: read from register and ledger, and written once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from schemas.base import Instant, StoredModel
from schemas.errors import NotFound
from schemas.options.spot_checks import PARTICIPATION_KINDS, FrameEntry, SpotCheckOrdered
from schemas.spot_check import DrawOrder
from storage.campaigns import find_campaign
from storage.connections import Pool, query


class RecordedCheck(StoredModel):
    """A recorded check: the data it was drawn from; `read_frame` reads the sites of its frame."""

    check: str
    city: str | None
    seed: int
    taken_at: Instant
    frame_hash: str
    frame_size: int
    counties: tuple[str, ...]


class CheckOrder(NamedTuple):
    """The order of a check: its time, the campaign's last amendment before it, and whether the check is closed."""

    ordered: SpotCheckOrdered
    at: datetime
    amendment: int
    closed: bool


async def check_orders(pool: Pool, campaign_id: str, before: datetime, closed_since: datetime) -> list[CheckOrder]:
    """The orders given before an instant whose checks are not closed, or were closed since another; oldest first."""
    rows = await pool.fetch(query("spot_checks/orders"), campaign_id, before, closed_since)
    return [
        CheckOrder(SpotCheckOrdered.model_validate_json(row["data"]), row["at"], row["amendment"], row["closed"])
        for row in rows
    ]


async def struck_off(
    pool: Pool, campaign_id: str, city: str | None, at: datetime, passed: str | None = None
) -> list[FrameEntry]:
    """The sites that were closed at the instant `at` (or had passed the level `passed`), by id.

    Read from the sites' ledgers up to that instant, so that every call returns the same.
    """
    rows = await pool.fetch(query("spot_checks/struck_off"), campaign_id, city, at, passed, list(PARTICIPATION_KINDS))
    return [FrameEntry.model_validate(dict(row)) for row in rows]


async def counties_of(pool: Pool, campaign_id: str, city: str | None = None) -> tuple[str, ...]:
    """The counties to which sites of a campaign, or of one city, belong; sorted."""
    return tuple(row["county"] for row in await pool.fetch(query("spot_checks/counties"), campaign_id, city))


async def write_frame(
    pool: Pool, order: DrawOrder, frame: Sequence[FrameEntry], frame_hash: str, counties: Sequence[str]
) -> RecordedCheck:
    """Writes a frame once and returns the check; a repeated call returns what the first call wrote."""
    async with pool.acquire() as connection, connection.transaction():
        kept = await connection.fetchval(
            query("spot_checks/insert"), order.campaign_id, order.check, order.city, order.seed, order.at, frame_hash,
            len(frame), list(counties),
        )  # fmt: skip
        if kept is not None:
            await connection.copy_records_to_table(
                "spot_check_frame",
                columns=(
                    "campaign_id", "check_id", "site_id", "city", "county", "hazard", "round", "level", "at",
                    "participants", "workers",
                ),
                records=[
                    (
                        order.campaign_id, order.check, one.id, one.city, one.county, one.hazard, one.round, one.level,
                        one.at, list(one.participants), list(one.workers),
                    )
                    for one in frame
                ],
            )  # fmt: skip
    return await read_check(pool, order.campaign_id, order.check)


async def find_check(pool: Pool, campaign_id: str, check: str) -> RecordedCheck | None:
    """One check; None if its sample was not drawn yet."""
    row = await pool.fetchrow(query("spot_checks/list"), campaign_id, check)
    return None if row is None else RecordedCheck.model_validate(dict(row))


async def read_check(pool: Pool, campaign_id: str, check: str) -> RecordedCheck:
    """One check. Raises NotFound, which lists the drawn ones."""
    found = await find_check(pool, campaign_id, check)
    if found is None:
        known = ", ".join(one.check for one in await list_checks(pool, campaign_id)) or "none"
        raise NotFound(f"spot check {check}: campaign {campaign_id} has none of that id drawn. Drawn: {known}")
    return found


async def list_checks(pool: Pool, campaign_id: str) -> list[RecordedCheck]:
    """The drawn checks of a campaign. Raises NotFound for an unknown campaign."""
    rows = await pool.fetch(query("spot_checks/list"), campaign_id, None)
    if not rows:
        await find_campaign(pool, campaign_id)
    return [RecordedCheck.model_validate(dict(row)) for row in rows]


async def read_frame(pool: Pool, campaign_id: str, check: str) -> list[FrameEntry]:
    """The frame of a check, by site id."""
    rows = await pool.fetch(query("spot_checks/frame"), campaign_id, check)
    return [FrameEntry.model_validate(dict(row)) for row in rows]
