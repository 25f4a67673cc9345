"""Documents over HTTP with a real server on loopback: all failures of servers, and secrets that stay hidden."""

import asyncio
import json
import logging
import socket
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from activities.channels.posting import Address
from runtime.logging import keep_addresses_out
from schemas.errors import DeliveryDeferred, DeliveryRefused
from tests.support.web_channels import (
    LONG,
    NO_SHEET,
    SECRET,
    TAKEN,
    TOKEN,
    TYPES,
    ZONE,
    answers,
    channels,
    send,
)


@pytest.mark.parametrize("type_", TYPES)
async def test_what_a_channel_takes_is_sent_once(httpserver: HTTPServer, type_: str) -> None:
    answers(httpserver, TAKEN.get(type_, {}))

    request = await send(httpserver, type_)

    assert len(httpserver.log) == 1
    assert request.content_type.startswith("application/json")


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


@pytest.mark.parametrize("type_", TYPES)
async def test_a_server_that_is_away_puts_the_document_off(type_: str, unused_tcp_port: int) -> None:
    with pytest.raises(DeliveryDeferred, match="ConnectError"):
        await channels(f"http://127.0.0.1:{unused_tcp_port}")[type_].send(LONG, NO_SHEET, ZONE)


@pytest.fixture
async def silent() -> AsyncIterator[str]:
    """A server that accepts connections and never answers."""

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
async def test_http_connection_drop_after_message_defers_document(type_: str) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        peer = writer.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset instead of an end of stream
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    try:
        with pytest.raises(DeliveryDeferred, match="Error"):
            await channels(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")[type_].send(LONG, NO_SHEET, ZONE)
    finally:
        server.close()


@pytest.mark.parametrize("type_", TYPES)
async def test_http_address_and_secret_absent_from_log_and_reason(
    httpserver: HTTPServer, type_: str, caplog: pytest.LogCaptureFixture
) -> None:
    def repeat(request: Request) -> Response:
        text = f"what is {request.url} to me, {SECRET}? {TOKEN}"
        return Response(json.dumps({"errcode": 1, "errmsg": text, "code": 1, "msg": text}), status=500)

    for path in ("/send", f"/hook/{TOKEN}", "/documents"):
        httpserver.expect_request(path, method="POST").respond_with_handler(repeat)

    keep_addresses_out()
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
