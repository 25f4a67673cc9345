"""Documents to robots and webhooks, against a real HTTP server on loopback that fails in every way they do."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import socket
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from activities import dingtalk, feishu, wecom
from activities.channels import Channel, Sheet
from activities.dingtalk import DingTalkChannel
from activities.feishu import FeishuChannel
from activities.letters import key_digest
from activities.posting import Address
from activities.robots import fitted
from activities.webhook import WebhookChannel
from activities.wecom import WeComChannel
from schemas.errors import DeliveryDeferred, DeliveryRefused
from tests.unit.documents.samples import document, frozen_plan

ZONE = frozen_plan().plan.zone
NOW = datetime(2021, 9, 3, 1, 30, tzinfo=UTC)
NO_SHEET = Sheet(None, "no font")
TOKEN = "693a91f6-7bbb-4bc4-97a0-0ec2a5aaa111"
SECRET = "SEC-of-the-office"
HOSTILE = "一号 <@all> [口](http://x.example) <at id=all></at> **硐** `矿`"
LONG = document(text=f"{HOSTILE}\n" * 2000, number="豫自然资督〔2021〕12号")
DIGEST = key_digest(LONG.key)


def channels(base: str, patience_seconds: float = 10) -> dict[str, Channel]:
    """One of each type, all at this server."""
    more: dict[str, Any] = {"now": lambda: NOW, "patience_seconds": patience_seconds}
    return {
        "wecom": WeComChannel("group", f"{base}/send?key={TOKEN}", patience_seconds=patience_seconds),
        "dingtalk": DingTalkChannel("group", f"{base}/send?access_token={TOKEN}", SECRET, **more),
        "feishu": FeishuChannel("group", f"{base}/hook/{TOKEN}", SECRET, **more),
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


@pytest.mark.parametrize("type_", TYPES)
async def test_what_a_channel_takes_is_sent_once(httpserver: HTTPServer, type_: str) -> None:
    answers(httpserver, TAKEN.get(type_, {}))

    request = await send(httpserver, type_)

    assert len(httpserver.log) == 1
    assert request.content_type.startswith("application/json")


async def test_wecom_gets_a_short_message_that_mentions_nobody_and_says_where_the_whole_is(
    httpserver: HTTPServer,
) -> None:
    answers(httpserver, TAKEN["wecom"])

    message = json.loads((await send(httpserver, "wecom")).data)

    content = message["markdown"]["content"]
    assert message["msgtype"] == "markdown"
    assert wecom.CONTENT_BYTES - 200 < len(content.encode()) <= wecom.CONTENT_BYTES
    assert content.startswith(f"**{LONG.subject}**\n\n一号 ＜＠all＞".replace("＠", "@"))
    assert not set("<[`") & set(content)
    assert content.endswith(f"豫自然资督〔2021〕12号 · outbox henan-2021/410400 · {DIGEST[:8]}）")
    assert "…" in content


async def test_dingtalk_gets_a_signed_message(httpserver: HTTPServer) -> None:
    answers(httpserver, TAKEN["dingtalk"])

    request = await send(httpserver, "dingtalk")

    timestamp = request.args["timestamp"]
    expected = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert timestamp == str(int(NOW.timestamp() * 1000))
    assert base64.b64decode(request.args["sign"]) == expected
    assert request.args["access_token"] == TOKEN
    assert len(request.data) <= dingtalk.BODY_BYTES
    message = json.loads(request.data)
    assert message["markdown"]["title"] == LONG.subject and "  \n" in message["markdown"]["text"]


async def test_feishu_gets_a_signed_card_of_plain_text(httpserver: HTTPServer) -> None:
    answers(httpserver, TAKEN["feishu"])

    request = await send(httpserver, "feishu")

    message = json.loads(request.data)
    key = f"{message['timestamp']}\n{SECRET}".encode()
    assert message["timestamp"] == str(int(NOW.timestamp()))
    assert base64.b64decode(message["sign"]) == hmac.new(key, b"", hashlib.sha256).digest()
    assert len(request.data) <= feishu.BODY_BYTES
    [element] = message["card"]["elements"]
    assert element["text"]["tag"] == "plain_text" and element["text"]["content"].startswith("一号 <@all>")


async def test_a_webhook_gets_the_whole_document_signed_and_the_same_bytes_each_time(httpserver: HTTPServer) -> None:
    answers(httpserver, "", 202)

    first, second = (
        await send(httpserver, "webhook"),
        await send(httpserver, "webhook", LONG.model_copy(update={"state": "sent"})),
    )

    assert first.data == second.data
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == DIGEST
    signed = f"{DIGEST}.{first.headers['webhook-timestamp']}.".encode() + first.data
    expected = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert first.headers["webhook-signature"] == f"v1,{expected}"
    content = json.loads(first.data)
    assert content["type"] == "document.issued"
    assert content["data"]["number"] == "豫自然资督〔2021〕12号" and content["data"]["issued_on"] == "2021-09-03"
    assert content["data"]["text"] == LONG.text and content["data"]["key"] == LONG.key


async def test_a_webhook_secret_of_the_standard_form_is_the_base64_after_its_prefix(httpserver: HTTPServer) -> None:
    answers(httpserver, "")
    key = b"0123456789abcdef"
    secret = f"whsec_{base64.b64encode(key).decode()}"

    await WebhookChannel("x", httpserver.url_for("/documents"), secret).send(document(), NO_SHEET, ZONE)

    request = httpserver.log[-1][0]
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.data
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"


LATER, SET_RIGHT, NEVER = "later", "set it right", "never"
VERDICTS: list[tuple[str, dict[str, Any], str]] = [
    ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit, hint: [1]"}, LATER),
    ("wecom", {"errcode": -1, "errmsg": "system busy"}, LATER),
    ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1]"}, SET_RIGHT),
    ("wecom", {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}, NEVER),
    ("dingtalk", {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}, LATER),
    ("dingtalk", {"errcode": 410100, "errmsg": "发送速度太快而限流"}, LATER),
    ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, SET_RIGHT),
    ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, SET_RIGHT),
    ("dingtalk", {"errcode": 300005, "errmsg": "token is not exist"}, SET_RIGHT),
    ("dingtalk", {"errcode": 430102, "errmsg": "含有不合适的文本"}, NEVER),
    ("feishu", {"code": 11232, "msg": "frequency limited"}, LATER),
    ("feishu", {"code": 9499, "msg": "too many request"}, LATER),
    ("feishu", {"code": 9499, "msg": "Bad Request"}, NEVER),
    ("feishu", {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}, SET_RIGHT),
    ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, SET_RIGHT),
    ("feishu", {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}, SET_RIGHT),
    ("feishu", {"code": 19002, "msg": "params error, msg_type need"}, NEVER),
]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("type_", "answer", "meant"), VERDICTS, ids=lambda value: str(value)[:40])
async def test_an_error_code_in_the_answer_is_a_failure_whatever_the_status_and_is_told_in_the_robots_words(
    httpserver: HTTPServer, type_: str, answer: dict[str, Any], meant: str, status: int
) -> None:
    answers(httpserver, answer, status)
    expected = DeliveryRefused if meant == NEVER else DeliveryDeferred

    with pytest.raises(expected) as caught:
        await send(httpserver, type_)

    said = str(caught.value)
    assert str(answer.get("errmsg", answer.get("msg"))) in said and said.startswith("group: ")
    assert ("set it right" in said) == (meant == SET_RIGHT)
    if isinstance(caught.value, DeliveryDeferred):
        rest = {"wecom": 60, "dingtalk": 600, "feishu": 60}[type_]
        assert caught.value.retry_after == (rest if meant == LATER else None)


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize(
    ("status", "headers", "expected", "retry_after"),
    [
        (500, {}, DeliveryDeferred, None),
        (503, {"Retry-After": "120"}, DeliveryDeferred, 120),
        (429, {"Retry-After": "7"}, DeliveryDeferred, 7),
        (401, {}, DeliveryDeferred, None),
        (404, {}, DeliveryDeferred, None),
        (302, {"Location": "https://elsewhere.example"}, DeliveryDeferred, None),
        (413, {}, DeliveryRefused, None),
        (422, {}, DeliveryRefused, None),
    ],
)
async def test_a_status_without_a_code_says_whether_it_may_pass(
    httpserver: HTTPServer,
    type_: str,
    status: int,
    headers: dict[str, str],
    expected: type[Exception],
    retry_after: float | None,
) -> None:
    answers(httpserver, "<html>sorry</html>", status, **headers)

    with pytest.raises(expected, match=f"HTTP {status} <html>sorry") as caught:
        await send(httpserver, type_)

    assert getattr(caught.value, "retry_after", None) == retry_after


@pytest.mark.parametrize("type_", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize("content", ["", "ok", "[]", '{"errcode": "0"}', '{"success": true}'])
async def test_what_is_no_answer_of_a_robot_is_no_success_whatever_its_status(
    httpserver: HTTPServer, type_: str, content: str
) -> None:
    answers(httpserver, content)

    with pytest.raises(DeliveryDeferred, match="HTTP 200"):
        await send(httpserver, type_)


@pytest.mark.parametrize("type_", TYPES)
async def test_a_server_that_is_away_puts_the_document_off(type_: str, unused_tcp_port: int) -> None:
    with pytest.raises(DeliveryDeferred, match="ConnectError"):
        await channels(f"http://127.0.0.1:{unused_tcp_port}")[type_].send(LONG, NO_SHEET, ZONE)


@pytest.fixture
async def silent() -> AsyncIterator[str]:
    """A server that lets everybody in and says nothing."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


