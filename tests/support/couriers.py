"""Deliveries without workers: programmable channels, and the activities of the delivery queue, called directly."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.channels.protocol import Channel, ChannelRoute, PdfResult
from activities.documents.deliveries import Deliveries
from rendering.specimens import frozen_plan
from schemas.clock import Clock
from schemas.documents.delivery import DeliveryFailure, Receipt, SendOrder
from schemas.documents.document import Document
from storage import deliveries
from storage.campaigns import create_campaign
from storage.connections import Pool
from tests.support.document_samples import document, plan

REAL_ORIGIN = datetime(2030, 1, 1, tzinfo=UTC)
CAMPAIGN_ORIGIN = datetime(2021, 9, 1, tzinfo=UTC)
DAY_A_SECOND = Clock(real_origin=REAL_ORIGIN, campaign_origin=CAMPAIGN_ORIGIN, rate=86400)
NOW = REAL_ORIGIN + timedelta(seconds=2)
SENT_AT = CAMPAIGN_ORIGIN + timedelta(days=2)


async def issue(pool: Pool, *channels: str, **changes: Any) -> Document:
    """A campaign with one issued document and its channels."""
    await create_campaign(pool, frozen_plan(), (), DAY_A_SECOND)
    return await plan(pool, document(**changes), *channels)


class Courier:
    """A programmable channel: raises the next of `answers`, or sends."""

    def __init__(self, *answers: Exception, seconds: float = 0) -> None:
        self.answers = list(answers)
        self.seconds = seconds
        self.sent: list[Document] = []

    async def send(self, document: Document, sheet: PdfResult, zone: tzinfo) -> str:
        await asyncio.sleep(self.seconds)
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append(document)
        return "handed over"


def hands(pool: Pool, **couriers: Channel) -> Deliveries:
    """Channels by name, with `_` for `-`."""
    return paced(pool, None, NOW, **couriers)


def paced(pool: Pool, interval: timedelta | None, now: datetime, **couriers: Channel) -> Deliveries:
    ways = {name.replace("_", "-"): ChannelRoute(courier, interval) for name, courier in couriers.items()}
    return Deliveries(pool, ways, now=lambda: now)


async def send(deliverer: Deliveries, key: str, channel: str, scheduled_at: datetime = NOW) -> Receipt:
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, scheduled_time=scheduled_at)
    return await environment.run(deliverer.send_document, SendOrder(key=key, channel=channel))


async def fail(deliverer: Deliveries, key: str, channel: str, reason: str = "no such mailbox") -> None:
    await ActivityEnvironment().run(deliverer.fail_delivery, DeliveryFailure(key=key, channel=channel, reason=reason))


async def states(pool: Pool, key: str) -> dict[str, str]:
    return {one.channel: one.state.value for one in await deliveries.deliveries_of(pool, key)}
