"""Deliveries with a real Postgres: what is sent, and when it is marked as sent."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError

from activities.channels.outbox import OutboxChannel
from schemas.documents.document import DeliveryState, DocumentState
from schemas.offices import Recipient
from storage import deliveries, documents
from storage.connections import Pool
from tests.support.couriers import NOW, SENT_AT, Courier, fail, hands, issue, paced, send


async def test_delivery_through_channel_marked_sent_in_campaign_time(pool: Pool, tmp_path: Path) -> None:
    issued = await issue(pool, "outbox")

    receipt = await send(hands(pool, outbox=OutboxChannel(tmp_path)), issued.key, "outbox")

    assert len(list(tmp_path.rglob("*.eml"))) == 1
    assert (receipt.channel, receipt.at, receipt.on) == ("outbox", SENT_AT, date(2021, 9, 3))
    [delivery] = await deliveries.deliveries_of(pool, issued.key)
    assert (delivery.state, delivery.attempts, delivery.changed_at) == (DeliveryState.SENT, 1, SENT_AT)
    assert delivery.result == receipt.result
    kept = await documents.load(pool, issued.key)
    assert (kept.state, kept.sent_at) == (DocumentState.SENT, SENT_AT)


async def test_a_delivery_that_was_made_is_not_made_again(pool: Pool) -> None:
    issued, courier = await issue(pool, "courier"), Courier()
    first = await send(hands(pool, courier=courier), issued.key, "courier")

    again = await send(paced(pool, None, NOW + timedelta(seconds=5), courier=courier), issued.key, "courier")

    assert again == first
    assert len(courier.sent) == 1


async def test_each_channel_gets_its_own_recipients(pool: Pool) -> None:
    issued, courier = await issue(pool, "outbox", "courier"), Courier()
    await pool.execute("""update delivery set recipients = '[{"name": "值班室"}]' where channel = 'courier'""")

    await send(hands(pool, courier=courier), issued.key, "courier")

    [sent] = courier.sent
    assert sent.recipients == (Recipient(name="值班室"),)
    assert sent.text == issued.text


async def test_a_document_is_sent_when_all_its_deliveries_are(pool: Pool) -> None:
    issued = await issue(pool, "outbox", "e-mail")
    deliverer = hands(pool, outbox=Courier(), e_mail=Courier())

    await send(deliverer, issued.key, "outbox")
    assert (await documents.load(pool, issued.key)).state is DocumentState.ISSUED

    await send(deliverer, issued.key, "e-mail")
    assert (await documents.load(pool, issued.key)).state is DocumentState.SENT


async def test_concurrent_deliveries_mark_document_sent(pool: Pool) -> None:
    channels = ("outbox", "a", "b", "c", "d", "e")
    issued = await issue(pool, *channels)
    deliverer = hands(pool, **{channel: Courier() for channel in channels})

    await asyncio.gather(*(send(deliverer, issued.key, channel) for channel in channels))

    assert (await documents.load(pool, issued.key)).state is DocumentState.SENT


@pytest.mark.parametrize("state", ["receipted", "replied", "lifted", "withdrawn"])
async def test_later_document_state_kept_and_sent_time_recorded(pool: Pool, state: str) -> None:
    issued = await issue(pool, "courier")
    await pool.execute("update document set state = $1", state)

    await send(hands(pool, courier=Courier()), issued.key, "courier")

    kept = await documents.load(pool, issued.key)
    assert (kept.state.value, kept.sent_at) == (state, SENT_AT)


@pytest.mark.parametrize("channel", ["courier", "another"])
async def test_what_was_never_planned_is_neither_sent_nor_failed(pool: Pool, channel: str) -> None:
    issued = await issue(pool, "outbox")
    key = issued.key if channel == "another" else "nothing"

    for act in (send, fail):
        with pytest.raises(ApplicationError, match=f"no delivery through {channel} was planned|never issued") as caught:
            await act(hands(pool, courier=Courier()), key, channel)
        assert caught.value.non_retryable
