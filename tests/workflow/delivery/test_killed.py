"""A worker is killed in the middle of a delivery run: no document is lost, at most the one in flight is repeated."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from pathlib import Path
from uuid import uuid4

import pytest
from aiosmtpd.smtp import SMTP
from temporalio.client import Client

from activities.channels.letters import message_id
from rendering.specimens import frozen_plan
from runtime.embedded.servers import EmbeddedServers
from schemas.clock import Clock
from schemas.documents.delivery import DeliveryStart
from schemas.documents.document import DocumentState
from schemas.streams import delivery_stream
from storage import deliveries, documents
from storage.campaigns import create_campaign
from storage.connections import Pool
from storage.pool import open_pool
from tests.support.databases import migrated_database
from tests.support.document_samples import document, plan

DOCUMENTS = 40
KILLED_AT = 15
SENDER = "campaign@province.example"
CHANNELS = ("outbox", "e-mail")
WORKER = Path(__file__).parents[3] / "worker.py"


class Mailbox:
    """A mail server that counts; after one letter it has the worker killed before the worker hears that it took it."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.reached = asyncio.Event()
        self.killed = asyncio.Event()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.letters.append(envelope.content)  # type: ignore[attr-defined]
        if len(self.letters) == KILLED_AT:
            self.reached.set()
            await self.killed.wait()
        return "250 OK"


@asynccontextmanager
async def worker_process(environment: dict[str, str], log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker of its own process that delivers one document at a time."""
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(WORKER), "--delivery-slots", "1", stdout=output, stderr=output, env=environment
        )
    try:
        async with asyncio.timeout(30):
            while log.read_text().count("worker ready") == 0:
                assert process.returncode is None, log.read_text()
                await asyncio.sleep(0.1)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()


@pytest.fixture
async def url(postgres_url: str) -> str:
    return await migrated_database(postgres_url, f"killed_{uuid4().hex[:12]}")


@pytest.fixture
async def pool(url: str) -> AsyncIterator[Pool]:
    opened = await open_pool(url)
    await create_campaign(opened, frozen_plan(), (), Clock())
    yield opened
    await opened.close()


@pytest.mark.timeout(150)
async def test_killed_worker_loses_no_document_repeats_one_in_flight(
    embedded: EmbeddedServers, temporal_client: Client, pool: Pool, url: str, tmp_path: Path
) -> None:
    name = uuid4().hex[:12]
    keys = [f"henan-2021/410400:reminder:1:{name}-{number}" for number in range(DOCUMENTS)]
    for key in keys:
        await plan(pool, document(key=key), *CHANNELS)
    box, loop = Mailbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop, hostname="mail.example"), "127.0.0.1", 0)
    environment = {
        variable: value for variable, value in os.environ.items() if not variable.startswith("HUNDRED_DAYS_")
    }
    environment |= {
        "TEMPORAL_ADDRESS": embedded.temporal_address,
        "TEMPORAL_CONFIG_FILE": os.devnull,
        "HUNDRED_DAYS_POSTGRES_URL": url,
        "HUNDRED_DAYS_SMTP_URL": f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}?starttls=never",
        "HUNDRED_DAYS_MAIL_FROM": SENDER,
        "HUNDRED_DAYS_OUTBOX_DIR": str(tmp_path / "outbox"),
        "HUNDRED_DAYS_TASK_QUEUE": f"engine-{name}",
        "HUNDRED_DAYS_DELIVERY_QUEUE": f"delivery-{name}",
    }
    handles = [
        await temporal_client.start_workflow(
            "DeliveryWorkflow",
            DeliveryStart(key=key, queue=f"delivery-{name}", channels=CHANNELS),
            id=delivery_stream(key),
            task_queue=f"engine-{name}",
        )
        for key in keys
    ]

    async with worker_process(environment, tmp_path / "first.log") as first:
        await box.reached.wait()
        first.kill()
        await first.wait()
        box.killed.set()
    before = len(box.letters)
    async with worker_process(environment, tmp_path / "second.log"):
        await asyncio.gather(*(handle.result() for handle in handles))
    server.close()

    taken = Counter(str(message_from_bytes(letter)["Message-ID"]) for letter in box.letters)
    assert before == KILLED_AT < DOCUMENTS
    assert set(taken) == {message_id(key, SENDER) for key in keys}
    assert sum(taken.values()) == DOCUMENTS + 1
    repeated = [letter for letter in box.letters if taken[str(message_from_bytes(letter)["Message-ID"])] == 2]
    assert len(repeated) == 2 and repeated[0] == repeated[1]
    assert {(await documents.load(pool, key)).state for key in keys} == {DocumentState.SENT}
    assert await deliveries.dead_letters(pool, "henan-2021") == []
    assert len(list((tmp_path / "outbox").rglob("*.eml"))) == DOCUMENTS
