"""The file of documents in a real Postgres: counts, open documents, and lists by unit."""

from datetime import datetime
from itertools import product

import pytest

from rules.documents.state import TrackedDocument
from schemas.documents.document import DocumentState, Progress
from schemas.ladder import Instrument
from storage.connections import Pool
from storage.document_file import count_document_file, read_document_file
from storage.status import campaign_status
from tests.support.filed_documents import BUREAU, ENDS_2ND, ENDS_8TH, OFFICE, in_days, order, put, replied
from tests.support.small_campaign import start_campaign

NOW = in_days(14)


async def test_the_status_counts_what_each_document_of_the_file_says(pool: Pool) -> None:
    """The SQL rule for all documents and the Python rule for one agree over all combinations."""
    await start_campaign(pool)
    signed: tuple[dict[str, datetime], ...] = ({}, {BUREAU: in_days(1)}, {BUREAU: in_days(1), OFFICE: in_days(5)})
    cases = product(DocumentState, signed, ((), (replied(3),)), (None, in_days(9)), (None, ENDS_2ND, NOW), (None, NOW))
    for number, (state, who, replies, lifted, due, approved) in enumerate(cases):
        await put(
            pool, f"410400:supervision_order:2:{number}", state=state,
            progress=order(
                signed=who, replies=replies, lifted_at=lifted, receipt_due=due, reply_due=due, approver="处长",
                approval_due=due, approved_at=approved, lifting_due=due,
            ),
        )  # fmt: skip
    for as_of in (ENDS_2ND, in_days(3), NOW, in_days(20)):
        entries = await read_document_file(pool, "henan")
        counts = await count_document_file(pool, "henan", as_of)
        assert counts.unapproved == sum(entry.awaits_approval for entry in entries) > 0
        assert counts.unsigned == sum("receipt" in entry.overdue(as_of) for entry in entries)
        assert counts.unanswered == sum("reply" in entry.overdue(as_of) for entry in entries)
        assert counts.unlifted == sum("lifting" in entry.overdue(as_of) for entry in entries)
    assert counts.unsigned > 0 and counts.unanswered > 0 and counts.unlifted > 0


async def test_a_deadline_is_missed_from_the_moment_after_it(pool: Pool) -> None:
    await start_campaign(pool)
    await put(pool, "410400:supervision_order:2:2021-09-01", progress=order())
    (entry,) = await read_document_file(pool, "henan")
    assert entry.overdue(ENDS_2ND) == ()
    assert entry.overdue(ENDS_8TH) == ("receipt",)
    assert entry.overdue(NOW) == ("receipt", "reply")


@pytest.mark.parametrize(
    ("progress", "state", "is_open"),
    [
        (order(), DocumentState.SENT, True),
        (order(signed={BUREAU: NOW, OFFICE: NOW}, replies=(replied(2),), lifted_at=NOW), DocumentState.LIFTED, False),
        (order(signed={BUREAU: NOW}, replies=(replied(2),), lifted_at=NOW), DocumentState.LIFTED, True),
        (order(signed={BUREAU: NOW, OFFICE: NOW}, replies=(replied(2),)), DocumentState.REPLIED, True),
        (order(signed={BUREAU: NOW, OFFICE: NOW}, lifting=None), DocumentState.RECEIPTED, True),
        (order(signed={BUREAU: NOW, OFFICE: NOW}, lifting=None, reply_due=None), DocumentState.RECEIPTED, False),
        (Progress(publishes_at=NOW), DocumentState.SENT, True),
        (Progress(publishes_at=NOW, published=True), DocumentState.SENT, False),
        (Progress(approver="处长", approval_due=NOW), DocumentState.DRAFTED, True),
        (Progress(approver="处长", approval_due=NOW, decision_reason="缓"), DocumentState.REJECTED, False),
    ],
)
async def test_a_document_is_open_while_something_is_to_come_of_it(
    pool: Pool, progress: Progress, state: DocumentState, is_open: bool
) -> None:
    await start_campaign(pool)
    await put(pool, "410400:listed_supervision:5:2021-09-01", progress=progress, state=state)
    (entry,) = await read_document_file(pool, "henan")
    assert entry.is_open is is_open


async def test_the_desk_and_the_file_agree_on_what_is_open(pool: Pool) -> None:
    """A lifted listing is open until a document announces the lifting; checked over all combinations."""
    await start_campaign(pool)
    documents: dict[str, TrackedDocument] = {}
    signed: tuple[dict[str, datetime], ...] = ({}, {BUREAU: NOW, OFFICE: NOW})
    cases = product(
        (Instrument.LISTED_SUPERVISION, Instrument.CIRCULAR), DocumentState, signed, ((), (replied(3),)),
        (None, "decision"), (None, NOW), (None, NOW), (False, True),
    )  # fmt: skip
    for number, (kind, state, who, replies, lifting, lifted, publishes, told) in enumerate(cases):
        progress = order(signed=who, replies=replies, lifting=lifting, lifted_at=lifted, publishes_at=publishes)
        key = await put(pool, f"410400:{kind}:5:{number}", kind=kind, rung=5, state=state, progress=progress)
        if told:
            await put(pool, f"410400:{kind}:5:{number}:lifting", kind="lifting", rung=5, progress=Progress())
        documents[key] = TrackedDocument(
            key=key, kind=kind, state=state, since=NOW, progress=progress, lifting_announced=told
        )
    entries = [entry for entry in await read_document_file(pool, "henan") if entry.kind != "lifting"]
    assert {entry.key: entry.is_open for entry in entries} == {
        key: not tracked.settled for key, tracked in documents.items()
    }
    assert {entry.is_open for entry in entries if entry.kind == "listed_supervision" and entry.progress.lifted_at} == {
        True, False,
    }  # fmt: skip


async def test_docket_filters_by_city_and_by_concerned_unit(pool: Pool) -> None:
    await start_campaign(pool)
    await put(pool, "410400:reminder:1:a", recipients=(OFFICE,))
    await put(pool, "410400:circular:3:b", recipients=(), progress=order(units=("市人民政府",)), days=1)
    await put(pool, "410600:circular:3:c", city="410600", recipients=(), progress=Progress(approver="厅长"), days=2)

    async def listed(**narrowed: str) -> list[str]:
        return [entry.key[-1] for entry in await read_document_file(pool, "henan", **narrowed)]

    assert await listed() == ["a", "b", "c"]
    assert await listed(city="410400") == ["a", "b"]
    assert [await listed(unit=one) for one in (OFFICE, "市人民政府", "厅长", "厅")] == [["a"], ["b"], ["c"], []]


async def test_the_status_says_what_was_delivered_and_what_is_dead(pool: Pool) -> None:
    await start_campaign(pool)
    await put(pool, "410400:reminder:1:a", ways=(("outbox", "sent", "x"), ("e-mail", "failed", "no such mailbox")))
    await put(pool, "410400:reminder:1:b", ways=(("outbox", "sent", "y"), ("wecom", "waiting", None)))
    status = await campaign_status(pool, "henan", NOW)
    assert status.deliveries == {"waiting": 1, "sent": 2, "failed": 1}
    (dead, waiting) = await read_document_file(pool, "henan")
    assert [way.result for way in dead.dead_letters] == ["no such mailbox"] and not waiting.dead_letters
    assert [way.channel for way in dead.deliveries] == ["outbox", "e-mail"]
