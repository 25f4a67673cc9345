"""Feishu (飞书) and Lark group robots: `https://open.feishu.cn/open-apis/bot/v2/hook/...`."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from activities.channels.protocol import ChannelType
from activities.channels.robots import Codes, Robot, RobotChannel, Signed

BODY_BYTES = 20_000
"""The maximum size of a message: 20 KB."""

CODES = Codes(
    code="code",
    words="msg",
    # Frequency limited: more than 100 a minute or 5 a second, or congestion at the full hour.
    busy={11232},
    # Token invalid; robot not enabled; signature or clock; address of origin not allowed; keyword missing.
    settings={19001, 19007, 19021, 19022, 19024},
    # Parameters of the message; the card; `Bad Request` (the same code with another text is too many requests).
    content={19002, 11310, 230099, 9499},
    rest_seconds=60,
)


def _signed(secret: str, now: datetime) -> Signed:
    """`timestamp` (seconds) and `sign`: base64 of HMAC-SHA256 over nothing, by the key `timestamp\\nsecret`."""
    timestamp = str(int(now.timestamp()))
    digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return Signed(fields={"timestamp": timestamp, "sign": base64.b64encode(digest).decode()})


def _card(title: str, text: str) -> dict[str, Any]:
    card = {
        "header": {"title": _plain(title), "template": "blue"},
        "elements": [{"tag": "div", "text": _plain(text)}],
    }
    return {"msg_type": "interactive", "card": card}


def _plain(text: str) -> dict[str, Any]:
    """A plain-text element, without mark-up: a name like `<at id=all>` mentions nobody."""
    return {"tag": "plain_text", "content": text}


FEISHU = Robot(platform="Feishu", message=_card, limit=BODY_BYTES, codes=CODES, sign=_signed)

TYPE = ChannelType(
    build=lambda settings: RobotChannel(FEISHU, settings.name, settings.url, settings.secret),
    rate=(100, 60),
)
