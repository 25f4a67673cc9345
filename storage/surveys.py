"""Surveys: sites that are added to the register of a running campaign, in one transaction with the survey itself."""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import asyncpg

from schemas.canonical import canonical_json
from schemas.differences import differing_sites
from schemas.errors import Refused
from schemas.local_time import shown_instant
from schemas.options.surveys import Survey, SurveyRecord
from storage.campaigns import find_campaign, read_plan, stored_sites
from storage.connections import Borrowed, Pool, query
from storage.registration import REGISTERED, registered_columns

_SHOWN = 5
"""The maximum of sites that a refusal names."""


class SurveyOutcome(StrEnum):
    """The result of `add_survey`."""

    ADDED = "added"
    ALREADY_THERE_SAME = "already_there_same"


async def add_survey(pool: Pool, campaign_id: str, survey: Survey, actor: str, at: datetime) -> SurveyOutcome:
    """Writes the survey and its sites in one transaction; the same survey again changes nothing.

    Raises Refused, with the reason, if the id has another content, the campaign is not running, a city has ended, or a
    site's id exists already. Raises NotFound for an unknown campaign.
    """
    codes = sorted(survey.cities())
    async with pool.acquire() as connection, connection.transaction():
        known = await _known(connection, campaign_id, survey.id)
        if known is not None:
            await _require_same(pool, connection, campaign_id, survey, known)
            return SurveyOutcome.ALREADY_THERE_SAME
        await connection.fetch(query("surveys/lock_cities"), campaign_id, codes)
        await _require_running(pool, connection, campaign_id, survey.id, codes)
        claimed = await connection.fetchval(
            query("surveys/insert"), campaign_id, survey.id, survey.digest, at, actor,
            canonical_json({code: counts.model_dump() for code, counts in survey.cities().items()}),
        )  # fmt: skip
        if claimed is None:  # another transaction wrote it at the same time
            known = await _known(connection, campaign_id, survey.id)
            assert known is not None
            await _require_same(pool, connection, campaign_id, survey, known)
            return SurveyOutcome.ALREADY_THERE_SAME
        await _require_new(connection, campaign_id, survey)
        await connection.copy_records_to_table(
            "site",
            columns=REGISTERED,
            records=(registered_columns(campaign_id, s) for s in survey.sites),
        )
    return SurveyOutcome.ADDED


async def list_surveys(pool: "Pool | Borrowed", campaign_id: str, city: str | None = None) -> list[SurveyRecord]:
    """The surveys of a campaign, or those with sites in one city, oldest first."""
    return [_record(row) for row in await pool.fetch(query("surveys/list"), campaign_id, None, city)]


async def taken_ids(pool: Pool, campaign_id: str, survey: str) -> dict[str, str | None]:
    """The existing site ids, each with its survey (None: the first register), except those of `survey`."""
    rows = await pool.fetch(query("surveys/taken"), campaign_id, None, survey)
    return {row["site_id"]: row["survey"] for row in rows}


async def _known(connection: Borrowed, campaign_id: str, survey: str) -> SurveyRecord | None:
    row = await connection.fetchrow(query("surveys/list"), campaign_id, survey, None)
    return None if row is None else _record(row)


async def _require_running(
    pool: Pool, connection: Borrowed, campaign_id: str, survey: str, codes: Sequence[str]
) -> None:
    state = await connection.fetchval(query("campaigns/state"), campaign_id)
    if state is None:
        await find_campaign(pool, campaign_id)  # raises NotFound, which lists the known campaigns
    if state == "issuing":
        raise Refused(
            f"survey {survey}: campaign {campaign_id} is not issued yet; survey when it runs, "
            "or start it with these sites in its register"
        )
    if state != "running":
        raise Refused(f"survey {survey}: campaign {campaign_id} is {state}; what is found now belongs to the next one")
    over = await connection.fetch(query("surveys/ended_cities"), campaign_id, list(codes))
    if over:
        cities = ", ".join(f"{row['code']} ({row['kind']})" for row in over)
        raise Refused(f"survey {survey}: over in {cities}; what is found now belongs to the next campaign")


async def _require_new(connection: Borrowed, campaign_id: str, survey: Survey) -> None:
    ids = [site.id for site in survey.sites]
    rows = await connection.fetch(query("surveys/taken"), campaign_id, ids, survey.id)
    if rows:
        raise Refused(
            f"survey {survey.id}: {_listed([row['site_id'] for row in rows])} in campaign {campaign_id} already; "
            "give what was found ids of its own"
        )


async def _require_same(
    pool: Pool, connection: Borrowed, campaign_id: str, survey: Survey, known: SurveyRecord
) -> None:
    if known.digest == survey.digest:
        return
    kept = stored_sites(await connection.fetch(query("surveys/sites"), campaign_id, survey.id))
    added_at = shown_instant(known.at, (await read_plan(pool, campaign_id)).plan.zone)
    raise Refused(
        f"survey {survey.id} of {campaign_id} was added at {added_at} with another content: "
        f"{differing_sites('survey', kept, survey.sites)}. Bring the same, or give another survey its own id"
    )


def _listed(ids: Sequence[str]) -> str:
    return f"{', '.join(ids[:_SHOWN])}{_more(ids)} {'is' if len(ids) == 1 else 'are'}"


def _more(ids: Sequence[str]) -> str:
    return f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""


def _record(row: asyncpg.Record) -> SurveyRecord:
    return SurveyRecord.model_validate(dict(row) | {"cities": json.loads(row["cities"])})
