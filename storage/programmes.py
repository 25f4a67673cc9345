"""Programmes: their stock, and the sites that each year's campaign took and treated."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from schemas.canonical import canonical_json
from schemas.clock import Clock
from schemas.differences import differing_fields, differing_sites
from schemas.errors import NotFound, Refused
from schemas.programme import Amount, FrozenProgramme, Stocked
from schemas.programme_events import PlaceAmounts
from schemas.register import Site
from schemas.streams import programme_stream
from storage.campaigns import register_digest, stored_sites
from storage.connections import Borrowed, Pool, query
from storage.plan_numbers import recorded_spellings


class ProgrammeRecord(NamedTuple):
    """A programme as it was started."""

    programme_id: str
    document_number: str
    title: str
    clock: Clock


class WaitingSite(NamedTuple):
    """A site of the stock with its register row; `carried_from` is the campaign that carried it over."""

    site: Site
    stocked: Stocked
    carried_from: str | None


class Totals(NamedTuple):
    """Number and area of the whole stock, and of its treated sites."""

    stock: Amount
    treated: Amount


class YearEnds(NamedTuple):
    """The results of the sites of a finished campaign; `found` are the sites that its surveys added."""

    closed: Amount
    carried_over: Amount
    found: Amount
    places: tuple[PlaceAmounts, ...] = ()
    """The counties with closed sites."""


class StockRow(NamedTuple):
    """A site of the stock; `free`: it is neither treated nor in a running campaign, `campaign` is its last one."""

    site: Site
    free: bool
    campaign: str | None


class SurveyAmounts(NamedTuple):
    """What a survey changed: sites that joined the stock, and measured sites before and after."""

    added: Amount
    before: Amount
    after: Amount


class SurveyKey(NamedTuple):
    """A city's survey of a year, by its content."""

    programme_id: str
    campaign_id: str
    city: str
    digest: str


async def create_programme(pool: Pool, frozen: FrozenProgramme, stock: Sequence[Site], clock: Clock) -> bool:
    """Writes programme and stock in one transaction; False if it was recorded before with the same content.

    Raises:
        Refused: the id or the document number belongs to another programme or stock; names the differences.
    """
    programme, digest = frozen.programme, register_digest(stock)
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(query("campaigns/first_plan"), programme.id) is not None:
            raise Refused(f"programme {programme.id}: a campaign has this id; give the programme its own")
        spelt = await recorded_spellings(connection, "programme", programme.document_number)
        claimed = None if spelt else await connection.fetchval(
            query("programmes/insert"),
            programme.id, programme.document_number, programme.title, frozen.model_dump_json(), frozen.digest, digest,
            clock.model_dump_json(),
        )  # fmt: skip
        if claimed is None:
            for rival in await connection.fetch(query("programmes/rivals"), programme.id, spelt):
                await _refuse_different(connection, frozen, stock, digest, rival)
            return False
        await connection.copy_records_to_table(
            "programme_site",
            columns=("programme_id", "site_id", "record", "area_ha"),
            records=((programme.id, s.id, s.model_dump_json(), s.area_ha or Decimal()) for s in stock),
        )
    return True


async def _refuse_different(
    connection: Borrowed, frozen: FrozenProgramme, stock: Sequence[Site], digest: str, rival: Any
) -> None:
    programme, kept = frozen.programme, FrozenProgramme.model_validate_json(rival["frozen"])
    found = [
        f"its {what} is {theirs}, this one's {ours}"
        for what, theirs, ours in (
            ("id", rival["programme_id"], programme.id),
            ("document number", rival["document_number"], programme.document_number),
        )
        if theirs != ours
    ]
    if not found and rival["digest"] != frozen.digest:
        found.append(differing_fields("programme", _content(kept), _content(frozen)))
    if not found and rival["register_digest"] != digest:
        rows = await connection.fetch(query("programmes/stock"), programme.id)
        found.append(differing_sites("stock", stored_sites(rows), stock))
    if found:
        raise Refused(
            f"programme {rival['programme_id']} ({rival['document_number']}) is already there: {', and '.join(found)}. "
            "Start with what it was started with, or give the new programme its own id and document number"
        )


def _content(frozen: FrozenProgramme) -> dict[str, Any]:
    """What the digest is of: the programme, and the plan of each year by its id."""
    plans = {year.plan.id: year.plan.model_dump(mode="json") for year in frozen.years}
    return {**frozen.programme.model_dump(mode="json"), "plans": plans}


async def list_programmes(pool: Pool) -> list[ProgrammeRecord]:
    """All programmes, by id."""
    return [_record(row) for row in await pool.fetch(query("programmes/list"), None)]


async def find_programme(pool: Pool, programme_id: str) -> ProgrammeRecord:
    """One programme. Raises NotFound, which lists the known ones."""
    row = await pool.fetchrow(query("programmes/list"), programme_id)
    if row is None:
        known = ", ".join(record.programme_id for record in await list_programmes(pool)) or "none"
        raise NotFound(f"programme {programme_id}: no such programme. Known programmes: {known}")
    return _record(row)


async def is_programme(pool: Pool, name: str) -> bool:
    """Whether a programme has this id."""
    return await pool.fetchrow(query("programmes/list"), name) is not None


async def read_programme(pool: Pool, programme_id: str) -> FrozenProgramme:
    """The frozen programme. Raises NotFound, which lists the known ones."""
    await find_programme(pool, programme_id)
    return FrozenProgramme.model_validate_json(await pool.fetchval(query("programmes/frozen"), programme_id))


