"""The file of documents (卷宗): one HTML page for reading offline and printing, with every document and its steps."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from reports.documents.kinds import briefing_week, kind_name, ladder_rung
from reports.documents.lines import DocumentFileLine, DocumentFileWriter
from reports.documents.summary import CityCounts, summarise_documents
from reports.files import environment, replacing, writable
from reports.words.catalogue import Words
from schemas.local_time import shown_instant
from schemas.plan import Plan
from storage.campaigns import letterhead
from storage.connections import Pool
from storage.document_file import DocumentFileEntry, read_document_file

PAGE = "documents.html"


async def write_document_file(
    pool: Pool, campaign_id: str, outbox: Path | None, out: Path, as_of: datetime
) -> list[Path]:
    """Writes `documents.html` into `out`, which is created if missing; returns its path in a list.

    Documents are listed by city, in the order of issue. They are late as of the campaign time `as_of`. Each has links
    to its PDF and HTML in `outbox`, if they exist, by addresses relative to `out`.

    Raises:
        NotFound: there is no such campaign or programme; lists the known campaigns.
        InvalidInput: the folder or the file cannot be written; names it and the system's reason.
    """
    plan = (await letterhead(pool, campaign_id)).plan
    with writable(out):
        await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    entries = await read_document_file(pool, campaign_id)
    page = out / PAGE
    with replacing(page) as unfinished:
        text = await asyncio.to_thread(render_document_file, plan, entries, outbox, out, as_of)
        await asyncio.to_thread(unfinished.write_text, text, encoding="utf-8")
    return [page]


def render_document_file(
    plan: Plan, entries: Sequence[DocumentFileEntry], outbox: Path | None, out: Path, as_of: datetime
) -> str:
    """The whole HTML text in the plan's language."""
    words = Words(plan.language)
    names = {entry.key: entry.number for entry in entries if entry.number is not None}
    writer = DocumentFileWriter(plan, as_of, outbox, out, names)
    summary = summarise_documents(plan, entries, as_of)
    return (
        environment()
        .get_template("document_file.html.j2")
        .render(
            plan=plan,
            words=words,
            as_of=shown_instant(as_of, plan.zone),
            summary=summary,
            chapters=list(_chapters(summary.cities, entries, writer)),
            ladder_kinds={rung.kind for rung in summary.rungs},
            ladder_rung=ladder_rung,
            briefing_week=briefing_week,
            kind_name=lambda kind: kind_name(plan, kind),
        )
    )


def _chapters(
    cities: Sequence[CityCounts], entries: Sequence[DocumentFileEntry], writer: DocumentFileWriter
) -> Iterator[tuple[CityCounts, list[DocumentFileLine]]]:
    for city in cities:
        yield city, [writer.line(entry) for entry in entries if entry.city == city.code]
