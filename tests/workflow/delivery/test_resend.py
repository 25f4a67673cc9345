"""What was given up is sent again when somebody asks for it, on a real Temporal."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pytest_httpserver import HTTPServer
from temporalio.client import Client

from schemas.actor import Actor, Role
from schemas.documents.document import DocumentState
from schemas.local_time import local_day
from storage import deliveries, documents
from storage.connections import Pool
from tests.support.delivery_on_its_way import ALL, Mailbox, again, ask, refusal, seen, start
from tests.workflow.conftest import polled
from workflows.delivery import DeliveryWorkflow


async def test_refused_delivery_is_dead_letter_and_can_be_resent(
    temporal_client: Client, pool: Pool, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer
) -> None:
    mailbox[0].answers = ["554 we take no circulars"] * 2
    handle = await start(temporal_client, key, queue)

    view = await seen(handle, e_mail="failed")
    [letter] = [one for one in await deliveries.dead_letters(pool, "henan-2021") if one.key == key]
    assert letter.channel == "e-mail" and "554 we take no circulars" in (letter.result or "")
    assert view.results["e-mail"] == letter.result and str(letter.result).startswith("e-mail: ")

    first = await ask(handle, again())
    assert first.verdict == "accepted" and first.state["channels"]["e-mail"] == "waiting"
    await seen(handle, e_mail="failed")
    await ask(handle, again("e-mail"))

    delivered = await handle.result()
    assert delivered.state is DocumentState.SENT
    assert [receipt.channel for receipt in delivered.receipts] == list(ALL)
    assert len(mailbox[0].letters) == len(office.log) == 1
    assert (await documents.load(pool, key)).state is DocumentState.SENT


async def test_resend_by_signal_works_and_refusal_is_recorded(
    temporal_client: Client, key: str, queue: str, mailbox: tuple[Mailbox, int], httpserver: HTTPServer
) -> None:
    httpserver.expect_oneshot_request("/documents").respond_with_data("too long", status=413)
    httpserver.expect_request("/documents").respond_with_data("")
    handle = await start(temporal_client, key, queue)
    await seen(handle, office="failed")

    await handle.signal("resend", {"half": "a command"})
    await handle.signal("open_sesame", again())
    await handle.signal("resend", again("telex"))
    await handle.signal("resend", again(actor=Actor(id="pit-1", role=Role.ENTERPRISE, unit="pit")))
    async for view in polled(lambda: handle.query(DeliveryWorkflow.status)):
        if len(view.refused) == 4:
            break
    said = [refused["reason"] for refused in view.refused]
    assert "command_id: field required" in said[0] and "there is no command 'open_sesame'" in said[1]
    assert "does not go through telex" in said[2] and "resend is for the roles" in said[3]
    assert view.channels["office"] == "failed"

    await handle.signal("resend", again())
    assert (await handle.result()).state is DocumentState.SENT
    assert len(httpserver.log) == 2 and len(mailbox[0].letters) == 1


async def test_resend_refused_while_channel_is_still_retried(
    temporal_client: Client, key: str, queue: str, mailbox: tuple[Mailbox, int], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/documents").respond_with_data("", status=500)
    handle = await start(temporal_client, key, queue)
    await seen(handle, e_mail="sent", outbox="sent")

    said = await refusal(handle, again())

    today = local_day(datetime.now(UTC), ZoneInfo("Asia/Shanghai"))
    assert f"nothing to send again: outbox took it on {today}; e-mail took it on {today}; office is still" in said
    assert "does not go through telex" in await refusal(handle, again("telex"))
    assert "resend is for the roles" in await refusal(handle, again(actor=Actor(id="e", role=Role.EXPERT, unit="x")))
    assert "actor: field required" in await refusal(handle, {"command_id": "1"})
    await handle.cancel()
    await handle.result()


async def test_the_same_resend_twice_is_one(
    temporal_client: Client, key: str, queue: str, mailbox: tuple[Mailbox, int], office: HTTPServer
) -> None:
    mailbox[0].answers = ["554 no"] * 2
    handle = await start(temporal_client, key, queue)
    await seen(handle, e_mail="failed")
    await ask(handle, again(command_id="once"))
    await seen(handle, e_mail="failed")

    answer = await ask(handle, again(command_id="once"))

    assert answer.verdict == "duplicate" and answer.state["channels"]["e-mail"] == "failed"
    await ask(handle, again())
    assert (await handle.result()).state is DocumentState.SENT
