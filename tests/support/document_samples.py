"""Documents as Postgres keeps them; the drafts and lines are the specimens by which templates are proved."""

from typing import Any

from rendering.specimens import (
    ABOUT_ANOTHER,
    DATA,
    DUE,
    ISSUED_AT,
    WITH_SITES,
    WITHOUT_SITES,
    draft,
    frozen_plan,
    lines,
    whole_progress,
)  # fmt: skip
from schemas.canonical import canonical_json
from schemas.documents.document import Document, DocumentState
from schemas.offices import Recipient
from storage.connections import Pool

__all__ = [
    "ABOUT_ANOTHER", "DATA", "DUE", "ISSUED_AT", "WITHOUT_SITES", "WITH_SITES", "document", "draft", "frozen_plan",
    "keep", "lines", "plan", "whole_progress",
]  # fmt: skip


def document(**changes: Any) -> Document:
    """A document as Postgres keeps it, before its delivery."""
    fields: dict[str, Any] = {
        "key": "city/henan-2021/410400:reminder:1:2021-09-03",
        "campaign_id": "henan-2021",
        "city": "410400",
        "kind": "reminder",
        "rung": 1,
        "issued_at": ISSUED_AT,
        "subject": "关于平顶山市2个点位整改期限临近的提醒",
        "text": "请按期完成整改。\n",
        "html": "<p>请按期完成整改。</p>\n",
        "addressee": "平顶山市、市人民政府",
        "recipients": (
            Recipient(name="专班办公室", email="office@city.example"),
            Recipient(name="Duty Room", email="duty@city.example"),
        ),
        "state": DocumentState.ISSUED,
    }
    return Document.model_validate(fields | changes)


async def keep(pool: Pool, issued: Document) -> Document:
    """Puts an issued document into its table; its campaign must be there."""
    await pool.execute(
        "insert into document (key, campaign_id, city, kind, rung, issued_at, sites, data, subject, text, html, "
        "addressee, recipients) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        issued.key, issued.campaign_id, issued.city, issued.kind, issued.rung, issued.issued_at, list(issued.sites),
        "{}", issued.subject, issued.text, issued.html, issued.addressee,
        canonical_json([recipient.model_dump(mode="json") for recipient in issued.recipients]),
    )  # fmt: skip
    return issued


async def plan(pool: Pool, issued: Document, *channels: str) -> Document:
    """Puts an issued document and a waiting delivery for each channel into their tables."""
    await keep(pool, issued)
    await pool.executemany(
        "insert into delivery (document_key, channel, recipients) values ($1, $2, $3)",
        [
            (issued.key, channel, canonical_json([one.model_dump(mode="json") for one in issued.recipients]))
            for channel in channels
        ],
    )
    return issued
