"""Writes a campaign's report into a folder."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from reports.documents.page import write_document_file
from reports.files import replacing, writable
from reports.page import WORKBOOK, render_page
from reports.reading import read_facts
from reports.workbook import write_workbook
from storage.campaigns import read_plan
from storage.connections import Pool
from storage.status import campaign_status

PAGE = "report.html"
OUTBOX = "outbox"
LISTED = 300
"""The maximum of carried-over sites, refused commands and rejected rows on the page; the workbook has all."""


async def write_report(
    pool: Pool, campaign_id: str, out: Path, as_of: datetime, outbox: Path | None = None, *, stopped: bool = False
) -> list[Path]:
    """Writes `report.html`, `report.xlsx` and `documents.html` into `out`, which is created if missing.

    Returns their paths. The file of documents has links to the files in `outbox`, by default `outbox` in `out`.

    `as_of` is the present campaign time: states are the current ones, and sites are overdue as of it. Each file is
    replaced atomically. `stopped` marks page and workbook as those of a rehearsal that was stopped.

    Raises:
        NotFound: there is no such campaign; lists the known ones.
        InvalidInput: the folder or a file cannot be written; names it and the system's reason.
    """
    plan = (await read_plan(pool, campaign_id)).plan
    page, workbook = out / PAGE, out / WORKBOOK
    with writable(out):
        await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    # This is called before a connection is acquired, because with a pool of one connection it would block.
    status = await campaign_status(pool, campaign_id, as_of)
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        facts = replace(await read_facts(connection, plan, status, as_of, LISTED), stopped=stopped)
        with replacing(page) as unfinished:
            text = await asyncio.to_thread(render_page, facts, as_of)
            await asyncio.to_thread(unfinished.write_text, text, encoding="utf-8")
        with replacing(workbook) as unfinished:
            await write_workbook(connection, facts, as_of, unfinished)
    return [page, workbook, *await write_document_file(pool, campaign_id, outbox or out / OUTBOX, out, as_of)]
