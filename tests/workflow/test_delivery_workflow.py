"""One document's way out on a real Temporal, Postgres, mail server, web server and folder."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.smtp import SMTP
from pytest_httpserver import HTTPServer
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import Worker
from werkzeug import Request, Response

from activities.channels import Way
from activities.notices import Deliveries
from activities.outbox import OutboxChannel
from activities.smtp import SmtpChannel
from activities.webhook import WebhookChannel
from rules.documents import delivery_stream
from runtime.embedded import EmbeddedServers
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from schemas.actor import Actor, Role
from schemas.answers import Answer
from schemas.clock import Clock
from schemas.commands import Resend
from schemas.delivery import Delivered, DeliveryStart, DeliveryView
from schemas.documents import DocumentState
from storage import deliveries, documents
from storage.campaigns import create_campaign
from storage.connections import Pool
from storage.migrate import create_database, migrate
from storage.pool import open_pool
from tests.db.planned import plan
from tests.unit.documents.samples import document, frozen_plan, keep
from tests.workflow.conftest import polled
from workflows.delivery import DeliveryWorkflow

ALL = ("outbox", "e-mail", "office")
CLERK = Actor(id="clerk-1", role=Role.PROVINCE, unit="province")
Handle = WorkflowHandle[DeliveryWorkflow, Delivered]


class Mailbox:
    """A mail server on loopback that gives `answers` first and then takes everything."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.letters: list[bytes] = []
        self.asked = asyncio.Event()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.asked.set()
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.letters.append(envelope.content)  # type: ignore[attr-defined]
        return answer


@pytest.fixture(scope="module")
async def pool(postgres_url: str) -> AsyncIterator[Pool]:
    """A database of this module's own, with one campaign."""
    url = await create_database(postgres_url, f"delivery_{uuid4().hex[:12]}")
    await migrate(url)
    opened = await open_pool(url)
    await create_campaign(opened, frozen_plan(), (), Clock())
    yield opened
    await opened.close()


@pytest.fixture
async def key(pool: Pool) -> str:
    """An issued document with three ways out."""
    return (await plan(pool, document(key=f"henan-2021/410400:reminder:1:{uuid4().hex}"), *ALL)).key


@pytest.fixture
async def mailbox() -> AsyncIterator[tuple[Mailbox, int]]:
    box, loop = Mailbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop, hostname="mail.example"), "127.0.0.1", 0)
    yield box, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


@pytest.fixture
async def queue(
    temporal_client: Client, pool: Pool, mailbox: tuple[Mailbox, int], httpserver: HTTPServer, tmp_path: Path
) -> AsyncIterator[str]:
    """A worker that delivers to the folder, by mail and to an office's web server."""
    name = f"delivery-{uuid4().hex}"
    ways = {
        "outbox": Way(OutboxChannel(tmp_path)),
        "e-mail": Way(SmtpChannel("127.0.0.1", mailbox[1], "campaign@province.example")),
        "office": Way(WebhookChannel("office", httpserver.url_for("/documents"), "s3cret")),
    }
    hands = Deliveries(pool, ways, now=lambda: datetime.now(UTC))
    async with Worker(
        temporal_client,
        task_queue=name,
        workflows=[DeliveryWorkflow],
        activities=[hands.send_document, hands.bury_delivery, hands.deliver, hands.mark_failed],
    ):
        yield name


@pytest.fixture
def office(httpserver: HTTPServer) -> HTTPServer:
    """The office's web server, which takes everything."""
    httpserver.expect_request("/documents").respond_with_data("", status=202)
    return httpserver


async def start(client: Client, key: str, queue: str, channels: tuple[str, ...] = ALL) -> Handle:
    return await client.start_workflow(
        DeliveryWorkflow.run,
        DeliveryStart(key=key, queue=queue, channels=channels),
        id=delivery_stream(key),
        task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )


async def seen(handle: Handle, **states: str) -> DeliveryView:
    """The workflow's own view, once these channels (with `_` for `-`) are in these states."""
    async for view in polled(lambda: handle.query(DeliveryWorkflow.status)):
        if all(view.channels[channel.replace("_", "-")] == state for channel, state in states.items()):
            return view
    raise AssertionError("not reached")


def again(channel: str | None = None, actor: Actor = CLERK, command_id: str | None = None) -> Resend:
    return Resend(command_id=command_id or uuid4().hex, actor=actor, effective_at=datetime.now(UTC), channel=channel)


async def ask(handle: Handle, command: Resend) -> Answer:
    answer: Answer = await handle.execute_update("resend", command, result_type=Answer)
    return answer


