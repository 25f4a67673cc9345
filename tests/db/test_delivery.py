"""Deliveries against a real Postgres: what is sent, when it is marked, and what happens when it is not."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.channels import Channel, Sheet, Way
from activities.notices import GIVE_UP_AFTER, GIVE_UP_TRIES, Deliveries
from activities.outbox import OutboxChannel
from schemas.clock import Clock
from schemas.delivery import Delivered, DeliveryFailure, Receipt, SendOrder
from schemas.documents import DeliveryState, Document, DocumentState
from schemas.errors import DeliveryDeferred, DeliveryRefused
from schemas.offices import Recipient
from storage import deliveries, documents
from storage.campaigns import create_campaign
from storage.connections import Pool
from tests.db.planned import plan
from tests.unit.documents.samples import document, frozen_plan, keep

REAL_ORIGIN = datetime(2030, 1, 1, tzinfo=UTC)
CAMPAIGN_ORIGIN = datetime(2021, 9, 1, tzinfo=UTC)
DAY_A_SECOND = Clock(real_origin=REAL_ORIGIN, campaign_origin=CAMPAIGN_ORIGIN, rate=86400)
NOW = REAL_ORIGIN + timedelta(seconds=2)
SENT_AT = CAMPAIGN_ORIGIN + timedelta(days=2)


async def issue(pool: Pool, *channels: str, **changes: Any) -> Document:
    """A campaign with one issued document and its ways out."""
    await create_campaign(pool, frozen_plan(), (), DAY_A_SECOND)
    return await plan(pool, document(**changes), *channels)


class Courier:
    """A channel that does as it is told: raises the next of `answers`, or sends."""

    def __init__(self, *answers: Exception, seconds: float = 0) -> None:
        self.answers = list(answers)
        self.seconds = seconds
        self.sent: list[Document] = []

    async def send(self, document: Document, sheet: Sheet, zone: tzinfo) -> Receipt:
        await asyncio.sleep(self.seconds)
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append(document)
        return Receipt(channel="courier", said="handed over")


def hands(pool: Pool, **couriers: Channel) -> Deliveries:
    """Channels by name, with `_` for `-`."""
    return paced(pool, None, NOW, **couriers)


def paced(pool: Pool, interval: timedelta | None, now: datetime, **couriers: Channel) -> Deliveries:
    ways = {name.replace("_", "-"): Way(courier, interval) for name, courier in couriers.items()}
    return Deliveries(pool, ways, now=lambda: now)


async def send(deliverer: Deliveries, key: str, channel: str, scheduled_at: datetime = NOW) -> Receipt:
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, scheduled_time=scheduled_at)
    return await environment.run(deliverer.send_document, SendOrder(key=key, channel=channel))


async def bury(deliverer: Deliveries, key: str, channel: str, reason: str = "no such mailbox") -> None:
    await ActivityEnvironment().run(deliverer.bury_delivery, DeliveryFailure(key=key, channel=channel, reason=reason))


async def states(pool: Pool, key: str) -> dict[str, str]:
    return {one.channel: one.state.value for one in await deliveries.deliveries_of(pool, key)}


async def test_a_document_goes_through_a_channel_and_is_marked_in_campaign_time(pool: Pool, tmp_path: Path) -> None:
    issued = await issue(pool, "outbox")

    receipt = await send(hands(pool, outbox=OutboxChannel(tmp_path)), issued.key, "outbox")

    assert len(list(tmp_path.rglob("*.eml"))) == 1
    assert (receipt.channel, receipt.at) == ("outbox", SENT_AT)
    [delivery] = await deliveries.deliveries_of(pool, issued.key)
    assert (delivery.state, delivery.attempts, delivery.changed_at) == (DeliveryState.SENT, 1, SENT_AT)
    assert delivery.said == receipt.said
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


async def test_two_channels_that_finish_at_once_still_make_the_document_sent(pool: Pool) -> None:
    channels = ("outbox", "a", "b", "c", "d", "e")
    issued = await issue(pool, *channels)
    deliverer = hands(pool, **{channel: Courier() for channel in channels})

    await asyncio.gather(*(send(deliverer, issued.key, channel) for channel in channels))

    assert (await documents.load(pool, issued.key)).state is DocumentState.SENT


async def test_a_channel_that_cannot_take_it_now_leaves_the_delivery_waiting_and_its_words_visible(pool: Pool) -> None:
    issued, courier = await issue(pool, "courier"), Courier(DeliveryDeferred("the road is flooded", retry_after=90))

    with pytest.raises(ApplicationError, match="the road is flooded") as caught:
        await send(hands(pool, courier=courier), issued.key, "courier")

    assert not caught.value.non_retryable and caught.value.next_retry_delay == timedelta(seconds=90)
    [waiting] = await deliveries.deliveries_of(pool, issued.key)
    assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, 1)
    assert waiting.said == "the road is flooded"
    assert (await documents.load(pool, issued.key)).state is DocumentState.ISSUED

    await send(hands(pool, courier=courier), issued.key, "courier")
    assert await states(pool, issued.key) == {"courier": "sent"}


async def test_a_channel_that_takes_too_long_is_tried_again_and_says_so(pool: Pool) -> None:
    issued = await issue(pool, "courier")
    impatient = Deliveries(pool, {"courier": Way(Courier(seconds=30))}, now=lambda: NOW, whole_seconds=0.1)

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
        assert not caught.value.non_retryable  # an outage of our own workers is not the channel's
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


async def test_a_channel_that_no_worker_knows_is_refused_with_what_to_do(pool: Pool) -> None:
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
async def test_a_document_failed_if_no_channel_but_the_outbox_reached_anybody(
    pool: Pool, sent: list[str], dead: list[str], state: DocumentState
) -> None:
    issued = await issue(pool, *sent, *dead)
    deliverer = hands(pool, **{channel: Courier() for channel in sent})

    for channel in dead:
        await bury(deliverer, issued.key, channel)
    for channel in sent:
        await send(deliverer, issued.key, channel)

    kept = await documents.load(pool, issued.key)
    assert kept.state is state
    assert (kept.sent_at is not None) == (state is DocumentState.SENT)


async def test_a_dead_letter_shows_whose_it_is_and_why_until_it_is_sent_again(pool: Pool) -> None:
    issued, courier = await issue(pool, "outbox", "e-mail", number="豫自然资督〔2021〕12号"), Courier()
    await pool.execute("update document set number = $1", issued.number)
    deliverer = hands(pool, outbox=Courier(), e_mail=courier)
    await send(deliverer, issued.key, "outbox")
    await bury(deliverer, issued.key, "e-mail")

    [letter] = await deliveries.dead_letters(pool, "henan-2021")
    assert (letter.key, letter.channel, letter.said) == (issued.key, "e-mail", "no such mailbox")
    assert (letter.number, letter.kind, letter.city) == (issued.number, "reminder", "410400")
    assert letter.recipients == issued.recipients
    assert await deliveries.delivery_counts(pool, "henan-2021") == {"outbox": {"sent": 1}, "e-mail": {"failed": 1}}
    assert (await documents.load(pool, issued.key)).state is DocumentState.FAILED

    await send(deliverer, issued.key, "e-mail")

    assert await deliveries.dead_letters(pool, "henan-2021") == []
    assert (await documents.load(pool, issued.key)).state is DocumentState.SENT


async def test_while_it_is_tried_again_a_dead_letter_is_none(pool: Pool) -> None:
    issued = await issue(pool, "e-mail")
    deliverer = hands(pool, e_mail=Courier(DeliveryDeferred("still flooded")))
    await bury(deliverer, issued.key, "e-mail")

    with pytest.raises(ApplicationError):
        await send(deliverer, issued.key, "e-mail")

    assert await states(pool, issued.key) == {"e-mail": "waiting"}
    assert await deliveries.dead_letters(pool, "henan-2021") == []


@pytest.mark.parametrize("state", ["receipted", "replied", "lifted", "withdrawn"])
async def test_a_document_that_has_come_further_stays_there_and_notes_when_it_was_sent(pool: Pool, state: str) -> None:
    issued = await issue(pool, "courier")
    await pool.execute("update document set state = $1", state)

    await send(hands(pool, courier=Courier()), issued.key, "courier")

    kept = await documents.load(pool, issued.key)
    assert (kept.state.value, kept.sent_at) == (state, SENT_AT)


async def test_a_delivery_that_was_made_does_not_become_a_dead_letter(pool: Pool) -> None:
    issued = await issue(pool, "courier")
    deliverer = hands(pool, courier=Courier())
    await send(deliverer, issued.key, "courier")

    await bury(deliverer, issued.key, "courier", "too late")

    assert await states(pool, issued.key) == {"courier": "sent"}
    assert (await documents.load(pool, issued.key)).state is DocumentState.SENT


@pytest.mark.parametrize("channel", ["courier", "another"])
async def test_what_was_never_planned_is_neither_sent_nor_buried(pool: Pool, channel: str) -> None:
    issued = await issue(pool, "outbox")
    key = issued.key if channel == "another" else "nothing"

    for act in (send, bury):
        with pytest.raises(ApplicationError, match=f"no delivery through {channel} was planned|never issued") as caught:
            await act(hands(pool, courier=Courier()), key, channel)
        assert caught.value.non_retryable


async def test_a_channel_whose_rate_is_used_up_is_asked_again_when_it_may(pool: Pool) -> None:
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


async def test_a_robot_that_asks_for_rest_is_left_alone_by_all_documents(pool: Pool) -> None:
    issued = await issue(pool, "courier")
    second = await plan(pool, document(key="another"), "courier")
    deliverer = paced(pool, timedelta(seconds=1), NOW, courier=Courier(DeliveryDeferred("too fast", 600)))
    with pytest.raises(ApplicationError, match="too fast"):
        await send(deliverer, issued.key, "courier")

    with pytest.raises(ApplicationError, match="rate is used up") as caught:
        await send(deliverer, second.key, "courier")

    delay = caught.value.next_retry_delay
    assert delay is not None and timedelta(seconds=600) <= delay <= timedelta(seconds=602)


# -- documents of an earlier release -----------------------------------------------------------------------------------


async def deliver(deliverer: Deliveries, key: str) -> Delivered:
    return await ActivityEnvironment().run(deliverer.deliver, key)


async def test_a_document_of_an_earlier_release_goes_to_outbox_and_mail_and_nowhere_else(pool: Pool) -> None:
    await create_campaign(pool, frozen_plan(), (), DAY_A_SECOND)
    issued = await keep(pool, document())
    couriers = {"outbox": Courier(), "e_mail": Courier(), "group": Courier()}

    delivered = await deliver(hands(pool, **couriers), issued.key)

    assert delivered.state is DocumentState.SENT and len(delivered.receipts) == 2
    assert [len(courier.sent) for courier in couriers.values()] == [1, 1, 0]
    assert (await documents.load(pool, issued.key)).sent_at == SENT_AT
    again = await deliver(hands(pool, **couriers), issued.key)
    assert again == Delivered(key=issued.key, state=DocumentState.SENT)
    assert len(couriers["outbox"].sent) == 1


async def test_there_a_refusal_by_one_channel_does_not_keep_the_other_from_sending(pool: Pool) -> None:
    await create_campaign(pool, frozen_plan(), (), DAY_A_SECOND)
    issued, mail = await keep(pool, document()), Courier()

    with pytest.raises(ApplicationError, match="no such folder") as caught:
        await deliver(hands(pool, outbox=Courier(DeliveryRefused("no such folder")), e_mail=mail), issued.key)

    assert caught.value.non_retryable and caught.value.type == "DeliveryRefused"
    assert len(mail.sent) == 1
    assert (await documents.load(pool, issued.key)).state is DocumentState.ISSUED


async def test_there_a_document_that_was_given_up_is_marked_failed_and_not_sent(pool: Pool) -> None:
    await create_campaign(pool, frozen_plan(), (), DAY_A_SECOND)
    issued, courier = await keep(pool, document()), Courier()
    deliverer = hands(pool, outbox=courier)

    await ActivityEnvironment().run(deliverer.mark_failed, DeliveryFailure(key=issued.key, reason="no such mailbox"))

    assert (await deliver(deliverer, issued.key)).state is DocumentState.FAILED
    assert courier.sent == []
    for act in (deliverer.mark_failed, deliverer.deliver):
        given: Any = DeliveryFailure(key="nothing", reason="?") if act == deliverer.mark_failed else "nothing"
        with pytest.raises(ApplicationError, match="never issued"):
            await ActivityEnvironment().run(act, given)
