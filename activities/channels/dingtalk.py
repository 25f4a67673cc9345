"""DingTalk (钉钉) group robots: `https://oapi.dingtalk.com/robot/send?access_token=...`."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from activities.channels.protocol import ChannelType
from activities.channels.robots import Codes, Robot, RobotChannel, Signed, unmarked

BODY_BYTES = 20_000
"""`message too long, exceed 20000 bytes`."""

CODES = Codes(
    code="errcode",
    words="errmsg",
    # System busy; more than 20 messages a minute, by the codes of different gateways: blocked for ten minutes.
    busy={-1, 90030, 130101, 410100, 660026},
    # Security settings: keyword, signature, timestamp or address of origin (310000); token unknown or left out; robot
    # stopped or not in the group; group dissolved.
    settings={310000, 300001, 300005, 40035, 400013, 400101, 400102, 400106},
    # Kind of message; unsafe link, unfit text, picture or content.
    content={400105, 430101, 430102, 430103, 430104},
    rest_seconds=600,
)


def _signed(secret: str, now: datetime) -> Signed:
    """`timestamp` (milliseconds) and `sign`: base64 of HMAC-SHA256 by the secret over `timestamp\\nsecret`."""
    timestamp = str(int(now.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return Signed(query={"timestamp": timestamp, "sign": base64.b64encode(digest).decode()})


def _markdown(title: str, text: str) -> dict[str, Any]:
    # Its markdown joins lines that do not end with two spaces.
    lines = "  \n".join(unmarked(text).splitlines())
    return {"msgtype": "markdown", "markdown": {"title": unmarked(title), "text": f"**{unmarked(title)}**\n\n{lines}"}}


DINGTALK = Robot(platform="DingTalk", message=_markdown, limit=BODY_BYTES, codes=CODES, sign=_signed)

TYPE = ChannelType(
    build=lambda settings: RobotChannel(DINGTALK, settings.name, settings.url, settings.secret),
    rate=(20, 60),
)
