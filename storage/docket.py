"""The file of documents (卷宗): each with what became of it and its ways out, found as people name it."""

import json
import unicodedata
from datetime import datetime
from difflib import get_close_matches
from typing import NamedTuple, TypeAlias

import asyncpg

from schemas.base import Instant, Kept
from schemas.delivery import Delivery
from schemas.documents import DeliveryState, DocumentState, Progress
from schemas.errors import NotFound
from schemas.offices import Recipient
from storage.campaigns import find_campaign
from storage.connections import Borrowed, Pool
from storage.queries import query

Reader: TypeAlias = "Pool | Borrowed"
"""What may be asked: the pool, or a connection whose transaction sees one moment."""

_JSON = ("recipients", "progress", "deliveries")
_BRACKETS = str.maketrans("〔【[(〈<", "((((((") | str.maketrans("〕】])〉>", "))))))")
_NEAR = 5


class DocketEntry(Kept):
    """A document without its text. `instrument` is that of a document on a unit's conduct; `about` the key of the
    document that this one speaks of.
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
    deliveries: tuple[Delivery, ...] = ()

    @property
    def awaits_approval(self) -> bool:
        """Whether its approver has not decided."""
        return self.state is DocumentState.DRAFTED and self.progress.approved_at is None

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The units that have not signed, in the order in which they are addressed."""
        return tuple(unit for unit in self.progress.units if unit not in self.progress.signed)

    @property
    def awaits_reply(self) -> bool:
        """Whether a written reply is asked for and not there; what is lifted asks for none."""
        p = self.progress
        return p.reply_due is not None and not p.replies and p.lifted_at is None

    @property
    def dead_letters(self) -> tuple[Delivery, ...]:
        """The ways out that were given up and can be sent again."""
        return tuple(way for way in self.deliveries if way.state is DeliveryState.FAILED)

    @property
    def is_open(self) -> bool:
        """Whether something is still to come of it: a decision, a receipt, a reply, its publication or lifting."""
        p = self.progress
        if self.state in (DocumentState.REJECTED, DocumentState.WITHDRAWN):
            return False
        unlifted = p.lifting is not None and p.lifted_at is None
        unpublished = p.publishes_at is not None and not p.published and p.lifted_at is None
        return self.state is DocumentState.DRAFTED or bool(
            self.unsigned or self.awaits_reply or unlifted or unpublished
        )

    def overdue(self, as_of: datetime) -> tuple[str, ...]:
        """What of it is past its day: `approval`, `receipt`, `reply`, `lifting`."""
        p = self.progress
        awaited = (
            ("approval", p.approval_due, self.awaits_approval),
            ("receipt", p.receipt_due, bool(self.unsigned)),
            ("reply", p.reply_due, self.awaits_reply),
            ("lifting", p.lifting_due, p.lifted_at is None),
        )
        return tuple(name for name, due, open_ in awaited if open_ and due is not None and due < as_of)


class DocketCounts(NamedTuple):
    """Documents that wait for an approver, and those whose receipts, reply or lifting are past their day."""

    unapproved: int
    unsigned: int
    unanswered: int
    unlifted: int


async def read_docket(
    reader: Reader,
    campaign_id: str,
    *,
    city: str | None = None,
    unit: str | None = None,
    key: str | None = None,
) -> list[DocketEntry]:
    """The documents of a campaign in the order of issue, or those of a city (code), of a unit, or of one key.

    A unit's are those that it receives, signs or approves.
    """
    rows = await reader.fetch(query("docket_list"), campaign_id, city, unit, key)
    return [_entry(row) for row in rows]


async def docket_counts(reader: Reader, campaign_id: str, as_of: datetime) -> DocketCounts:
    """What the documents of a campaign wait for at a moment."""
    row = await reader.fetchrow(query("docket_counts"), campaign_id, as_of)
    assert row is not None  # an aggregate always has its row
    return DocketCounts(*row)


async def find_document(pool: Pool, campaign_id: str, name: str) -> DocketEntry:
    """The document of this number or key (with or without its campaign).

    Brackets, widths and spaces of a number may be typed as the keyboard has them: `豫公督[2021]12号`. NotFound lists
    the nearest names.
    """
    rows = await pool.fetch(query("docket_names"), campaign_id)
    if not rows:
        await find_campaign(pool, campaign_id)  # says so if it is the campaign that is unknown
        raise NotFound(f"campaign {campaign_id}: no document was issued or drafted yet")
    keys: dict[str, str] = {}
    for row in reversed(rows):
        short = row["key"].removeprefix(f"{campaign_id}/")
        keys |= {_typed(called): row["key"] for called in (row["key"], short, row["number"]) if called}
    key = keys.get(_typed(name))
    if key is None:
        raise NotFound(f"document {name}: not in campaign {campaign_id}. {_near(rows, campaign_id, name)}")
    (found,) = await read_docket(pool, campaign_id, key=key)
    return found


def _typed(name: str) -> str:
    """A name without what a keyboard makes of it: widths, the form of brackets, spaces, capitals."""
    return "".join(unicodedata.normalize("NFKC", name).translate(_BRACKETS).split()).casefold()


def _near(rows: list[asyncpg.Record], campaign_id: str, name: str) -> str:
    names = [row["number"] or row["key"].removeprefix(f"{campaign_id}/") for row in rows]
    typed = {_typed(one): one for one in reversed(names)}
    near = get_close_matches(_typed(name), typed, n=_NEAR, cutoff=0.7)
    if near:
        return f"Did you mean: {', '.join(typed[one] for one in near)}"
    return f"Its last documents: {', '.join(names[:_NEAR])}; all of them: starter.py documents {campaign_id}"


def _entry(row: asyncpg.Record) -> DocketEntry:
    return DocketEntry.model_validate(dict(row) | {name: json.loads(row[name]) for name in _JSON})
