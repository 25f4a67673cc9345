"""Documents to a webhook: the request, and the signature by which the receiver verifies the sender."""

import base64
import hashlib
import hmac
import json

from pytest_httpserver import HTTPServer

from activities.channels.webhook import WebhookChannel
from tests.support.document_samples import document
from tests.support.web_channels import DIGEST, LONG, NO_SHEET, SECRET, ZONE, answers, send


async def test_webhook_gets_signed_document_with_identical_bytes(httpserver: HTTPServer) -> None:
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


async def test_webhook_standard_secret_base64_decoded_after_prefix(httpserver: HTTPServer) -> None:
    answers(httpserver, "")
    key = b"0123456789abcdef"
    secret = f"whsec_{base64.b64encode(key).decode()}"

    await WebhookChannel("x", httpserver.url_for("/documents"), secret).send(document(), NO_SHEET, ZONE)

    request = httpserver.log[-1][0]
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.data
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"
