"""The rate of a channel with two workers on a real Temporal."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from pytest_httpserver import HTTPServer
from temporalio.client import Client
from temporalio.worker import Worker
from werkzeug import Request, Response

from activities.channels.protocol import ChannelRoute
from activities.channels.webhook import WebhookChannel
from activities.documents.deliveries import Deliveries
from runtime.embedded.servers import EmbeddedServers
from runtime.settings import Settings
from runtime.temporal import connect_temporal
from storage.connections import Pool
from tests.support.delivery_on_its_way import start
from tests.support.document_samples import document, plan
from workflows.delivery import DeliveryWorkflow


async def test_two_workers_together_keep_to_the_rate_of_a_channel(
    embedded: EmbeddedServers, temporal_client: Client, pool: Pool, office: HTTPServer
) -> None:
    interval, queue, arrivals = timedelta(seconds=0.4), f"delivery-{uuid4().hex}", []

    def arrive(request: Request) -> Response:
        arrivals.append(time.monotonic())
        return Response(status=202)

    office.expect_request("/paced").respond_with_handler(arrive)
    way = ChannelRoute(WebhookChannel("office", office.url_for("/paced"), "s3cret"), interval)
    keys = [(await plan(pool, document(key=f"henan-2021/{uuid4().hex}"), "office")).key for _ in range(8)]
    async with contextlib.AsyncExitStack() as workers:
        for _ in range(2):
            hands = Deliveries(pool, {"office": way}, now=lambda: datetime.now(UTC))
            client = await connect_temporal(Settings(), embedded.temporal_address)
            one = Worker(client, task_queue=queue, workflows=[DeliveryWorkflow], activities=[hands.send_document])
            await workers.enter_async_context(one)
        handles = [await start(temporal_client, key, queue, ("office",)) for key in keys]
        await asyncio.gather(*(handle.result() for handle in handles))

    # Turns are kept exactly (tests/db/test_rate_limit.py); what lies between turn and arrival varies.
    assert len(arrivals) == 8 and max(arrivals) - min(arrivals) >= 6 * interval.total_seconds()
