"""The lines of a document that lists sites, read from the notices it answers."""

import json

from schemas.delivery import NoticeLine
from schemas.ledger import DocumentDraft
from storage.connections import Pool
from storage.queries import query


async def read_notice_lines(pool: Pool, campaign_id: str, draft: DocumentDraft) -> tuple[NoticeLine, ...]:
    """One line per notice that the document answers, by county and site; empty if it answers none."""
    rows = await pool.fetch(
        query("notice_lines"),
        campaign_id, draft.key, draft.city, draft.kind, draft.rung, draft.issued_at, list(draft.sites),
    )  # fmt: skip
    return tuple(
        NoticeLine(
            site_id=row["site_id"] or "",
            name=row["name"] or "",
            county=row["county"] or "",
            data=json.loads(row["data"]),
        )
        for row in rows
    )
