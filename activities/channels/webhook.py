"""Documents to another program: JSON over HTTP, signed by the Standard Webhooks scheme (https://www.standardwebhooks.com).

Headers of every request:

    webhook-id          32 hex digits that identify the document, the same each time it is sent (the local part of its
                        Message-ID): a receiver that has seen it answers 2xx and does nothing
    webhook-timestamp   when it was sent, whole seconds since 1970: a receiver refuses what is minutes old
    webhook-signature   `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` by the shared secret

The bytes of the body are the same each time. Any response 2xx means accepted.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, tzinfo

from activities.channels.posting import PATIENCE_SECONDS, Address
from activities.channels.protocol import ChannelType, PdfResult
from runtime.real_time import real_now
from schemas.base import iso_utc
from schemas.canonical import canonical_json
from schemas.documents.delivery import key_digest
from schemas.documents.document import Document
from schemas.local_time import local_day

_PREFIX = "whsec_"


def signing_key(secret: str) -> bytes:
    """Base64 after `whsec_`, else the secret's UTF-8 bytes; ValueError, without the secret, if it is no valid key."""
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ValueError(f"expected base64 after {_PREFIX}")
    return key


def signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """The value of the header `webhook-signature`."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def body_of(document: Document, zone: tzinfo) -> bytes:
    """The document as canonical JSON, without the fields that change after its issue and without the PDF's layout."""
    data = document.model_dump(mode="json", exclude={"state", "sent_at", "progress", "letter", "html", "recipients"})
    data["issued_on"] = local_day(document.issued_at, zone).isoformat()
    data["recipients"] = [recipient.name for recipient in document.recipients]
    content = {"type": "document.issued", "timestamp": iso_utc(document.issued_at), "data": data}
    return canonical_json(content).encode()


class WebhookChannel:
    """Posts each document to `url`, signed with the key of `secret`."""

    def __init__(
        self,
        name: str,
        url: str,
        secret: str,
        *,
        now: Callable[[], datetime] = real_now,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._address = Address(name, url, secret, patience_seconds)
        self._key = signing_key(secret)
        self._now = now

    async def send(self, document: Document, sheet: PdfResult, zone: tzinfo) -> str:
        """Post the document to the address.

        Raises:
            DeliveryDeferred: the receiver is unreachable, busy, or refuses our settings.
            DeliveryRefused: the receiver refuses the content (400, 413, 415, 422).
        """
        body, message_id = body_of(document, zone), key_digest(document.key)
        timestamp = str(int(self._now().timestamp()))
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(self._key, message_id, timestamp, body),
        }
        answer = await self._address.post(body, headers=headers)
        if not answer.succeeded:
            raise self._address.verdict(answer)
        return f"taken with HTTP {answer.status}"


TYPE = ChannelType(
    build=lambda settings: WebhookChannel(settings.name, settings.url, settings.secret or ""),
    needs_secret=True,
    check_secret=signing_key,
    plain_http=True,
)
