"""One document with three ways out, and a worker that delivers: to a folder, by mail and to an office's web server."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from aiosmtpd.smtp import SMTP
from pytest_httpserver import HTTPServer
from temporalio.client import Client
from temporalio.worker import Worker

from activities.channels.outbox import OutboxChannel
from activities.channels.protocol import ChannelRoute
from activities.channels.smtp import SmtpChannel
from activities.channels.webhook import WebhookChannel
from activities.documents.deliveries import Deliveries
from rendering.specimens import frozen_plan
from schemas.clock import Clock
from storage.campaigns import create_campaign
from storage.connections import Pool
from storage.pool import open_pool
from tests.support.databases import migrated_database
from tests.support.delivery_on_its_way import ALL, Mailbox
from tests.support.document_samples import document, plan
from workflows.delivery import DeliveryWorkflow


@pytest.fixture(scope="module")
async def pool(postgres_url: str) -> AsyncIterator[Pool]:
    """A database of this module's own, with one campaign."""
    url = await migrated_database(postgres_url, f"delivery_{uuid4().hex[:12]}")
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
        "outbox": ChannelRoute(OutboxChannel(tmp_path)),
        "e-mail": ChannelRoute(SmtpChannel("127.0.0.1", mailbox[1], "campaign@province.example")),
        "office": ChannelRoute(WebhookChannel("office", httpserver.url_for("/documents"), "s3cret")),
    }
    hands = Deliveries(pool, ways, now=lambda: datetime.now(UTC))
    async with Worker(
        temporal_client,
        task_queue=name,
        workflows=[DeliveryWorkflow],
        activities=[hands.send_document, hands.fail_delivery],
    ):
        yield name


@pytest.fixture
def office(httpserver: HTTPServer) -> HTTPServer:
    """The office's web server, which takes everything."""
    httpserver.expect_request("/documents").respond_with_data("", status=202)
    return httpserver
