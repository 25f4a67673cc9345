"""The file of documents (卷宗): the documents of a campaign, each with its progress and its deliveries."""

import json
from datetime import datetime
from typing import NamedTuple, TypeAlias

import asyncpg

from schemas.base import Instant, StoredModel
from schemas.documents.delivery import Delivery
from schemas.documents.document import DeliveryState, DocumentState, Progress
from schemas.offices import MAIL, OUTBOX, Recipient
from storage.connections import Borrowed, Pool, query

Reader: TypeAlias = "Pool | Borrowed"
"""The pool, or a connection whose transaction sees one snapshot."""

_JSON = ("recipients", "progress", "deliveries")


class DocumentFileEntry(StoredModel):
    """A document without its text.

    `instrument` is that of a document on a unit's conduct. `about` is the key of the document that this one is about.
    `open_sites` is, for a document that is not lifted yet, the number of its sites that are not closed.
    `lifting_announced` means that another document announces its lifting. `template_fault` is why the plan's own
    template failed and the built-in one was used.
    """

    key: str
    city: str
    kind: str
    rung: int
    number: str | None = None
    issued_at: Instant
    sites: tuple[str, ...] = ()
    subject: str
    addressee: str
    recipients: tuple[Recipient, ...] = ()
    state: DocumentState
    sent_at: Instant | None = None
    progress: Progress = Progress()
    instrument: str | None = None
    about: str | None = None
    open_sites: int | None = None
    lifting_announced: bool = False
    template_fault: str | None = None
    deliveries: tuple[Delivery, ...] = ()

    @property
    def awaits_approval(self) -> bool:
        """Whether the approver has not decided yet."""
        return (
            self.state is DocumentState.DRAFTED
            and self.progress.approver is not None
            and self.progress.approved_at is None
        )

    @property
    def uncountersigned(self) -> tuple[str, ...]:
        """The issuing agencies that have not signed the draft of a joint instrument."""
        joint = self.progress.joint
        return joint.missing if self.state is DocumentState.DRAFTED and joint is not None else ()

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The units that have not signed, in the order in which they are addressed."""
        return self.progress.unsigned

    @property
    def awaits_reply(self) -> bool:
        """Whether a requested written reply is missing; a lifted document needs none."""
        return self.progress.awaits_reply

    @property
    def dead_letters(self) -> tuple[Delivery, ...]:
        """The failed deliveries, which can be sent again."""
        return tuple(delivery for delivery in self.deliveries if delivery.state is DeliveryState.FAILED)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision, a receipt, a reply, its publication or its lifting."""
        return self.progress.is_open(self.state, self.kind, self.lifting_announced)

    def overdue(self, as_of: datetime) -> tuple[str, ...]:
        """Those of `approval`, `signature`, `receipt`, `reply`, `lifting` that are overdue."""
        p = self.progress
        awaited = (
            ("approval", p.approval_due, self.awaits_approval),
            ("signature", p.joint.due if p.joint is not None else None, bool(self.uncountersigned)),
            ("receipt", p.receipt_due, bool(self.unsigned)),
            ("reply", p.reply_due, self.awaits_reply),
            ("lifting", p.lifting_due, p.lifted_at is None),
        )
        return tuple(name for name, due, open_ in awaited if open_ and due is not None and due < as_of)


class DocumentFileCounts(NamedTuple):
    """Numbers of documents that wait for an approval or for signatures of agencies, and of those that are overdue."""

    unapproved: int
    uncountersigned: int
    unsigned: int
    unanswered: int
    unlifted: int


async def read_document_file(
    reader: Reader,
    campaign_id: str,
    *,
    city: str | None = None,
    unit: str | None = None,
    key: str | None = None,
) -> list[DocumentFileEntry]:
    """The documents of a campaign in the order of issue, or those of a city (code), of a unit, or of one key.

    A unit's documents are those that it receives, signs or approves.
    """
    rows = await reader.fetch(query("document_file/list"), campaign_id, city, unit, key, OUTBOX, MAIL)
    return [_entry(row) for row in rows]


async def count_document_file(reader: Reader, campaign_id: str, as_of: datetime) -> DocumentFileCounts:
    """Counts the documents of a campaign that wait or are overdue at an instant."""
    row = await reader.fetchrow(query("document_file/counts"), campaign_id, as_of)
    assert row is not None  # an aggregate always has its row
    return DocumentFileCounts(*row)


class DocumentName(NamedTuple):
    """Key and number of a document, and its city's code (empty for one of the whole campaign)."""

    key: str
    number: str | None
    city: str


async def document_names(reader: Reader, campaign_id: str) -> list[DocumentName]:
    """The names of a campaign's documents, newest first."""
    return [DocumentName(*row) for row in await reader.fetch(query("document_file/names"), campaign_id)]


def _entry(row: asyncpg.Record) -> DocumentFileEntry:
    return DocumentFileEntry.model_validate(dict(row) | {name: json.loads(row[name]) for name in _JSON})
