"""One document's way out on a real Temporal, Postgres, mail server, web server and folder."""

from pathlib import Path
from uuid import uuid4

import pytest
from pytest_httpserver import HTTPServer
from structlog.testing import capture_logs
from temporalio.client import Client, WorkflowFailureError

from schemas.documents.document import DocumentState
from storage import deliveries, documents
from storage.connections import Pool
from tests.support.delivery_on_its_way import ALL, Mailbox, seen, start
from tests.support.document_samples import document, plan
from tests.workflow.conftest import polled


async def test_a_document_goes_out_on_every_channel_and_is_marked_sent(
    temporal_client: Client, pool: Pool, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer,
    tmp_path: Path,
) -> None:  # fmt: skip
    delivered = await (await start(temporal_client, key, queue)).result()

    assert delivered.state is DocumentState.SENT
    assert [receipt.channel for receipt in delivered.receipts] == list(ALL)
    assert len(mailbox[0].letters) == len(office.log) == len(list(tmp_path.rglob("*.eml"))) == 1
    assert (await documents.load(pool, key)).state is DocumentState.SENT


async def test_busy_mail_server_retried_without_blocking_channels(
    temporal_client: Client, pool: Pool, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer
) -> None:
    mailbox[0].answers = ["451 come back later"] * 50

    handle = await start(temporal_client, key, queue)

    async for kept in polled(lambda: deliveries.deliveries_of(pool, key)):
        states = {one.channel: one.state.value for one in kept}
        if states["outbox"] == states["office"] == "sent" and mailbox[0].asked.is_set():
            break
    assert states["e-mail"] == "waiting"
    mailbox[0].answers = []
    assert (await handle.result()).state is DocumentState.SENT
    assert len(mailbox[0].letters) == len(office.log) == 1


async def test_failed_attempt_logged_as_one_line_without_traceback(
    temporal_client: Client, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    mailbox[0].answers = ["451 come back later", "554 we take no circulars"]

    with capture_logs() as lines, caplog.at_level("WARNING"):
        handle = await start(temporal_client, key, queue)
        await seen(handle, e_mail="failed")

    server = f"127.0.0.1:{mailbox[1]}"
    assert [(line["log_level"], line["event"], line["reason"]) for line in lines if line["log_level"] != "info"] == [
        ("warning", "delivery put off", f"{server} did not take it: 451 come back later; it is tried again"),
        ("error", "document not delivered", f"{server} refuses: 554 we take no circulars"),
    ]
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    await handle.cancel()
    await handle.result()


async def test_unknown_channel_gives_dead_letter_with_reason(temporal_client: Client, pool: Pool, queue: str) -> None:
    key = (await plan(pool, document(key=f"henan-2021/{uuid4().hex}"), "outbox", "city-group")).key
    handle = await start(temporal_client, key, queue, ("outbox", "city-group"))

    view = await seen(handle, city_group="failed", outbox="sent")

    assert "knows no channel of that name" in view.results["city-group"]
    assert (await documents.load(pool, key)).state is DocumentState.FAILED
    await handle.cancel()
    assert (await handle.result()).state is DocumentState.FAILED


async def test_cancelled_delivery_leaves_dead_letters_for_unsent(
    temporal_client: Client, pool: Pool, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer
) -> None:
    mailbox[0].answers = ["451 come back later"] * 50
    handle = await start(temporal_client, key, queue)
    await mailbox[0].asked.wait()
    await seen(handle, office="sent", outbox="sent")

    await handle.cancel()

    delivered = await handle.result()
    assert delivered.state is DocumentState.FAILED
    states = {one.channel: one.state.value for one in await deliveries.deliveries_of(pool, key)}
    assert states == {"outbox": "sent", "e-mail": "failed", "office": "sent"}


async def test_delivery_of_a_document_never_issued_fails_the_workflow(temporal_client: Client, queue: str) -> None:
    handle = await start(temporal_client, f"never-{uuid4().hex}", queue, ("outbox",))

    with pytest.raises(WorkflowFailureError):
        await handle.result()


async def test_second_delivery_start_finds_running_one(
    temporal_client: Client, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer
) -> None:
    mailbox[0].answers = ["451 come back later"]

    first, second = await start(temporal_client, key, queue), await start(temporal_client, key, queue)

    assert first.first_execution_run_id == second.first_execution_run_id
    assert await first.result() == await second.result()
    assert len(mailbox[0].letters) == 1
