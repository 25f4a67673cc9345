"""Documents to a DingTalk (钉钉) group robot."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, tzinfo

from activities.channels import Sheet
from activities.posting import PATIENCE_SECONDS, Address
from activities.robots import Codes, fitted, title_of, unmarked
from runtime.real_time import real_now
from schemas.delivery import Receipt
from schemas.documents import Document

BODY_BYTES = 20_000
"""`message too long, exceed 20000 bytes`."""

CODES = Codes(
    # System busy; more than 20 messages a minute, as different gateways say it: the robot is shut for ten minutes.
    busy={-1, 90030, 130101, 410100, 660026},
    # Security settings: keyword, signature, timestamp or address of origin (310000); token unknown or left out; robot
    # stopped or not in the group; group dissolved.
    settings={310000, 300001, 300005, 40035, 400013, 400101, 400102, 400106},
    # Kind of message; unsafe link, unfit text, picture or content.
    content={400105, 430101, 430102, 430103, 430104},
    rest_seconds=600,
)


def signed_query(secret: str, now: datetime) -> dict[str, str]:
    """`timestamp` (milliseconds) and `sign`: base64 of HMAC-SHA256 by the secret over `timestamp\\nsecret`."""
    timestamp = str(int(now.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}


class DingTalkChannel:
    """Posts a markdown message to the robot at `url` (`https://oapi.dingtalk.com/robot/send?access_token=...`)."""

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
        """Hand the message to the robot, signed where there is a secret.

        Raises:
            DeliveryDeferred: it is away, busy, or refuses us rather than the document.
            DeliveryRefused: it refuses the content.
        """
        title = unmarked(title_of(document))

        def message(text: str) -> bytes:
            # Its markdown joins lines, unless two spaces end them.
            lines = "  \n".join(unmarked(text).splitlines())
            markdown = {"title": title, "text": f"**{title}**\n\n{lines}"}
            return json.dumps({"msgtype": "markdown", "markdown": markdown}, ensure_ascii=False).encode()

        query = signed_query(self._secret, self._now()) if self._secret is not None else {}
        answer = await self._address.post(fitted(document, message, BODY_BYTES), query=query)
        CODES.require_taken(self._address, answer, "errcode", "errmsg")
        return Receipt(channel=self._address.channel, said="posted to the DingTalk group")
