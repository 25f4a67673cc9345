"""What every way out for documents has in common."""

from datetime import tzinfo
from typing import Protocol

from schemas.delivery import Receipt
from schemas.documents import Document


class Channel(Protocol):
    """A way out for documents. Sending the same document again must be harmless: deliveries are repeated."""

    async def send(self, document: Document, zone: tzinfo) -> Receipt:
        """Send one document; `zone` is its campaign's, in which its date is written.

        Raises:
            DeliveryDeferred: not now; the same document may pass later.
            DeliveryRefused: never; trying again would change nothing.
        """
        ...
