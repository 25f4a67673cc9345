"""Deliveries with a real Postgres: retries, failures, and dead letters that are shown and sent again."""

from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from activities.channels.protocol import ChannelRoute
from activities.documents.deliveries import Deliveries
from rules.documents.delivery import GIVE_UP_AFTER, GIVE_UP_TRIES
from schemas.documents.document import DeliveryState, DocumentState
from schemas.errors import DeliveryDeferred, DeliveryRefused
from storage import deliveries, documents
from storage.connections import Pool
from storage.status import campaign_status
from tests.support.couriers import NOW, Courier, fail, hands, issue, send, states


async def test_channel_temporary_failure_keeps_delivery_with_reason(pool: Pool) -> None:
    issued, courier = await issue(pool, "courier"), Courier(DeliveryDeferred("the road is flooded", retry_after=90))

    with pytest.raises(ApplicationError, match="the road is flooded") as caught:
        await send(hands(pool, courier=courier), issued.key, "courier")

    assert not caught.value.non_retryable and caught.value.next_retry_delay == timedelta(seconds=90)
    [waiting] = await deliveries.deliveries_of(pool, issued.key)
    assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, 1)
    assert waiting.result == "the road is flooded"
    assert (await documents.load(pool, issued.key)).state is DocumentState.ISSUED

    await send(hands(pool, courier=courier), issued.key, "courier")
    assert await states(pool, issued.key) == {"courier": "sent"}


async def test_channel_timeout_is_retried_and_reported(pool: Pool) -> None:
    issued = await issue(pool, "courier")
    impatient = Deliveries(pool, {"courier": ChannelRoute(Courier(seconds=30))}, now=lambda: NOW, whole_seconds=0.1)

    with pytest.raises(ApplicationError, match=r"courier: took longer than 0\.1 s"):
        await send(impatient, issued.key, "courier")

    assert (await deliveries.load(pool, issued.key, "courier")).attempts == 1


async def test_after_three_days_and_many_tries_a_channel_is_given_up(pool: Pool) -> None:
    issued = await issue(pool, "courier")
    deliverer = hands(pool, courier=Courier(*[DeliveryDeferred("flooded; it is tried again")] * 99))
    long_ago = NOW - GIVE_UP_AFTER

    for _ in range(GIVE_UP_TRIES - 1):
        with pytest.raises(ApplicationError) as caught:
            await send(deliverer, issued.key, "courier", long_ago)
        assert not caught.value.non_retryable  # an outage of the own workers is no failure of the channel
    with pytest.raises(ApplicationError) as caught:
        await send(deliverer, issued.key, "courier", long_ago + timedelta(seconds=1))
    assert not caught.value.non_retryable
    with pytest.raises(ApplicationError, match="flooded; given up after 3 days") as caught:
        await send(deliverer, issued.key, "courier", long_ago)
    assert caught.value.non_retryable


async def test_a_refusal_is_not_tried_again(pool: Pool) -> None:
    issued = await issue(pool, "courier")

    with pytest.raises(ApplicationError, match="no such mailbox") as caught:
        await send(hands(pool, courier=Courier(DeliveryRefused("no such mailbox"))), issued.key, "courier")

    assert caught.value.non_retryable and caught.value.type == "DeliveryRefused"


async def test_unknown_channel_refused_with_remedy(pool: Pool) -> None:
    issued = await issue(pool, "city-group", "e-mail")

    with pytest.raises(
        ApplicationError, match=r"city-group: the worker knows no channel of that name .*outbox.*CHANNELS"
    ):
        await send(hands(pool, outbox=Courier()), issued.key, "city-group")
    with pytest.raises(ApplicationError, match=r"no mail server is set .*SMTP_URL"):
        await send(hands(pool, outbox=Courier()), issued.key, "e-mail")


@pytest.mark.parametrize(
    ("sent", "dead", "state"),
    [
        (["outbox"], ["e-mail"], DocumentState.FAILED),
        (["outbox", "e-mail"], ["group"], DocumentState.SENT),
        ([], ["outbox"], DocumentState.FAILED),
        (["e-mail"], ["outbox"], DocumentState.SENT),
        ([], ["outbox", "e-mail"], DocumentState.FAILED),
    ],
)
async def test_document_failed_when_only_outbox_delivered(
    pool: Pool, sent: list[str], dead: list[str], state: DocumentState
) -> None:
    issued = await issue(pool, *sent, *dead)
    deliverer = hands(pool, **{channel: Courier() for channel in sent})

    for channel in dead:
        await fail(deliverer, issued.key, channel)
    for channel in sent:
        await send(deliverer, issued.key, channel)

    kept = await documents.load(pool, issued.key)
    assert kept.state is state
    assert (kept.sent_at is not None) == (state is DocumentState.SENT)


async def test_dead_letter_shows_owner_and_reason_until_resent(pool: Pool) -> None:
    issued, courier = await issue(pool, "outbox", "e-mail", number="豫自然资督〔2021〕12号"), Courier()
    await pool.execute("update document set number = $1", issued.number)
    deliverer = hands(pool, outbox=Courier(), e_mail=courier)
    await send(deliverer, issued.key, "outbox")
    await fail(deliverer, issued.key, "e-mail")

    [letter] = await deliveries.dead_letters(pool, "henan-2021")
    assert (letter.key, letter.channel, letter.result) == (issued.key, "e-mail", "no such mailbox")
    assert (letter.number, letter.kind, letter.city) == (issued.number, "reminder", "410400")
    assert letter.recipients == issued.recipients
    assert (await campaign_status(pool, "henan-2021", NOW)).deliveries == {"waiting": 0, "sent": 1, "failed": 1}
    assert (await documents.load(pool, issued.key)).state is DocumentState.FAILED

    await send(deliverer, issued.key, "e-mail")

    assert await deliveries.dead_letters(pool, "henan-2021") == []
    assert (await documents.load(pool, issued.key)).state is DocumentState.SENT


async def test_while_it_is_tried_again_a_dead_letter_is_none(pool: Pool) -> None:
    issued = await issue(pool, "e-mail")
    deliverer = hands(pool, e_mail=Courier(DeliveryDeferred("still flooded")))
    await fail(deliverer, issued.key, "e-mail")

    with pytest.raises(ApplicationError):
        await send(deliverer, issued.key, "e-mail")

    assert await states(pool, issued.key) == {"e-mail": "waiting"}
    assert await deliveries.dead_letters(pool, "henan-2021") == []


async def test_a_delivery_that_was_made_does_not_become_a_dead_letter(pool: Pool) -> None:
    issued = await issue(pool, "courier")
    deliverer = hands(pool, courier=Courier())
    await send(deliverer, issued.key, "courier")

    await fail(deliverer, issued.key, "courier", "too late")

    assert await states(pool, issued.key) == {"courier": "sent"}
    assert (await documents.load(pool, issued.key)).state is DocumentState.SENT
