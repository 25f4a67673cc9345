"""Converts record batches into the parameters of `record.sql`, an array per column: one statement takes several."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.canonical import canonical_json
from schemas.documents.document import DocumentState, RenderedDocument
from schemas.errors import InvalidInput
from schemas.facts import CityFacts, SiteFacts
from schemas.ledger import CampaignRow, DocumentDraft, LedgerEntry, RecordBatch
from schemas.offices import Recipient

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class BatchRows:
    """One record batch as rows, in the column order of `record.sql`."""

    entries: tuple[Row, ...]
    sites: tuple[Row, ...]
    cities: tuple[Row, ...]
    campaigns: tuple[Row, ...]
    notices: tuple[Row, ...]
    documents: tuple[Row, ...]
    deliveries: tuple[Row, ...]
    document_rows: tuple[Row, ...]

    @property
    def hashes(self) -> dict[tuple[str, int], str]:
        """Maps (stream, seq) of each entry to its hash."""
        return {(entry[0], entry[1]): entry[8] for entry in self.entries}


def rows_of(batch: RecordBatch, rendered: Sequence[RenderedDocument]) -> BatchRows:
    """The rows of one batch. Raises InvalidInput if a draft lacks its rendered text."""
    campaign = batch.campaign_id
    texts = {document.key: document for document in rendered}
    missing = [draft.key for draft in batch.documents if draft.key not in texts]
    if missing:
        raise InvalidInput(f"batch of {campaign}: no rendered text for the documents {', '.join(missing)}")
    site, city, board = batch.site, batch.city_row, batch.campaign_row
    return BatchRows(
        entries=tuple(_entry(entry, campaign) for entry in batch.entries),
        sites=()
        if site is None
        else (
            (campaign, site.site_id, site.seq, site.stage, site.round, site.level, site.rung, site.suspended,
             site.due_at, site.opened_at, site.settled_at, site.requirements, site.requirements_done,
             site.extensions, site.suspensions, site.rung_waits, _facts(site.facts), site.county,
             canonical_json(list(site.responsible_units)), canonical_json(list(site.responsible_people))),
        ),
        cities=()
        if city is None
        else (
            (campaign, city.code, city.seq, city.deployment, city.deployment_due, city.submitted_at,
             city.receipt_signed_at, city.opened, city.settled, _facts(city.facts)),
        ),
        campaigns=()
        if board is None
        else ((campaign, board.seq, board.state, board.issued_at, board.closed_at, _signing(board)),),
        notices=tuple(
            (campaign, notice.key, notice.city or batch.city, notice.site_id, notice.kind, notice.rung, notice.at,
             canonical_json(notice.data))
            for notice in batch.notices
        ),
        documents=tuple(_document(draft, texts[draft.key], campaign) for draft in batch.documents),
        deliveries=tuple(
            (draft.key, delivery.channel, _people(delivery.recipients))
            for draft in batch.documents
            if draft.state is DocumentState.ISSUED
            for delivery in texts[draft.key].deliveries
        ),
        document_rows=tuple(
            (row.key, row.seq, row.state, row.number, row.progress.model_dump_json()) for row in batch.document_rows
        ),
    )  # fmt: skip


def _entry(entry: LedgerEntry, campaign: str) -> Row:
    return (
        entry.stream, entry.seq, entry.kind, entry.at, entry.received_at, entry.actor, entry.data, entry.prev_hash,
        entry.hash, campaign,
    )  # fmt: skip


def _document(draft: DocumentDraft, text: RenderedDocument, campaign: str) -> Row:
    return (
        draft.key, campaign, draft.city, draft.kind, draft.rung, draft.issued_at, canonical_json(list(draft.sites)),
        canonical_json(draft.data), text.subject, text.text, text.html, text.addressee,
        _people(text.recipients), draft.number, draft.state, draft.progress.model_dump_json(),
        None if text.letter is None else canonical_json(text.letter),
    )  # fmt: skip


def _facts(facts: SiteFacts | CityFacts | None) -> str | None:
    return None if facts is None else canonical_json(facts.model_dump(mode="json", exclude_defaults=True))


def _signing(board: CampaignRow) -> str | None:
    return canonical_json([one.model_dump(mode="json") for one in board.signing]) if board.signing else None


def _people(recipients: Sequence[Recipient]) -> str:
    return canonical_json([recipient.model_dump(mode="json") for recipient in recipients])


def parameters(batches: Sequence[BatchRows]) -> list[list[Any]]:
    """The arrays of `record.sql`. Of several rows of one subject only the newest is used."""
    # Sorted: processes that record the same rows lock them in the same order, and do not deadlock.
    return [
        *_columns(sorted((entry for batch in batches for entry in batch.entries), key=lambda row: row[:2]), 10),
        *_columns(_newest((row for batch in batches for row in batch.sites), subject=2), 20),
        *_columns(_newest((row for batch in batches for row in batch.cities), subject=2), 10),
        *_columns(_newest((row for batch in batches for row in batch.campaigns), subject=1), 6),
        *_columns([row for batch in batches for row in batch.notices], 8),
        *_columns([row for batch in batches for row in batch.documents], 17),
        *_columns([row for batch in batches for row in batch.deliveries], 3),
        *_columns(_newest((row for batch in batches for row in batch.document_rows), subject=1), 5),
    ]


def _newest(rows: Iterable[Row], subject: int) -> list[Row]:
    """The row with the highest seq of each subject; the first `subject` columns are its key, the next is seq."""
    kept: dict[Row, Row] = {}
    for row in rows:
        key = row[:subject]
        if key not in kept or kept[key][subject] < row[subject]:
            kept[key] = row
    return [kept[key] for key in sorted(kept)]


def _columns(rows: Sequence[Row], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
