"""Documents to group robots with a real HTTP server: the requests, and the meaning of the answer codes."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from activities.channels import dingtalk, feishu, wecom
from activities.channels.robots import fitted
from schemas.documents.delivery import key_digest
from schemas.errors import DeliveryDeferred, DeliveryRefused
from tests.support.document_samples import document
from tests.support.web_channels import DIGEST, LONG, NOW, SECRET, TAKEN, TOKEN, answers, send

LENGTHS = st.integers(300, 5000)
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


async def test_wecom_message_is_short_mentions_nobody_names_full_text(
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


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("type_", "answer", "meant"), VERDICTS, ids=lambda value: str(value)[:40])
async def test_robot_error_code_is_failure_with_its_message(
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


@pytest.mark.parametrize("type_", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize("content", ["", "ok", "[]", '{"errcode": "0"}', '{"success": true}'])
async def test_robot_invalid_response_is_failure_for_any_status(
    httpserver: HTTPServer, type_: str, content: str
) -> None:
    answers(httpserver, content)

    with pytest.raises(DeliveryDeferred, match="HTTP 200"):
        await send(httpserver, type_)


@given(
    text=st.text(max_size=3000),
    limit=LENGTHS,
    build=st.sampled_from([str.encode, lambda t: json.dumps(t).encode()]),
)
def test_a_message_fits_its_robot_and_keeps_the_beginning(text: str, limit: int, build: Callable[[str], bytes]) -> None:
    said = document(text=text.encode(errors="ignore").decode(), number="文〔2021〕1号")

    read = fitted(said, lambda text: len(build(text)), limit)

    assert len(build(read)) <= limit
    whole = said.text.strip()
    assert key_digest(said.key)[:8] in read and "文〔2021〕1号" in read
    assert read.startswith(whole) or read.split("…\n\n（全文")[0] in whole
