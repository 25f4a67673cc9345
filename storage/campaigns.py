"""Campaigns: each is written once with its plan and register."""

import json
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

import asyncpg

from schemas.base import Instant, StoredModel
from schemas.canonical import canonical_json
from schemas.clock import Clock
from schemas.differences import differing_fields, differing_sites
from schemas.errors import NotFound, Refused
from schemas.options.joint import SigningFacts
from schemas.plan import FrozenPlan, Plan
from schemas.programme import FrozenProgramme
from schemas.register import RejectedRow, Site
from schemas.register import register_digest as register_digest
from storage.connections import Borrowed, Pool, query
from storage.plan_numbers import recorded_spellings
from storage.registration import REGISTERED, registered_columns


class CreateOutcome(StrEnum):
    """The result of `create_campaign`."""

    CREATED = "created"
    ALREADY_THERE_SAME = "already_there_same"


class CampaignRecord(StoredModel):
    """A row of the campaign table, without the plan. `started`: its workflow was started."""

    campaign_id: str
    document_number: str
    title: str
    digest: str
    register_digest: str
    clock: Clock
    started: bool
    seq: int
    state: str
    issued_at: Instant | None
    closed_at: Instant | None
    signing: tuple[SigningFacts, ...] = ()
    """The signatures under a joint plan, and under the amendment that waits for them."""


async def create_campaign(
    pool: Pool, frozen: FrozenPlan, sites: Sequence[Site], clock: Clock, rejected: Sequence[RejectedRow] = ()
) -> CreateOutcome:
    """Writes plan, cities, register and rejected rows in one transaction.

    The document number is the identity, with brackets of any kind: a repeated call with the same plan and register
    changes nothing, and the clock of the first start stays. Raises Refused, with the differences, if the id or the
    number belongs to another plan or register.
    """
    plan = frozen.plan
    digest = register_digest(sites)
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(query("programmes/frozen"), plan.id) is not None:
            raise Refused(f"campaign {plan.id}: a programme has this id; give the campaign its own")
        spelt = await recorded_spellings(connection, "campaign", plan.document_number)
        claimed = None if spelt else await connection.fetchval(
            query("campaigns/insert"),
            plan.id, plan.document_number, plan.title, frozen.model_dump_json(), frozen.digest, digest,
            clock.model_dump_json(),
        )  # fmt: skip
        if claimed is None:
            rivals = await connection.fetch(query("campaigns/rivals"), plan.id, spelt)
            _refuse_other(plan, rivals[0])
            await _refuse_different(connection, frozen, sites, digest, rivals[0])
            return CreateOutcome.ALREADY_THERE_SAME
        await _copy(connection, frozen, sites, rejected)
    return CreateOutcome.CREATED


async def mark_started(pool: Pool, campaign_id: str) -> None:
    """Records that the campaign's workflow was started."""
    await pool.execute(query("campaigns/mark_started"), campaign_id)


async def read_plan(pool: Pool, campaign_id: str) -> FrozenPlan:
    """The plan in force, amended by all amendments in force. Raises NotFound, which lists the known campaigns."""
    text = await pool.fetchval(query("campaigns/plan"), campaign_id)
    if text is None:
        raise await _unknown(pool, campaign_id)
    return _plan(text)


async def letterhead(pool: Pool, issuer: str) -> FrozenPlan:
    """The plan by which documents of this issuer are composed and delivered: a campaign's, or that of a programme."""
    text = await pool.fetchval(query("campaigns/plan"), issuer)
    if text is not None:
        return _plan(text)
    programme = await pool.fetchval(query("programmes/frozen"), issuer)
    if programme is None:
        raise await _unknown(pool, issuer)
    return _letterhead(programme)


async def issuer_clock(pool: Pool, issuer: str) -> Clock:
    """The clock of a campaign, or of a programme."""
    row = await pool.fetchrow(query("campaigns/list"), issuer)
    row = row or await pool.fetchrow(query("programmes/list"), issuer)
    if row is None:
        raise await _unknown(pool, issuer)
    return Clock.model_validate_json(row["clock"])


async def read_clock(pool: Pool, campaign_id: str) -> Clock:
    """The campaign's clock. Raises NotFound, which lists the known campaigns."""
    return (await find_campaign(pool, campaign_id)).clock


