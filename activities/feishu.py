"""Documents to a Feishu (飞书) or Lark group robot."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from activities.channels import Sheet
from activities.posting import PATIENCE_SECONDS, Address
from activities.robots import Codes, fitted, title_of
from runtime.real_time import real_now
from schemas.delivery import Receipt
from schemas.documents import Document

BODY_BYTES = 20_000
"""A message may have 20 KB."""

CODES = Codes(
    # Frequency limited: more than 100 a minute or 5 a second, or everybody at the full hour.
    busy={11232},
    # Token invalid; robot not enabled; signature or clock; address of origin not allowed; keyword missing.
    settings={19001, 19007, 19021, 19022, 19024},
    # Parameters of the message; the card; `Bad Request` (the same code with other words is too many requests).
    content={19002, 11310, 230099, 9499},
    rest_seconds=60,
)


def signature(secret: str, timestamp: str) -> str:
    """Base64 of HMAC-SHA256 over nothing, by the key `timestamp\\nsecret` (seconds)."""
    return base64.b64encode(hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


class FeishuChannel:
    """Posts a card of plain text to the robot at `url` (`https://open.feishu.cn/open-apis/bot/v2/hook/...`)."""

    def __init__(
        self,
        name: str,
        url: str,
        secret: str | None = None,
        *,
        now: Callable[[], datetime] = real_now,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._address = Address(name, url, secret, patience_seconds)
        self._secret = secret
        self._now = now

    async def send(self, document: Document, sheet: Sheet, zone: tzinfo) -> Receipt:
        """Hand the card to the robot, signed where there is a secret.

        Raises:
            DeliveryDeferred: it is away, busy, or refuses us rather than the document.
            DeliveryRefused: it refuses the content.
        """
        signed = {}
        if self._secret is not None:
            timestamp = str(int(self._now().timestamp()))
            signed = {"timestamp": timestamp, "sign": signature(self._secret, timestamp)}

        def message(text: str) -> bytes:
            card = {
                "header": {"title": _plain(title_of(document)), "template": "blue"},
                "elements": [{"tag": "div", "text": _plain(text)}],
            }
            return json.dumps({**signed, "msg_type": "interactive", "card": card}, ensure_ascii=False).encode()

        answer = await self._address.post(fitted(document, message, BODY_BYTES))
        CODES.require_taken(self._address, answer, "code", "msg")
        return Receipt(channel=self._address.channel, said="posted to the Feishu group")


def _plain(text: str) -> dict[str, Any]:
    """Text in which nothing is mark-up: a name like `<at id=all>` mentions nobody."""
    return {"tag": "plain_text", "content": text}