async def refusal(handle: Handle, command: Any) -> str:
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update("resend", command)
    return str(refused.value.cause)


async def test_a_document_goes_out_on_every_channel_and_is_marked_sent(
    temporal_client: Client, pool: Pool, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer,
    tmp_path: Path,
) -> None:  # fmt: skip
    delivered = await (await start(temporal_client, key, queue)).result()

    assert delivered.state is DocumentState.SENT
    assert [receipt.channel for receipt in delivered.receipts] == list(ALL)
    assert len(mailbox[0].letters) == len(office.log) == len(list(tmp_path.rglob("*.eml"))) == 1
    assert (await documents.load(pool, key)).state is DocumentState.SENT


async def test_a_busy_mail_server_is_tried_again_and_holds_up_no_other_channel(
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


async def test_what_is_refused_is_a_dead_letter_with_the_reason_and_can_be_sent_again(
    temporal_client: Client, pool: Pool, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer
) -> None:
    mailbox[0].answers = ["554 we take no circulars"] * 2
    handle = await start(temporal_client, key, queue)

    view = await seen(handle, e_mail="failed")
    [letter] = [one for one in await deliveries.dead_letters(pool, "henan-2021") if one.key == key]
    assert letter.channel == "e-mail" and "554 we take no circulars" in (letter.said or "")
    assert view.said["e-mail"] == letter.said and str(letter.said).startswith("e-mail: ")

    first = await ask(handle, again())
    assert first.verdict == "accepted" and first.state["channels"]["e-mail"] == "waiting"
    await seen(handle, e_mail="failed")
    await ask(handle, again("e-mail"))

    delivered = await handle.result()
    assert delivered.state is DocumentState.SENT
    assert [receipt.channel for receipt in delivered.receipts] == list(ALL)
    assert len(mailbox[0].letters) == len(office.log) == 1
    assert (await documents.load(pool, key)).state is DocumentState.SENT


async def test_a_signal_sends_again_as_well_and_one_that_cannot_be_is_kept_with_its_reason(
    temporal_client: Client, key: str, queue: str, mailbox: tuple[Mailbox, int], httpserver: HTTPServer
) -> None:
    httpserver.expect_oneshot_request("/documents").respond_with_data("too long", status=413)
    httpserver.expect_request("/documents").respond_with_data("")
    handle = await start(temporal_client, key, queue)
    await seen(handle, office="failed")

    await handle.signal("resend", {"half": "a command"})
    await handle.signal("open_sesame", again())
    await handle.signal("resend", again("telex"))
    await handle.signal("resend", again(actor=Actor(id="pit-1", role=Role.ENTERPRISE, unit="pit")))
    async for view in polled(lambda: handle.query(DeliveryWorkflow.status)):
        if len(view.refused) == 4:
            break
    said = [refused["reason"] for refused in view.refused]
    assert "command_id: field required" in said[0] and "there is no command 'open_sesame'" in said[1]
    assert "does not go through telex" in said[2] and "resend is for the roles" in said[3]
    assert view.channels["office"] == "failed"

    await handle.signal("resend", again())
    assert (await handle.result()).state is DocumentState.SENT
    assert len(httpserver.log) == 2 and len(mailbox[0].letters) == 1


async def test_there_is_nothing_to_send_again_while_a_channel_is_still_being_tried(
    temporal_client: Client, key: str, queue: str, mailbox: tuple[Mailbox, int], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/documents").respond_with_data("", status=500)
    handle = await start(temporal_client, key, queue)
    await seen(handle, e_mail="sent", outbox="sent")

    said = await refusal(handle, again())

    today = datetime.now(UTC).date()
    assert f"nothing to send again: outbox took it on {today}; e-mail took it on {today}; office is still" in said
    assert "does not go through telex" in await refusal(handle, again("telex"))
    assert "resend is for the roles" in await refusal(handle, again(actor=Actor(id="e", role=Role.EXPERT, unit="x")))
    assert "actor: field required" in await refusal(handle, {"command_id": "1"})
    await handle.cancel()
    await handle.result()


async def test_the_same_resend_twice_is_one(
    temporal_client: Client, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer
) -> None:
    mailbox[0].answers = ["554 no"] * 2
    handle = await start(temporal_client, key, queue)
    await seen(handle, e_mail="failed")
    await ask(handle, again(command_id="once"))
    await seen(handle, e_mail="failed")

    answer = await ask(handle, again(command_id="once"))

    assert answer.verdict == "duplicate" and answer.state["channels"]["e-mail"] == "failed"
    await ask(handle, again())
    assert (await handle.result()).state is DocumentState.SENT


async def test_a_channel_that_nobody_knows_is_a_dead_letter_that_says_so(
    temporal_client: Client, pool: Pool, queue: str
) -> None:
    key = (await plan(pool, document(key=f"henan-2021/{uuid4().hex}"), "outbox", "city-group")).key
    handle = await start(temporal_client, key, queue, ("outbox", "city-group"))

    view = await seen(handle, city_group="failed", outbox="sent")

    assert "knows no channel of that name" in view.said["city-group"]
    assert (await documents.load(pool, key)).state is DocumentState.FAILED
    await handle.cancel()
    assert (await handle.result()).state is DocumentState.FAILED


async def test_what_is_not_sent_when_an_operator_cancels_becomes_a_dead_letter(
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


async def test_two_workers_together_keep_to_the_rate_of_a_channel(
    embedded: EmbeddedServers, temporal_client: Client, pool: Pool, office: HTTPServer
) -> None:
    interval, queue, arrivals = timedelta(seconds=0.4), f"delivery-{uuid4().hex}", []

    def arrive(request: Request) -> Response:
        arrivals.append(time.monotonic())
        return Response(status=202)

    office.expect_request("/paced").respond_with_handler(arrive)
    way = Way(WebhookChannel("office", office.url_for("/paced"), "s3cret"), interval)
    keys = [(await plan(pool, document(key=f"henan-2021/{uuid4().hex}"), "office")).key for _ in range(8)]
    async with contextlib.AsyncExitStack() as workers:
        for _ in range(2):
            hands = Deliveries(pool, {"office": way}, now=lambda: datetime.now(UTC))
            client = await connect_temporal(Settings(), embedded.temporal_address)
            one = Worker(client, task_queue=queue, workflows=[DeliveryWorkflow], activities=[hands.send_document])
            await workers.enter_async_context(one)
        handles = [await start(temporal_client, key, queue, ("office",)) for key in keys]
        await asyncio.gather(*(handle.result() for handle in handles))

    # Turns are kept exactly (tests/db/test_pacing.py); what lies between turn and arrival varies.
    assert len(arrivals) == 8 and max(arrivals) - min(arrivals) >= 6 * interval.total_seconds()


@pytest.mark.parametrize("channels", [(), ("outbox",)])
async def test_the_delivery_of_a_document_that_was_never_issued_fails_for_all_to_see(
    temporal_client: Client, queue: str, channels: tuple[str, ...]
) -> None:
    handle = await start(temporal_client, f"never-{uuid4().hex}", queue, channels)

    with pytest.raises(WorkflowFailureError):
        await handle.result()


async def test_a_second_start_while_a_document_is_on_its_way_finds_the_first(
    temporal_client: Client, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer
) -> None:
    mailbox[0].answers = ["451 come back later"]

    first, second = await start(temporal_client, key, queue), await start(temporal_client, key, queue)

    assert first.first_execution_run_id == second.first_execution_run_id
    assert await first.result() == await second.result()
    assert len(mailbox[0].letters) == 1


# -- documents of an earlier release, whose deliveries have no rows ----------------------------------------------------


@pytest.fixture
async def earlier(pool: Pool) -> str:
    return (await keep(pool, document(key=f"henan-2021/410400:reminder:1:{uuid4().hex}"))).key


async def test_there_a_document_reaches_folder_and_mailbox_at_once(
    temporal_client: Client, pool: Pool, earlier: str, queue: str, mailbox: tuple[Mailbox, int]
) -> None:
    mailbox[0].answers = ["451 come back later"]

    delivered = await (await start(temporal_client, earlier, queue, ())).result()

    assert [receipt.channel for receipt in delivered.receipts] == ["outbox", "e-mail"]
    assert len(mailbox[0].letters) == 1
    assert (await documents.load(pool, earlier)).state is DocumentState.SENT


async def test_there_a_refused_or_cancelled_document_is_marked_failed_for_good(
    temporal_client: Client, pool: Pool, earlier: str, queue: str, mailbox: tuple[Mailbox, int]
) -> None:
    mailbox[0].answers = ["451 come back later"] * 3 + ["554 we take no circulars"]
    handle = await start(temporal_client, earlier, queue, ())
    await mailbox[0].asked.wait()
    assert "an earlier release" in await refusal(handle, again())
    await handle.cancel()

    delivered = await handle.result()

    assert delivered.state is DocumentState.FAILED
    assert (await documents.load(pool, earlier)).state is DocumentState.FAILED
