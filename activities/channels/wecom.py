"""WeCom (企业微信) group robots: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=...`, without a signature."""

from collections.abc import Mapping
from typing import Any

from activities.channels.protocol import ChannelType
from activities.channels.robots import Codes, Robot, RobotChannel, unmarked

CONTENT_BYTES = 4096
"""`markdown.content exceed max length 4096` (40058)."""

CODES = Codes(
    code="errcode",
    words="errmsg",
    # System busy; called too often (20 a minute); too many calls at the same time.
    busy={-1, 45009, 45033},
    # The address is of no robot, or it left the group; it is stopped; it is not in the group.
    settings={93000, 93004, 93008},
    # Content empty, parameter wrong or too long; security check of the content.
    content={40008, 40058, 44004, 45002},
    rest_seconds=60,
)


def _markdown(title: str, text: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": f"**{unmarked(title)}**\n\n{unmarked(text)}"}}


def _content_size(message: Mapping[str, Any]) -> int:
    return len(message["markdown"]["content"].encode())


WECOM = Robot(platform="WeCom", message=_markdown, limit=CONTENT_BYTES, size=_content_size, codes=CODES)

TYPE = ChannelType(
    build=lambda settings: RobotChannel(WECOM, settings.name, settings.url),
    rate=(20, 60),
    no_secret="a WeCom robot has no secret but the key in its address",
)
