"""Deliveries against a real Postgres: what is sent, when it is marked, and what happens when it is not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.channels import Channel
from activities.notices import Deliveries
from activities.outbox import OutboxChannel
from schemas.clock import Clock
from schemas.delivery import Delivered, DeliveryFailure, Receipt
from schemas.documents import Document, DocumentState
from schemas.errors import DeliveryDeferred, DeliveryRefused
from storage import documents
from storage.campaigns import create_campaign
from storage.connections import Pool
from tests.unit.documents.samples import document, frozen_plan, keep

REAL_ORIGIN = datetime(2030, 1, 1, tzinfo=UTC)
CAMPAIGN_ORIGIN = datetime(2021, 9, 1, tzinfo=UTC)
DAY_A_SECOND = Clock(real_origin=REAL_ORIGIN, campaign_origin=CAMPAIGN_ORIGIN, rate=86400)


async def issue(pool: Pool, clock: Clock = DAY_A_SECOND) -> Document:
    """A campaign with one issued document in its table."""
    await create_campaign(pool, frozen_plan(), (), clock)
    return await keep(pool, document())


class Courier:
    """A channel that does as it is told: raises the next of `answers`, or sends."""

    def __init__(self, *answers: Exception) -> None:
        self.answers = list(answers)
        self.sent: list[str] = []

    async def send(self, document: Document, zone: tzinfo) -> Receipt:
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append(document.key)
        return Receipt(channel="courier", said="handed over")


async def deliver(pool: Pool, key: str, channels: Sequence[Channel]) -> Delivered:
    deliveries = Deliveries(pool, channels, now=lambda: REAL_ORIGIN + timedelta(seconds=2))
    return await ActivityEnvironment().run(deliveries.deliver, key)


async def test_a_document_goes_through_every_channel_and_is_marked_in_campaign_time(pool: Pool, tmp_path: Path) -> None:
    issued, courier = await issue(pool), Courier()

    delivered = await deliver(pool, issued.key, [OutboxChannel(tmp_path), courier])

    assert [receipt.channel for receipt in delivered.receipts] == ["outbox", "courier"]
    assert len(list(tmp_path.rglob("*.eml"))) == 1
    kept = await documents.load(pool, issued.key)
    assert kept.state is DocumentState.SENT
    assert kept.sent_at == CAMPAIGN_ORIGIN + timedelta(days=2)


async def test_a_document_that_was_sent_is_not_sent_again(pool: Pool) -> None:
    issued, courier = await issue(pool), Courier()
    await deliver(pool, issued.key, [courier])

    again = await deliver(pool, issued.key, [courier])

    assert again == Delivered(key=issued.key, state=DocumentState.SENT)
    assert courier.sent == [issued.key]


async def test_a_channel_that_cannot_take_it_now_leaves_the_document_waiting(pool: Pool) -> None:
    issued, courier = await issue(pool), Courier(DeliveryDeferred("the road is flooded"))

    with pytest.raises(DeliveryDeferred):
        await deliver(pool, issued.key, [courier])
    assert (await documents.load(pool, issued.key)).state is DocumentState.ISSUED

    assert (await deliver(pool, issued.key, [courier])).state is DocumentState.SENT


async def test_a_refusal_by_one_channel_does_not_keep_the_others_from_sending(pool: Pool) -> None:
    issued, courier = await issue(pool), Courier()

    with pytest.raises(ApplicationError, match="no such mailbox") as caught:
        await deliver(pool, issued.key, [Courier(DeliveryRefused("no such mailbox")), courier])

    assert caught.value.non_retryable and caught.value.type == "DeliveryRefused"
    assert courier.sent == [issued.key]
    assert (await documents.load(pool, issued.key)).state is DocumentState.ISSUED


async def test_a_document_that_was_never_issued_is_not_tried_again(pool: Pool) -> None:
    with pytest.raises(ApplicationError, match="never issued") as caught:
        await deliver(pool, "nothing", [Courier()])

    assert caught.value.non_retryable


async def test_a_document_that_was_given_up_is_marked_failed_and_not_sent(pool: Pool) -> None:
    issued, courier = await issue(pool), Courier()
    failed = Deliveries(pool, [courier], now=lambda: REAL_ORIGIN)

    await ActivityEnvironment().run(failed.mark_failed, DeliveryFailure(key=issued.key, reason="no such mailbox"))

    assert (await documents.load(pool, issued.key)).state is DocumentState.FAILED
    assert (await deliver(pool, issued.key, [courier])).state is DocumentState.FAILED
    assert courier.sent == []


async def test_a_document_that_was_sent_does_not_become_failed(pool: Pool) -> None:
    issued, courier = await issue(pool), Courier()
    await deliver(pool, issued.key, [courier])
    deliveries = Deliveries(pool, [courier], now=lambda: REAL_ORIGIN)

    await ActivityEnvironment().run(deliveries.mark_failed, DeliveryFailure(key=issued.key, reason="too late"))

    assert (await documents.load(pool, issued.key)).state is DocumentState.SENT


async def test_a_document_that_was_never_issued_cannot_fail(pool: Pool) -> None:
    deliveries = Deliveries(pool, [], now=lambda: REAL_ORIGIN)

    with pytest.raises(ApplicationError, match="never issued"):
        await ActivityEnvironment().run(deliveries.mark_failed, DeliveryFailure(key="nothing", reason="?"))
