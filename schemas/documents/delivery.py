"""The delivery of a document: inputs and results of its workflow and activities, its files, the rate of a channel."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from schemas.base import Identifier, Instant, StoredModel
from schemas.command import Command
from schemas.documents.document import DeliveryState, DocumentState
from schemas.event import new_field
from schemas.offices import Recipient


class NoticeLine(StoredModel):
    """A site as a document lists it, with its notice's data; the texts are empty if the notice names no site."""

    site_id: str
    name: str
    county: str
    data: dict[str, Any] = Field(default_factory=dict)


class DeliveryStart(StoredModel):
    """Input of `DeliveryWorkflow`: the document's key, and the task queue whose workers hold the channels.

    `channels` are those of its rows in the table of deliveries, in order; there is always one, the outbox.
    """

    key: str
    queue: str
    channels: tuple[str, ...]


class SendOrder(StoredModel):
    """Input of `send_document`: one document, one channel."""

    key: str
    channel: str


class Receipt(StoredModel):
    """The acceptance of a document by a channel, at campaign time `at`.

    `result` is a text for people: where it was sent, who was left out and why.
    """

    channel: str
    result: str
    at: Instant
    on: date | None = new_field(None)
    """The day of `at` in the campaign's time zone."""


class Delivered(StoredModel):
    """The result of `DeliveryWorkflow`: `state` is `sent` or `failed`; `receipts` are of the channels that sent it."""

    key: str
    state: DocumentState
    receipts: tuple[Receipt, ...] = ()
    reason: str | None = None


class DeliveryFailure(StoredModel):
    """Input of `fail_delivery`: the document is not retried through this channel, for this reason."""

    key: str
    reason: str
    channel: str


class Delivery(StoredModel):
    """A delivery through one channel; `result` is that of its last attempt, `changed_at` is campaign time."""

    key: str
    channel: str
    recipients: tuple[Recipient, ...] = ()
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    result: str | None = None
    changed_at: Instant | None = None


class DeadLetter(Delivery):
    """A failed delivery, with the number, kind and subject of its document."""

    number: str | None = None
    kind: str
    city: str
    subject: str
    issued_at: Instant


class DeliveryView(StoredModel):
    """The state of a `DeliveryWorkflow`: of each channel its state and its last result, and the refused messages."""

    key: str
    channels: dict[str, DeliveryState]
    results: dict[str, str] = {}
    refused: tuple[dict[str, str], ...] = ()


def key_digest(key: str) -> str:
    """32 hex digits of a document's key, for file names and message ids."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def outbox_stem(campaign_id: str, city: str, kind: str, rung: int, key: str, issued_on: date) -> str:
    """`henan-2021/410400/2021-09-01-circular-r3-0a1b2c3d`: its files below the outbox, without their suffixes.

    `issued_on` is the day in the campaign's zone; a document of the campaign as a whole lies in `province`. The digest
    of the key sets apart two documents of one kind and day.
    """
    name = f"{issued_on.isoformat()}-{kind}-r{rung}-{key_digest(key)[:8]}"
    return f"{campaign_id}/{city or 'province'}/{name}"


@dataclass(frozen=True, slots=True)
class ChannelUsage:
    """`turn_at`: when the next document may be sent; `asked_until`: the last retry time that was given out."""

    turn_at: datetime
    asked_until: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """`granted`: send after `wait`. Otherwise: ask again after `wait`."""

    granted: bool
    wait: timedelta


class Resend(Command):
    """Send the failed deliveries of a document again: through one channel, or through all that failed."""

    kind: Literal["resend"] = "resend"
    channel: Identifier | None = None
