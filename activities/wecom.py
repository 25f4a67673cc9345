"""Documents to a WeCom (企业微信) group robot."""

import json
from datetime import tzinfo

from activities.channels import Sheet
from activities.posting import PATIENCE_SECONDS, Address
from activities.robots import Codes, fitted, title_of, unmarked
from schemas.delivery import Receipt
from schemas.documents import Document

CONTENT_BYTES = 4096
"""`markdown.content exceed max length 4096` (40058)."""

CODES = Codes(
    # System busy; called too often (20 a minute); too many calls at the same time.
    busy={-1, 45009, 45033},
    # The address is no robot's, or it left the group; it is stopped; it is not in the group.
    settings={93000, 93004, 93008},
    # Content empty, parameter wrong or too long; security check of the content.
    content={40008, 40058, 44004, 45002},
    rest_seconds=60,
)


class WeComChannel:
    """Posts a markdown message to the robot at `url` (`https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=...`)."""

    def __init__(self, name: str, url: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._address = Address(name, url, patience_seconds=patience_seconds)

    async def send(self, document: Document, sheet: Sheet, zone: tzinfo) -> Receipt:
        """Hand the message to the robot.

        Raises:
            DeliveryDeferred: it is away, busy, or refuses us rather than the document.
            DeliveryRefused: it refuses the content.
        """
        head = f"**{unmarked(title_of(document))}**\n\n"
        content = fitted(document, lambda text: f"{head}{unmarked(text)}".encode(), CONTENT_BYTES).decode()
        message = {"msgtype": "markdown", "markdown": {"content": content}}
        answer = await self._address.post(json.dumps(message, ensure_ascii=False).encode())
        CODES.require_taken(self._address, answer, "errcode", "errmsg")
        return Receipt(channel=self._address.channel, said="posted to the WeCom group")
