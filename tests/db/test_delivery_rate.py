"""A channel at its rate limit, or that asks to wait, with a real Postgres: every document is retried later."""

from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from schemas.errors import DeliveryDeferred
from storage import deliveries
from storage.connections import Pool
from tests.support.couriers import NOW, Courier, issue, paced, send
from tests.support.document_samples import document, plan


async def test_channel_with_exhausted_rate_retried_at_allowed_time(pool: Pool) -> None:
    issued, courier = await issue(pool, "courier"), Courier()
    second = await plan(pool, document(key="another"), "courier")
    deliverer = paced(pool, timedelta(minutes=3), NOW, courier=courier)
    await send(deliverer, issued.key, "courier")

    with pytest.raises(ApplicationError, match="rate is used up; it is tried again in 180 s") as caught:
        await send(deliverer, second.key, "courier")

    assert caught.value.next_retry_delay == timedelta(minutes=3)
    assert (await deliveries.load(pool, second.key, "courier")).attempts == 0
    later = paced(pool, timedelta(minutes=3), NOW + timedelta(minutes=3), courier=courier)
    await send(later, second.key, "courier")
    assert [one.key for one in courier.sent] == [issued.key, second.key]


async def test_robot_rest_request_applies_to_all_documents(pool: Pool) -> None:
    issued = await issue(pool, "courier")
    second = await plan(pool, document(key="another"), "courier")
    deliverer = paced(pool, timedelta(seconds=1), NOW, courier=Courier(DeliveryDeferred("too fast", 600)))
    with pytest.raises(ApplicationError, match="too fast"):
        await send(deliverer, issued.key, "courier")

    with pytest.raises(ApplicationError, match="rate is used up") as caught:
        await send(deliverer, second.key, "courier")

    delay = caught.value.next_retry_delay
    assert delay is not None and timedelta(seconds=600) <= delay <= timedelta(seconds=602)