@pytest.mark.parametrize("type_", TYPES)
async def test_a_server_that_is_slow_puts_the_document_off_in_time(silent: str, type_: str) -> None:
    before = time.monotonic()

    with pytest.raises(DeliveryDeferred, match=r"no answer within 0\.2 s|Timeout"):
        await channels(silent, patience_seconds=0.2)[type_].send(LONG, NO_SHEET, ZONE)

    assert time.monotonic() - before < 5


@pytest.mark.parametrize("type_", TYPES)
async def test_a_connection_that_drops_after_the_message_puts_the_document_off(type_: str) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        peer = writer.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset, not an end
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    try:
        with pytest.raises(DeliveryDeferred, match="Error"):
            await channels(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")[type_].send(LONG, NO_SHEET, ZONE)
    finally:
        server.close()


@pytest.mark.parametrize("type_", TYPES)
async def test_neither_address_nor_secret_is_in_the_log_or_in_a_reason_even_if_the_server_repeats_them(
    httpserver: HTTPServer, type_: str, caplog: pytest.LogCaptureFixture
) -> None:
    def repeat(request: Request) -> Response:
        text = f"what is {request.url} to me, {SECRET}? {TOKEN}"
        return Response(json.dumps({"errcode": 1, "errmsg": text, "code": 1, "msg": text}), status=500)

    for path in ("/send", f"/hook/{TOKEN}", "/documents"):
        httpserver.expect_request(path, method="POST").respond_with_handler(repeat)

    with caplog.at_level(logging.DEBUG), pytest.raises(DeliveryDeferred) as caught:
        await send(httpserver, type_)

    logged = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]  # the server's own
    heard = "".join([str(caught.value), repr(caught.value.__cause__), *logged])
    assert "***" in str(caught.value)
    assert TOKEN not in heard
    assert SECRET not in heard or type_ == "wecom"  # which knows of no secret