async def set_clock(pool: Pool, campaign_id: str, clock: Clock) -> None:
    """Stores the time of a rehearsal's stepped clock, which other processes read."""
    await pool.execute(query("campaigns/set_clock"), campaign_id, clock.model_dump_json())


async def find_campaign(pool: Pool, campaign_id: str) -> CampaignRecord:
    """One campaign. Raises NotFound, which lists the known ones."""
    row = await pool.fetchrow(query("campaigns/list"), campaign_id)
    if row is None:
        raise await _unknown(pool, campaign_id)
    return _record(row)


async def list_campaigns(pool: Pool) -> list[CampaignRecord]:
    """All campaigns, by id."""
    return [_record(row) for row in await pool.fetch(query("campaigns/list"), None)]


async def _copy(
    connection: Borrowed, frozen: FrozenPlan, sites: Sequence[Site], rejected: Sequence[RejectedRow]
) -> None:
    campaign = frozen.plan.id
    await add_cities(connection, frozen, {city.code for city in frozen.plan.cities}, sites)
    await connection.copy_records_to_table(
        "rejected_row",
        columns=("campaign_id", "row", "faults", "raw"),
        records=[(campaign, row.row, list(row.faults), canonical_json(row.raw)) for row in rejected],
    )


async def add_cities(connection: Borrowed, frozen: FrozenPlan, codes: Collection[str], sites: Sequence[Site]) -> None:
    """Writes cities of a plan and the rows of their register, inside the caller's transaction."""
    campaign = frozen.plan.id
    places = [(place, city) for place, city in enumerate(frozen.plan.cities) if city.code in codes]
    await connection.copy_records_to_table(
        "city",
        columns=("campaign_id", "code", "position", "name"),
        records=[(campaign, city.code, place, city.name) for place, city in places],
    )
    await connection.copy_records_to_table(
        "site",
        columns=REGISTERED,
        records=(registered_columns(campaign, s) for s in sites),
    )


def _refuse_other(plan: Plan, rival: asyncpg.Record) -> None:
    if rival["campaign_id"] != plan.id:
        typed = "" if rival["document_number"] == plan.document_number else f", as {rival['document_number']}"
        raise Refused(
            f"document number {plan.document_number}: belongs to campaign {rival['campaign_id']}{typed}; "
            f"this plan's id is {plan.id}. Give the new plan its own document number"
        )
    if rival["document_number"] != plan.document_number:
        raise Refused(
            f"campaign {plan.id}: exists under document number {rival['document_number']}, "
            f"this plan says {plan.document_number}. Give the new campaign its own id"
        )


async def _refuse_different(
    connection: Borrowed, frozen: FrozenPlan, sites: Sequence[Site], digest: str, rival: asyncpg.Record
) -> None:
    plan, differing = frozen.plan, list[str]()
    kept = _plan(rival["plan"]).plan
    if rival["digest"] != frozen.digest:
        differing.append(differing_fields("plan", kept.model_dump(mode="json"), plan.model_dump(mode="json")))
    if rival["register_digest"] != digest:
        codes = [city.code for city in kept.cities]
        rows = await connection.fetch(query("register/first"), plan.id, codes)
        differing.append(differing_sites("register", stored_sites(rows), sites))
    if differing:
        raise Refused(
            f"campaign {plan.id} ({plan.document_number}) is already there: {', and '.join(differing)}. "
            "Start with what it was started with, or give the new campaign its own id and document number"
        )


def stored_sites(rows: Iterable[asyncpg.Record]) -> list[Site]:
    """The register rows of `record`, as they were written."""
    return [Site.model_validate_json(row["record"]) for row in rows]


@lru_cache(maxsize=32)
def _plan(text: str) -> FrozenPlan:
    """Cached, because nearly every activity reads its campaign's plan, and the plan rarely changes."""
    return FrozenPlan.model_validate_json(text)


@lru_cache(maxsize=8)
def _letterhead(text: str) -> FrozenPlan:
    return FrozenProgramme.model_validate_json(text).letterhead


def _record(row: asyncpg.Record) -> CampaignRecord:
    read = {"clock": json.loads(row["clock"]), "signing": json.loads(row["signing"] or "[]")}
    return CampaignRecord.model_validate(dict(row) | read)


async def _unknown(pool: Pool, campaign_id: str) -> NotFound:
    known = ", ".join(record.campaign_id for record in await list_campaigns(pool)) or "none"
    return NotFound(f"campaign {campaign_id}: no such campaign. Known campaigns: {known}")
