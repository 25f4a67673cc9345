"""What became public since one last looked: documents that were laid before their approvers, or issued."""

import json
from collections.abc import Iterable
from datetime import datetime

import asyncpg

from schemas.documents.document import DocumentState, Progress
from schemas.ledger import DocumentDraft
from storage.connections import Pool
from storage.queries import query


async def new_documents(
    pool: Pool, campaign_id: str, since: datetime, known: Iterable[tuple[str, DocumentState]]
) -> list[DocumentDraft]:
    """The documents of a campaign issued or drafted at `since` or later, without those that are known.

    `known` are key and state, `drafted` or `issued`; the state of what comes back is one of the two as well. In
    the order of issue.
    """
    names = [f"{key} drafted" if state is DocumentState.DRAFTED else key for key, state in known]
    return [_document(row) for row in await pool.fetch(query("document_heard"), campaign_id, since, names)]


def _document(row: asyncpg.Record) -> DocumentDraft:
    drafted = row["state"] == DocumentState.DRAFTED
    return DocumentDraft(
        key=row["key"],
        city=row["city"],
        kind=row["kind"],
        rung=row["rung"],
        issued_at=row["issued_at"],
        sites=tuple(row["sites"]),
        data=json.loads(row["data"]),
        number=row["number"],
        state=DocumentState.DRAFTED if drafted else DocumentState.ISSUED,
        progress=Progress.model_validate_json(row["progress"]),
    )
