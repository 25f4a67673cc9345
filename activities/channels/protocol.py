"""What every way out for documents has in common."""

from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Any, Protocol

from schemas.documents.delivery import Receipt
from schemas.documents.document import Document


@dataclass(frozen=True, slots=True)
class PdfResult:
    """A document as PDF; where it is None, `why_not` says for people why there is none."""

    pdf: bytes | None = None
    why_not: str | None = None


class Channel(Protocol):
    """A way out for documents. Sending the same document again must be harmless: deliveries are repeated."""

    async def send(self, document: Document, sheet: PdfResult, zone: tzinfo) -> Receipt:
        """Send one document to its `recipients`; `zone` is its campaign's, in which its date is written.

        Raises:
            DeliveryDeferred: not now; the same document may pass later.
            DeliveryRefused: never; trying again would change nothing.
        """
        ...


@dataclass(frozen=True, slots=True)
class ChannelRoute:
    """A channel and the time that must lie between two documents on it, over all processes; None: no limit."""

    channel: Channel
    interval: timedelta | None = None


class PdfRenderer(Protocol):
    """Makes the PDF of a document."""

    def press(self, letter: dict[str, Any] | None, language: str) -> PdfResult:
        """The sheet of this letter; may take a while, so it runs in a thread."""
        ...


class NoPdfRenderer:
    """Where nobody presses PDFs, and nobody misses them."""

    def press(self, letter: dict[str, Any] | None, language: str) -> PdfResult:
        return PdfResult()
