"""Reads, exports and verifies the entries of a stream, which is found by its name."""

import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

from schemas.errors import NotFound
from schemas.ledger import LedgerEntry
from services.common.feedback import Progress, unwatched
from services.common.files import replacing
from services.common.subjects import Subject, campaign_subject, city_subject, site_subject
from services.programme.subjects import ProgrammeSubject, programme_subject
from services.spot_checks.subjects import spot_check_subject
from storage.campaigns import list_campaigns, read_plan
from storage.connections import Pool
from storage.ledger import VerifyReport, as_exported, export, export_line, read_stream, verify, verify_programme
from storage.programmes import is_programme, read_programme

_STREAMS = {"campaign": 2, "city": 3, "site": 3, "spot-check": 3, "programme": 2}
"""Number of parts of a full stream name, by its first part."""


async def any_subject(pool: Pool, text: str) -> Subject:
    """CAMPAIGN, PROGRAMME, CAMPAIGN/CITY, CAMPAIGN/SITE, a bare site id, or a full stream (`site/CAMPAIGN/SITE`).

    NotFound if there is no such subject.
    """
    first, *rest = text.split("/")
    if _STREAMS.get(first) == 1 + len(rest):
        match first:
            case "campaign":
                return await campaign_subject(pool, rest[0])
            case "programme":
                return await programme_subject(pool, rest[0])
            case "city":
                return await city_subject(pool, *rest)
            case "spot-check":
                return await spot_check_subject(pool, *rest)
            case _:
                return await site_subject(pool, "/".join(rest))
    known = {record.campaign_id for record in await list_campaigns(pool)}
    if not rest:
        if text in known:
            return await campaign_subject(pool, text)
        if await is_programme(pool, text):
            return await programme_subject(pool, text)
        try:
            return await site_subject(pool, text)
        except NotFound:
            campaigns = ", ".join(sorted(known)) or "none"
            raise NotFound(
                f"{text}: neither a campaign, a programme nor a site. Known campaigns: {campaigns}"
            ) from None
    if first in known:
        cities = (await read_plan(pool, first)).plan.cities
        if any(rest[0] in (city.code, city.name) for city in cities):
            return await city_subject(pool, first, rest[0])
    return await site_subject(pool, text)


async def read_entries(pool: Pool, subject: Subject) -> list[LedgerEntry]:
    """The entries of a subject's stream, in order."""
    return await read_stream(pool, subject.stream)


def exported(entry: LedgerEntry) -> dict[str, Any]:
    """An entry as exported, with the fields from which its hash can be verified."""
    return as_exported(entry.model_dump())


async def export_entries(pool: Pool, subject: Subject, target: Path, progress: Progress = unwatched) -> int:
    """Write a stream's entries, of a campaign those of all its streams, as JSON lines; returns their number.

    InvalidInput if the file can not be written; an existing file is replaced atomically.
    """
    written = 0
    with (
        replacing(target) as unfinished,
        unfinished.open("w", encoding="utf-8") as file,
        progress("writing the ledger") as advanced,
    ):
        async with contextlib.aclosing(_entries(pool, subject)) as entries:
            async for entry in entries:
                file.write(export_line(entry) + "\n")
                written += 1
                if advanced is not None and written % 1000 == 0:
                    advanced(written, None)
    return written


async def prove(pool: Pool, name: str, progress: Progress = unwatched) -> VerifyReport:
    """Verify every chain and anchor of a campaign, or of a programme and its years' campaigns.

    LedgerBroken names the first broken entry.
    """
    with progress("proving the ledger") as advanced:
        shown = (lambda done: advanced(done, None)) if advanced is not None else None
        if not await is_programme(pool, name):
            return await verify(pool, name, shown)
        frozen = await read_programme(pool, name)
        proved = [await verify_programme(pool, frozen, shown)]
        begun = {record.campaign_id for record in await list_campaigns(pool)}
        proved += [await verify(pool, year.plan.id, shown) for year in frozen.years if year.plan.id in begun]
        return VerifyReport(*map(sum, zip(*proved, strict=True)))


def _of_campaign(pool: Pool, campaign_id: str) -> AsyncGenerator[dict[str, Any], None]:
    # It is a generator, which holds a connection until it is closed.
    return cast("AsyncGenerator[dict[str, Any], None]", export(pool, campaign_id))


async def _entries(pool: Pool, subject: Subject) -> AsyncGenerator[dict[str, Any], None]:
    if subject.city is None and not isinstance(subject, ProgrammeSubject):
        async with contextlib.aclosing(_of_campaign(pool, subject.campaign_id)) as entries:
            async for entry in entries:
                yield entry
    else:
        for kept in await read_stream(pool, subject.stream):
            yield exported(kept)
