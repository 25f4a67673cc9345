"""The workbook: the register with its states, the documents, the whole ledger and the rejected rows.

Rows are copied from the database's cursor to the file in batches; the ledger of 100,000 sites is never in memory. A
million entries take minutes, nearly all of it for writing cells.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from reports.facts import Facts
from reports.reading import batches, query
from reports.spreadsheets.workbook import open_workbook
from reports.summary_sheet import write_days, write_summary
from reports.tables import register as tables
from reports.tables.counties import write_counties
from reports.tables.documents import document_columns, document_rows
from reports.tables.modes import booking_columns, booking_rows, write_modes
from reports.tables.sheet import MAX_ROWS, Column, Styles, Table
from reports.tables.sweep import write_sweep
from reports.tables.targets import write_progress
from reports.words.catalogue import Words
from storage.connections import Borrowed

_LARGE_LEDGER = 1_000_000
"""From this number of entries the file may exceed 4 GB unpacked and needs ZIP64, which some old readers refuse."""

Rows = Callable[[list[asyncpg.Record]], Iterable[tuple[Any, ...]]]


async def write_workbook(
    connection: Borrowed, facts: Facts, as_of: datetime, path: Path, most_rows: int = MAX_ROWS
) -> None:
    """Writes the file; headers are in the plan's language, instants in its time zone. `most_rows` is per worksheet."""
    plan, campaign_id = facts.plan, facts.status.campaign_id
    words, zone = Words(plan.language), plan.time_zone
    book = open_workbook(path)
    if facts.ledger.entries > _LARGE_LEDGER:
        book.use_zip64()
    book.set_properties({"title": plan.title, "subject": words("report"), "comments": plan.document_number})
    styles = Styles(book, plan.zone)
    write_summary(book, styles, facts, words, as_of)
    write_days(book, styles, facts, words)
    write_progress(book, styles, facts.status, words)
    write_counties(book, styles, facts.status, words)
    write_sweep(book, styles, facts.status, words)
    write_modes(book, styles, facts.status, words)

    async def write_table(name: str, columns: list[Column], rows_of: Rows, sql: str, *arguments: object) -> None:
        table = Table(book, styles, words(name), columns, most_rows)
        async for rows in batches(connection, sql, campaign_id, *arguments):
            await asyncio.to_thread(table.add, rows_of(rows))
        table.finish()

    await write_table(
        "sheet.sites",
        tables.site_columns(words, zone),
        lambda rows: tables.site_rows(rows, words, as_of),
        query("sites/list"),
    )
    await write_table(
        "sheet.documents",
        document_columns(words, zone),
        lambda rows: document_rows(rows, words, plan),
        query("documents/list"),
    )
    if plan.modes is not None or plan.costs is not None:
        columns = booking_columns(words, zone)
        await write_table("sheet.bookings", columns, lambda rows: booking_rows(rows, words), query("sites/bookings"))
    await write_table("sheet.ledger", tables.ledger_columns(words, zone), tables.ledger_rows, query("ledger/list"))
    await write_table(
        "sheet.rejected", tables.rejected_columns(words), tables.rejected_rows, query("register/rejected_rows"), None
    )
    await asyncio.to_thread(book.close)
