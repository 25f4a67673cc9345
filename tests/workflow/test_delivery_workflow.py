"""One document's way out on a real Temporal, Postgres, mail server and folder."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from aiosmtpd.smtp import SMTP
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import Worker

from activities.notices import Deliveries
from activities.outbox import OutboxChannel
from activities.smtp import SmtpChannel
from rules.documents import delivery_stream
from schemas.clock import Clock
from schemas.delivery import Delivered, DeliveryStart
from schemas.documents import DocumentState
from storage import documents
from storage.campaigns import create_campaign
from storage.connections import Pool
from storage.migrate import create_database, migrate
from storage.pool import open_pool
from tests.unit.documents.samples import document, frozen_plan, keep
from workflows.delivery import DeliveryWorkflow


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
    """An issued document."""
    return (await keep(pool, document(key=f"henan-2021/410400:reminder:1:{uuid4().hex}"))).key


@pytest.fixture
async def mailbox() -> AsyncIterator[tuple[Mailbox, int]]:
    box, loop = Mailbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop, hostname="mail.example"), "127.0.0.1", 0)
    yield box, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


@pytest.fixture
async def queue(
    temporal_client: Client, pool: Pool, mailbox: tuple[Mailbox, int], tmp_path: Path
) -> AsyncIterator[str]:
    """A worker that delivers to the folder and by mail."""
    name = f"delivery-{uuid4().hex}"
    deliveries = Deliveries(
        pool,
        [OutboxChannel(tmp_path), SmtpChannel("127.0.0.1", mailbox[1], "campaign@province.example")],
        now=lambda: datetime.now(UTC),
    )
    async with Worker(
        temporal_client,
        task_queue=name,
        workflows=[DeliveryWorkflow],
        activities=[deliveries.deliver, deliveries.mark_failed],
    ):
        yield name


async def start(client: Client, key: str, queue: str) -> WorkflowHandle[DeliveryWorkflow, Delivered]:
    return await client.start_workflow(
        DeliveryWorkflow.run,
        DeliveryStart(key=key, queue=queue),
        id=delivery_stream(key),
        task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )


async def test_a_document_reaches_folder_and_mailbox_and_is_marked_sent(
    temporal_client: Client, pool: Pool, key: str, queue: str, mailbox: tuple[Mailbox, int], tmp_path: Path
) -> None:
    delivered = await (await start(temporal_client, key, queue)).result()

    assert delivered.state is DocumentState.SENT
    assert [receipt.channel for receipt in delivered.receipts] == ["outbox", "e-mail"]
    assert len(mailbox[0].letters) == 1
    assert len(list(tmp_path.rglob("*.eml"))) == 1
    assert (await documents.load(pool, key)).state is DocumentState.SENT


async def test_a_busy_mail_server_is_tried_again_until_it_takes_the_document(
    temporal_client: Client, pool: Pool, key: str, queue: str, mailbox: tuple[Mailbox, int]
) -> None:
    mailbox[0].answers = ["451 come back later"]

    delivered = await (await start(temporal_client, key, queue)).result()

    assert delivered.state is DocumentState.SENT
    assert len(mailbox[0].letters) == 1


async def test_a_refused_document_is_marked_failed_with_the_reason_of_the_mail_server(
    temporal_client: Client, pool: Pool, key: str, queue: str, mailbox: tuple[Mailbox, int]
) -> None:
    mailbox[0].answers = ["554 we take no circulars"]

    delivered = await (await start(temporal_client, key, queue)).result()

    assert delivered.state is DocumentState.FAILED
    assert delivered.reason is not None and "554 we take no circulars" in delivered.reason
    assert (await documents.load(pool, key)).state is DocumentState.FAILED


async def test_a_delivery_that_an_operator_cancels_is_marked_failed(
    temporal_client: Client, pool: Pool, key: str, queue: str, mailbox: tuple[Mailbox, int]
) -> None:
    mailbox[0].answers = ["451 come back later"] * 50
    handle = await start(temporal_client, key, queue)
    await mailbox[0].asked.wait()

    await handle.cancel()

    assert (await handle.result()).state is DocumentState.FAILED
    assert (await documents.load(pool, key)).state is DocumentState.FAILED


async def test_the_delivery_of_a_document_that_was_never_issued_fails_for_all_to_see(
    temporal_client: Client, queue: str
) -> None:
    handle = await start(temporal_client, f"never-{uuid4().hex}", queue)

    with pytest.raises(WorkflowFailureError):
        await handle.result()


async def test_a_second_start_while_a_document_is_on_its_way_finds_the_first(
    temporal_client: Client, key: str, queue: str, mailbox: tuple[Mailbox, int]
) -> None:
    mailbox[0].answers = ["451 come back later"]

    first, second = await start(temporal_client, key, queue), await start(temporal_client, key, queue)

    assert first.first_execution_run_id == second.first_execution_run_id
    assert await first.result() == await second.result()
    assert len(mailbox[0].letters) == 1