@given(
    token=st.from_regex(r"[A-Za-z0-9_-]{16,64}", fullmatch=True), where=st.sampled_from(["?key={}", "{}", "{}/x?y=1"])
)
def test_no_token_of_an_address_survives_in_what_is_said_of_it(token: str, where: str) -> None:
    url = f"https://robots.example/hook/{where.format(token)}"
    assert token not in Address("x", url).hide(f"error at {url}: {token} {urlsplit(url).query}")


LENGTHS = st.integers(300, 5000)


@given(
    text=st.text(max_size=3000),
    limit=LENGTHS,
    count_bytes=st.sampled_from([str.encode, lambda t: json.dumps(t).encode()]),
)
def test_a_message_fits_its_robot_and_keeps_the_beginning(
    text: str, limit: int, count_bytes: Callable[[str], bytes]
) -> None:
    said = document(text=text.encode(errors="ignore").decode(), number="文〔2021〕1号")

    message = fitted(said, count_bytes, limit)

    assert len(message) <= limit
    whole = said.text.strip()
    read = json.loads(message) if message.startswith(b'"') and count_bytes is not str.encode else message.decode()
    assert key_digest(said.key)[:8] in read and "文〔2021〕1号" in read
    assert read.startswith(whole) or read.split("…\n\n（全文")[0] in whole
