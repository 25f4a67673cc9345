"""The interface of channels. A channel sends issued documents to their recipients.

To add a channel, for example one for SMS through an HTTP gateway:

1. `activities/channels/sms.py`: a class with `send` (see `Channel`), which posts by `posting.Address`, and its
   `TYPE = ChannelType(build=..., rate=..., ...)`. Nothing else reads the messages of the gateway.
2. `activities/channels/registry.py`: the line `"sms": sms.TYPE`. From it the channel file is checked, the worker builds
   its channels, and a fault in the file names the types that there are.
3. `schemas/offices.py`: a field of `Recipient` for the phone number, as `email` is one, left out where it is not set.
   A delivery gives the recipients of a document to the channel unchanged.
4. `runtime/channel_settings.py`, only where the address and a secret are not enough: a key for, say, the gateway's
   template, in `ChannelSettings` and in `_Reader`.

Plans name a channel by the name that it has in the channel file, so no rule, workflow or table knows its type.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Any, Protocol

from runtime.channel_settings import ChannelRules, ChannelSettings
from schemas.documents.document import Document


@dataclass(frozen=True, slots=True)
class PdfResult:
    """A document as PDF; if it is None, `why_not` is the reason, as a text for people."""

    pdf: bytes | None = None
    why_not: str | None = None


class Channel(Protocol):
    """Sends documents. Sending must be idempotent: deliveries are retried."""

    async def send(self, document: Document, sheet: PdfResult, zone: tzinfo) -> str:
        """Send one document to its `recipients`; returns a text: where it was sent, who was left out and why.

        `zone` is the campaign's; the document's date is written in it.

        Raises:
            DeliveryDeferred: not sent now; a retry may succeed.
            DeliveryRefused: not sent; a retry would fail as well.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelType(ChannelRules):
    """A type of channel: its keys in the channel file, and how it is built from them."""

    build: Callable[[ChannelSettings], Channel]


@dataclass(frozen=True, slots=True)
class ChannelRoute:
    """A channel and the minimum time between two documents on it, over all processes; None: no limit."""

    channel: Channel
    interval: timedelta | None = None


class PdfRenderer(Protocol):
    """Renders the PDF of a document."""

    def render(self, letter: dict[str, Any] | None, language: str) -> PdfResult:
        """The PDF of this letter. It may take seconds, so it runs in a thread."""
        ...


class NoPdfRenderer:
    """Renders nothing, for a worker without PDFs."""

    def render(self, letter: dict[str, Any] | None, language: str) -> PdfResult:
        return PdfResult()
