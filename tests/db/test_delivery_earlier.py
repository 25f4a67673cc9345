"""Documents without delivery rows: outbox and mail are sent at once."""

from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.documents.deliveries import Deliveries
from rendering.specimens import frozen_plan
from schemas.documents.delivery import Delivered, DeliveryFailure
from schemas.documents.document import DocumentState
from schemas.errors import DeliveryRefused
from storage import documents
from storage.campaigns import create_campaign
from storage.connections import Pool
from tests.support.couriers import DAY_A_SECOND, SENT_AT, Courier, hands
from tests.support.document_samples import document, keep


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
