"""Amendments of running plans: each is written once, in one transaction with the cities and sites that it adds."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import asyncpg

from schemas.amendments import Amendment, AmendmentRecord, PlanAmended
from schemas.differences import differing_fields
from schemas.errors import NotFound, Refused
from schemas.identity import same_number
from schemas.ledger import LedgerEntry, RecordBatch
from schemas.plan import FrozenPlan
from schemas.register import Site
from storage.campaigns import add_cities, find_campaign, letterhead
from storage.connections import Pool, query
from storage.register import site_of


class WriteResult(NamedTuple):
    """The result of `write_amendment`; `again`: it was recorded before."""

    amendment: int
    again: bool


class AmendmentProgress(NamedTuple):
    """The progress of an amendment: `heard`, whether the city applied it; `told`, how many of its `open` sites did."""

    code: str
    name: str
    open: int
    told: int
    heard: bool


class CarriedOver(NamedTuple):
    """A site that was carried over, when, and for what reason."""

    site: Site
    at: datetime
    reason: str


async def list_amendments(pool: Pool, campaign_id: str) -> list[AmendmentRecord]:
    """The amendments of a campaign, oldest first."""
    return [_record(row) for row in await pool.fetch(query("amendments/list"), campaign_id)]


async def plan_versions(pool: Pool, campaign_id: str) -> list[FrozenPlan]:
    """The plan of the start, then that of each amendment in force. Raises NotFound for an unknown campaign."""
    text = await pool.fetchval(query("campaigns/first_plan"), campaign_id)
    if text is None:
        await find_campaign(pool, campaign_id)  # raises NotFound with the known campaigns
        raise NotFound(f"campaign {campaign_id}: no such campaign")
    amendments = await list_amendments(pool, campaign_id)
    return [FrozenPlan.model_validate_json(text), *(one.frozen for one in amendments if one.heard)]


async def plan_for(pool: Pool, batch: RecordBatch) -> FrozenPlan:
    """The plan for the documents of a batch: if the batch records an amendment, the amended one."""
    brought = [PlanAmended.model_validate_json(e.data).amendment for e in batch.entries if e.kind == "plan_amended"]
    if not brought:
        return await letterhead(pool, batch.campaign_id)
    known = await list_amendments(pool, batch.campaign_id)
    return next(one.frozen for one in known if one.amendment == brought[-1])


async def write_amendment(
    pool: Pool,
    amendment: Amendment,
    digest: str,
    frozen: FrozenPlan,
    at: datetime,
    added: Collection[str] = (),
    sites: Sequence[Site] = (),
) -> WriteResult:
    """Writes the amended plan, and the cities `added` with their sites; a repeated call changes nothing.

    Raises:
        Refused: its number belongs to an amendment with another content, a city that it removes has open sites, or
            another amendment was written first.
    """
    campaign_id = frozen.plan.id
    async with pool.acquire() as connection, connection.transaction():
        await connection.fetchval(query("campaigns/lock"), campaign_id)
        known = [_record(row) for row in await connection.fetch(query("amendments/list"), campaign_id)]
        same = next((one for one in known if same_number(one.document_number, amendment.document_number)), None)
        if same is not None:
            require_same(same, amendment, digest)
            return WriteResult(same.amendment, again=True)
        if frozen.amendment != len(known) + 1:
            raise Refused(f"campaign {campaign_id} was amended meanwhile; look at the preview again")
        for code in amendment.cities.remove:
            if still_open := await connection.fetchval(query("amendments/open_sites"), campaign_id, code):
                raise Refused(open_sites(code, still_open))
        if clashing := await connection.fetch(query("register/standings"), campaign_id, [site.id for site in sites]):
            named = ", ".join(row["site_id"] for row in clashing[:5])
            raise Refused(f"sites of the register are in the campaign already ({len(clashing)} of them): {named}")
        await connection.fetchval(
            query("amendments/insert"),
            campaign_id, frozen.amendment, amendment.document_number, amendment.title, digest,
            amendment.model_dump_json(), frozen.model_dump_json(), list(amendment.cities.remove), at,
        )  # fmt: skip
        await add_cities(connection, frozen, added, sites)
    return WriteResult(frozen.amendment, again=False)


def require_same(known: AmendmentRecord, amendment: Amendment, digest: str) -> None:
    """Raises Refused, with the differing fields, if an amendment's number belongs to another content."""
    if known.digest != digest:
        differing = differing_fields("amendment", known.content, amendment.model_dump(mode="json"))
        raise Refused(
            f"document number {known.document_number}: belongs to another amendment of this campaign; {differing}. "
            "Give the new one its own number"
        )


def open_sites(city: str, count: int) -> str:
    """The reason for not removing a city."""
    return f"city {city} can not be taken out of the campaign: {count} of its sites are not settled"


async def open_sites_of(pool: Pool, campaign_id: str, city: str) -> int:
    """The number of a city's sites that are not settled."""
    count: int = await pool.fetchval(query("amendments/open_sites"), campaign_id, city)
    return count


async def page_uninformed(
    pool: Pool, campaign_id: str, city: str, after: str, limit: int, amendment: int
) -> list[Site]:
    """Up to `limit` open sites of a city, by id after `after`, that have not applied the amendment."""
    rows = await pool.fetch(query("amendments/page_uninformed"), campaign_id, city, after, limit, amendment)
    return [site_of(row) for row in rows]


async def page_carried_over(
    pool: Pool, campaign_id: str, city: str, after: str, limit: int, amendment: int
) -> list[CarriedOver]:
    """Up to `limit` carried-over sites, by id after `after`, that were open and have not applied the amendment."""
    rows = await pool.fetch(query("amendments/page_carried_over"), campaign_id, city, after, limit, amendment)
    return [CarriedOver(site_of(row), row["settled_at"], row["reason"]) for row in rows]


async def amendment_progress(pool: Pool, campaign_id: str, amendment: int) -> list[AmendmentProgress]:
    """The progress of an amendment by city, in the plan's order."""
    return [
        AmendmentProgress(**row)
        for row in await pool.fetch(query("amendments/progress_by_city"), campaign_id, amendment)
    ]


async def read_streams(pool: Pool, streams: Sequence[str]) -> Mapping[str, list[LedgerEntry]]:
    """The entries of several streams, each in order, without refusals; streams without entries are left out."""
    rows = await pool.fetch(query("ledger/accepted"), list(streams))
    return {
        stream: [LedgerEntry.model_construct(**row) for row in group]
        for stream, group in groupby(rows, key=lambda row: row["stream"])
    }


def _record(row: asyncpg.Record) -> AmendmentRecord:
    fields = dict(row)
    frozen = FrozenPlan.model_validate_json(fields.pop("plan"))
    return AmendmentRecord(**fields | {"content": json.loads(fields["content"])}, frozen=frozen)
