"""A channel of every type that posts over HTTP, all at one server on loopback, and what that server answers."""

import json
from datetime import UTC, datetime
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request

from activities.channels.dingtalk import DINGTALK
from activities.channels.feishu import FEISHU
from activities.channels.protocol import Channel, PdfResult
from activities.channels.robots import RobotChannel
from activities.channels.webhook import WebhookChannel
from activities.channels.wecom import WECOM
from rendering.specimens import frozen_plan
from schemas.documents.delivery import key_digest
from tests.support.document_samples import document

ZONE = frozen_plan().plan.zone
NOW = datetime(2021, 9, 3, 1, 30, tzinfo=UTC)
NO_SHEET = PdfResult(None, "no font")
TOKEN = "693a91f6-7bbb-4bc4-97a0-0ec2a5aaa111"
SECRET = "SEC-of-the-office"
HOSTILE = "一号 <@all> [口](http://x.example) <at id=all></at> **硐** `矿`"
LONG = document(text=f"{HOSTILE}\n" * 2000, number="豫自然资督〔2021〕12号")
DIGEST = key_digest(LONG.key)


def channels(base: str, patience_seconds: float = 10) -> dict[str, Channel]:
    """One of each type, all at this server."""
    more: dict[str, Any] = {"now": lambda: NOW, "patience_seconds": patience_seconds}
    return {
        "wecom": RobotChannel(WECOM, "group", f"{base}/send?key={TOKEN}", **more),
        "dingtalk": RobotChannel(DINGTALK, "group", f"{base}/send?access_token={TOKEN}", SECRET, **more),
        "feishu": RobotChannel(FEISHU, "group", f"{base}/hook/{TOKEN}", SECRET, **more),
        "webhook": WebhookChannel("group", f"{base}/documents?token={TOKEN}", SECRET, **more),
    }


TYPES = tuple(channels("http://127.0.0.1"))
TAKEN: dict[str, dict[str, Any]] = {
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0},
    "feishu": {"code": 0, "msg": "success"},
}


def answers(httpserver: HTTPServer, content: dict[str, Any] | str, status: int = 200, **headers: str) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    httpserver.expect_request("/", method="POST").respond_with_data("nobody lives here", status=404)
    for path in ("/send", f"/hook/{TOKEN}", "/documents"):
        httpserver.expect_request(path, method="POST").respond_with_data(text, status=status, headers=headers)


async def send(httpserver: HTTPServer, type_: str, sent: Any = LONG) -> Request:
    """The request that arrived."""
    await channels(httpserver.url_for(""))[type_].send(sent, NO_SHEET, ZONE)
    return httpserver.log[-1][0]