async def totals(pool: Pool, programme_id: str) -> Totals:
    """The current number and area of the stock."""
    row = await pool.fetchrow(query("programmes/totals"), programme_id)
    assert row is not None  # an aggregate always has its row
    return Totals(
        _amount(row["sites"], row["area_ha"]),
        _amount(row["treated_sites"], row["treated_ha"]),
    )


async def waiting_sites(pool: Pool, programme_id: str) -> list[WaitingSite]:
    """The sites of the stock that are not treated and not in a campaign, by site id."""
    rows = await pool.fetch(query("programmes/waiting"), programme_id)
    return [_waiting(row, row["campaign_id"] if row["settled"] else None) for row in rows]


async def chosen_sites(pool: Pool, programme_id: str, campaign_id: str) -> list[WaitingSite]:
    """The sites that a campaign took, by id."""
    rows = await pool.fetch(query("programmes/chosen"), programme_id, campaign_id)
    return [_waiting(row, row["carried_from"]) for row in rows]


async def choose(pool: Pool, programme_id: str, campaign_id: str, sites: Sequence[str]) -> None:
    """Assigns these sites to the campaign; a repeated call changes nothing."""
    await pool.execute(query("programmes/choose"), programme_id, campaign_id, list(sites))


async def settle_year(pool: Pool, programme_id: str, campaign_id: str) -> YearEnds:
    """Copies the results of a finished campaign's sites into the stock; a repeated call returns the same."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(query("programmes/settle"), programme_id, campaign_id)
        rows = await connection.fetch(query("programmes/year_ends"), programme_id, campaign_id)

    def summed(pick: Any) -> Amount:
        picked = [row for row in rows if pick(row)]
        return _amount(sum(row["sites"] for row in picked), sum((row["area_ha"] for row in picked), Decimal()))

    return YearEnds(
        closed=summed(lambda row: row["settled"] == "closed"),
        carried_over=summed(lambda row: row["settled"] == "carried_over"),
        found=summed(lambda row: row["found"]),
        places=tuple(
            PlaceAmounts(city=city, county=county, closed=summed(_closed_in(city, county)))
            for city, county in dict.fromkeys((r["city"], r["county"]) for r in rows if r["settled"] == "closed")
        ),
    )


def _closed_in(city: str, county: str) -> Callable[[Any], bool]:
    return lambda row: (row["settled"], row["city"], row["county"]) == ("closed", city, county)


async def stock_rows(pool: Pool, programme_id: str, ids: Sequence[str]) -> list[StockRow]:
    """Those of these sites that are in the stock, by id."""
    rows = await pool.fetch(query("programmes/named"), programme_id, list(ids))
    return [StockRow(Site.model_validate_json(row["record"]), row["free"], row["campaign_id"]) for row in rows]


async def keep_survey(pool: Pool, key: SurveyKey, sites: Sequence[Site], at: datetime, actor: str) -> None:
    """Writes what a city hands in; the same content again changes nothing."""
    rows = canonical_json([site.model_dump(mode="json") for site in sites])
    await pool.execute(query("programmes/insert_survey"), *key, rows, at, actor)


async def read_survey(pool: Pool, key: SurveyKey) -> tuple[list[Site], SurveyAmounts | None]:
    """The rows of a survey, and what it changed if it was taken into the stock."""
    row = await pool.fetchrow(query("programmes/survey"), *key)
    if row is None:
        raise NotFound(f"programme {key.programme_id}: no survey of {key.city} for {key.campaign_id} with this content")
    taken = None if row["taken"] is None else json.loads(row["taken"])
    amounts = (
        None if taken is None else SurveyAmounts(*(Amount.model_validate(taken[n]) for n in SurveyAmounts._fields))
    )
    return [Site.model_validate(one) for one in json.loads(row["sites"])], amounts


async def take_survey(pool: Pool, key: SurveyKey, changed: Sequence[Site], amounts: SurveyAmounts) -> None:
    """Brings new and measured sites into the stock, once."""
    said = canonical_json({name: one.model_dump(mode="json") for name, one in amounts._asdict().items()})
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(query("programmes/mark_survey_taken"), *key, said) is not None:
            await connection.execute(
                query("programmes/measure"),
                key.programme_id, [one.id for one in changed], [one.model_dump_json() for one in changed],
                f"survey/{key.campaign_id}",
            )  # fmt: skip


async def unrecorded(pool: Pool, frozen: FrozenProgramme) -> str | None:
    """Something that follows from a missing entry of the programme's stream; None where the stream is whole."""
    one = frozen.programme
    campaigns = [year.id for year in one.years]
    found: str | None = await pool.fetchval(query("programmes/unrecorded"), one.id, programme_stream(one.id), campaigns)
    return found


def _amount(sites: int, area_ha: Decimal) -> Amount:
    return Amount(sites=sites, area_ha=area_ha)


def _waiting(row: Any, carried_from: str | None) -> WaitingSite:
    site = Site.model_validate_json(row["record"])
    stocked = Stocked(
        site_id=site.id, hazard=site.hazard, area_ha=row["area_ha"], carried_over=carried_from is not None
    )
    return WaitingSite(site, stocked, carried_from)


def _record(row: Any) -> ProgrammeRecord:
    clock = Clock.model_validate(json.loads(row["clock"]))
    return ProgrammeRecord(row["programme_id"], row["document_number"], row["title"], clock)
