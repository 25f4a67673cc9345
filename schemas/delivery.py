"""What a document lists, and its delivery: the workflow's input, its activities' inputs and what came of it."""

from typing import Any

from pydantic import Field

from schemas.base import Kept
from schemas.documents import DocumentState


class NoticeLine(Kept):
    """A site as a document lists it, with its notice's data; the texts are empty if the notice names no site."""

    site_id: str
    name: str
    county: str
    data: dict[str, Any] = Field(default_factory=dict)


class DeliveryStart(Kept):
    """Input of `DeliveryWorkflow`: the document's key, and the task queue whose workers hold the channels."""

    key: str
    queue: str


class Receipt(Kept):
    """What a channel did with a document; `said` is for people: where it went, who was left out and why."""

    channel: str
    said: str


class Delivered(Kept):
    """The end of a delivery: `state` is `sent` or `failed`; without receipts the document had been sent before."""

    key: str
    state: DocumentState
    receipts: tuple[Receipt, ...] = ()
    reason: str | None = None


class DeliveryFailure(Kept):
    """Input of `mark_failed`: the document will not be tried again, for this reason."""

    key: str
    reason: str
