"""Documents of an earlier release, whose deliveries have no rows, on a real Temporal: outbox and mail at once."""

from uuid import uuid4

import pytest
from temporalio.client import Client

from schemas.documents.document import DocumentState
from storage import documents
from storage.connections import Pool
from tests.support.delivery_on_its_way import Mailbox, again, refusal, start
from tests.support.document_samples import document, keep


@pytest.fixture
async def earlier(pool: Pool) -> str:
    return (await keep(pool, document(key=f"henan-2021/410400:reminder:1:{uuid4().hex}"))).key


async def test_there_a_document_reaches_folder_and_mailbox_at_once(
    temporal_client: Client, pool: Pool, earlier: str, queue: str, mailbox: tuple[Mailbox, int]
) -> None:
    mailbox[0].answers = ["451 come back later"]

    delivered = await (await start(temporal_client, earlier, queue, ())).result()

    assert [receipt.channel for receipt in delivered.receipts] == ["outbox", "e-mail"]
    assert len(mailbox[0].letters) == 1
    assert (await documents.load(pool, earlier)).state is DocumentState.SENT


async def test_there_a_refused_or_cancelled_document_is_marked_failed_for_good(
    temporal_client: Client, pool: Pool, earlier: str, queue: str, mailbox: tuple[Mailbox, int]
) -> None:
    mailbox[0].answers = ["451 come back later"] * 3 + ["554 we take no circulars"]
    handle = await start(temporal_client, earlier, queue, ())
    await mailbox[0].asked.wait()
    assert "an earlier release" in await refusal(handle, again())
    await handle.cancel()

    delivered = await handle.result()

    assert delivered.state is DocumentState.FAILED
    assert (await documents.load(pool, earlier)).state is DocumentState.FAILED
