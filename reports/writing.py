"""Writing a campaign's report into a folder."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from reports.page import WORKBOOK, render_page
from reports.reading import read_facts
from reports.workbook import write_workbook
from schemas.errors import InvalidInput
from storage.campaigns import read_plan
from storage.connections import Pool
from storage.status import campaign_status

PAGE = "report.html"
LISTED = 300
"""How many carried-over sites, refused commands and rejected rows the page lists; the workbook has all."""


async def write_report(pool: Pool, campaign_id: str, out: Path, as_of: datetime) -> list[Path]:
    """Write `report.html` and `report.xlsx` into `out`, which is made if it is not there; returns their paths.

    `as_of` is the present campaign time: states are the current ones, and what is overdue is judged by it. Each file
    replaces an older one at once or not at all.

    Raises:
        NotFound: there is no such campaign; lists the known ones.
        InvalidInput: the folder or a file cannot be written; names it and the system's reason.
    """
    plan = (await read_plan(pool, campaign_id)).plan
    page, workbook = out / PAGE, out / WORKBOOK
    with _writable(out):
        await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    # Before a connection is held: a pool of one would wait for itself.
    status = await campaign_status(pool, campaign_id, as_of)
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        facts = await read_facts(connection, plan, status, as_of, LISTED)
        with _replacing(page) as unfinished:
            text = await asyncio.to_thread(render_page, facts, as_of)
            await asyncio.to_thread(unfinished.write_text, text, encoding="utf-8")
        with _replacing(workbook) as unfinished:
            await write_workbook(connection, facts, as_of, unfinished)
    return [page, workbook]


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A path beside the file to write to; the file is replaced only if everything went well."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with _writable(path):
        try:
            yield unfinished
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except (ConnectionError, TimeoutError):
        raise  # the database's, not the file's
    except (OSError, FileCreateError) as failure:
        cause = failure.args[0] if isinstance(failure, FileCreateError) else failure
        reason = getattr(cause, "strerror", None) or str(cause)
        raise InvalidInput(
            f"{path}: cannot be written ({reason}). Close it where it is open, or choose another folder"
        ) from failure
