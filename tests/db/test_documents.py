"""Documents after their issue: drafts, approvals, receipts and deliveries, as recorded in one transaction."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rules.city.dispatch import still_overdue
from schemas.documents.document import (
    DeliveryState,
    DocumentRow,
    DocumentState,
    PlannedDelivery,
    Progress,
    RenderedDocument,
)
from schemas.ledger import DocumentDraft, Notice, RecordBatch
from schemas.offices import Recipient
from storage import documents
from storage.connections import Connection, Pool
from storage.deliveries import deliveries_of, mark_sent
from storage.document_file import read_document_file
from storage.notices import gather, proposals_of, read_notice_lines, standings, still_open
from storage.recorder import Recorder
from tests.support.small_campaign import START, Diary, SiteDiary, draft, rendered, start_campaign

DUE = datetime(2021, 8, 20, 16, tzinfo=UTC)
KEY = "henan/410400:circular:3:2021-08-30"
WAYS = (
    PlannedDelivery(channel="e-mail", recipients=(Recipient(name="局", email="a@example.org"),)),
    PlannedDelivery(channel="outbox"),
)


class Desk:
    """A city aggregate that records its events."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.diary = Diary("city/henan/410400")

    def burst(self, kind: str, *drafts: DocumentDraft, rows: tuple[DocumentRow, ...] = ()) -> RecordBatch:
        return RecordBatch(
            campaign_id="henan", subject="city", city="410400", entries=(self.diary.write(kind),),
            documents=drafts, document_rows=rows,
        )  # fmt: skip

    async def record(self, burst: RecordBatch) -> None:
        texts = [text(one.key) for one in burst.documents]
        await Recorder(self.pool).record(burst, texts)

    async def does(self, kind: str, *drafts: DocumentDraft, rows: tuple[DocumentRow, ...] = ()) -> RecordBatch:
        burst = self.burst(kind, *drafts, rows=rows)
        await self.record(burst)
        return burst

    def row(self, state: DocumentState, seq: int | None = None, **progress: Any) -> DocumentRow:
        seq = len(self.diary.entries) + 1 if seq is None else seq
        return DocumentRow(key=KEY, seq=seq, state=state, number="督1号", progress=Progress(**progress))


def text(key: str) -> RenderedDocument:
    return rendered(key).model_copy(update={"deliveries": WAYS})


def laid(*sites: str) -> DocumentDraft:
    return draft(KEY, sites=sites, kind="circular").model_copy(
        update={"rung": 3, "state": DocumentState.DRAFTED, "progress": Progress(approver="厅长")}
    )


def issued(*sites: str) -> DocumentDraft:
    return laid(*sites).model_copy(
        update={"state": DocumentState.ISSUED, "number": "督1号", "issued_at": START + timedelta(days=3)}
    )


# -- drafts, and what becomes of documents -----------------------------------------------------------------------------


async def test_draft_stored_without_number_or_delivery_until_issued(pool: Pool) -> None:
    await start_campaign(pool)
    desk = Desk(pool)
    await desk.does("document_drafted", laid("点位-0000", "点位-0002"))
    kept = await documents.load(pool, KEY)
    assert (kept.state, kept.number, kept.progress.approver) == (DocumentState.DRAFTED, None, "厅长")
    assert await deliveries_of(pool, KEY) == []
    assert await documents.undelivered(pool, "henan") == []

    again = await desk.does("document_issued", issued("点位-0002"))
    for _ in range(2):
        kept = await documents.load(pool, KEY)
        assert (kept.state, kept.number, kept.sites) == (DocumentState.ISSUED, "督1号", ("点位-0002",))
        assert kept.issued_at == START + timedelta(days=3)
        ways = await deliveries_of(pool, KEY)
        assert sorted((way.channel, way.state) for way in ways) == [
            ("e-mail", DeliveryState.WAITING), ("outbox", DeliveryState.WAITING),
        ]  # fmt: skip
        await desk.record(again)  # a repeated activity changes nothing


async def test_an_issued_document_is_never_a_draft_again(pool: Pool) -> None:
    await start_campaign(pool)
    desk = Desk(pool)
    first = await desk.does("document_drafted", laid("点位-0000"))
    await desk.does("document_issued", issued("点位-0000"))
    await desk.record(first)
    await desk.does("document_issued", issued("点位-0002"))
    kept = await documents.load(pool, KEY)
    assert (kept.state, kept.sites) == (DocumentState.ISSUED, ("点位-0000",))


async def test_newer_document_state_never_overwritten_by_older(pool: Pool) -> None:
    await start_campaign(pool)
    desk = Desk(pool)
    await desk.does("document_issued", issued("点位-0000"))
    signed = desk.row(DocumentState.RECEIPTED, units=("局",), signed={"局": START})
    older = await desk.does("document_signed", rows=(signed,))
    newer = await desk.does("document_lifted", rows=(desk.row(DocumentState.LIFTED, lifted_at=START),))
    for burst in (older, newer, older):
        await desk.record(burst)
    kept = await documents.load(pool, KEY)
    assert (kept.state, kept.progress.lifted_at) == (DocumentState.LIFTED, START)


async def test_of_two_rows_in_one_batch_the_newer_stands(pool: Pool) -> None:
    await start_campaign(pool)
    desk = Desk(pool)
    await desk.does("document_issued", issued("点位-0000"))
    first = desk.burst("document_signed", rows=(desk.row(DocumentState.RECEIPTED),))
    second = desk.burst("document_lifted", rows=(desk.row(DocumentState.LIFTED),))
    recorder = Recorder(pool)
    await asyncio.gather(recorder.record(first), recorder.record(second))
    assert (await documents.load(pool, KEY)).state is DocumentState.LIFTED


async def test_the_desk_does_not_undo_what_the_delivery_has_noted(pool: Pool) -> None:
    await start_campaign(pool)
    desk = Desk(pool)
    await desk.does("document_issued", issued("点位-0000"))
    for way in WAYS:
        await mark_sent(pool, KEY, way.channel, "accepted", START)
    await desk.does("signing_overdue", rows=(desk.row(DocumentState.ISSUED, receipt_steps=1),))
    kept = await documents.load(pool, KEY)
    assert (kept.state, kept.progress.receipt_steps, kept.sent_at) == (DocumentState.SENT, 1, START)
    await desk.does("document_signed", rows=(desk.row(DocumentState.RECEIPTED),))
    assert (await documents.load(pool, KEY)).state is DocumentState.RECEIPTED


@pytest.mark.parametrize("state", [state for state in DocumentState])
async def test_every_state_of_a_document_fits_its_table(pool: Pool, state: DocumentState) -> None:
    await start_campaign(pool)
    await Desk(pool).does("document_drafted", laid("点位-0000").model_copy(update={"state": state}))
    assert (await documents.load(pool, KEY)).state is state


# -- what an approved draft still concerns -----------------------------------------------------------------------------


async def test_approved_draft_concerns_overdue_sites_on_its_rung(pool: Pool) -> None:
    register = [one for one in await start_campaign(pool, sites=16) if one.city == "410400"]
    states: list[dict[str, Any]] = [
        {"rung": 3, "due_at": DUE},
        {"rung": 3, "due_at": DUE, "suspended": True},
        {"rung": 2, "due_at": DUE},  # extended, fallen back, and overdue again
        {"rung": 3, "due_at": DUE, "stage": "verifying", "level": "county"},  # its acceptance is late, not its work
        {"rung": 3, "due_at": DUE, "stage": "closed"},
        {"rung": 3, "due_at": DUE + timedelta(days=60)},
        {"rung": 3, "due_at": DUE},
        {"rung": 4, "due_at": DUE},
    ]
    for subject, state in zip(register, states, strict=True):
        await Recorder(pool).record(SiteDiary(subject).burst(**state))
    await Desk(pool).does("document_drafted", laid(*(one.id for one in register)))
    rung, listed = (await standings(pool, [KEY]))[KEY]
    assert rung == 3 and len(listed) == 8
    assert still_overdue(rung, listed, DUE + timedelta(days=30)) == (register[0].id, register[6].id)
    assert still_overdue(rung, listed, DUE) == (), "the due day counts in full"
    assert await still_open(pool, [KEY]) == {KEY: 7}
    assert await standings(pool, []) == {}
    (entry,) = await read_document_file(pool, "henan")
    assert entry.open_sites is None, "a draft is not lifted"


async def test_a_draft_without_sites_is_known_and_concerns_none(pool: Pool) -> None:
    await start_campaign(pool)
    await Desk(pool).does("document_drafted", laid())
    assert await standings(pool, [KEY, "henan/no-such"]) == {KEY: (3, [])}


async def test_sites_blocking_lifting_counted_when_document_read(pool: Pool) -> None:
    first, second, *_ = [one for one in await start_campaign(pool, sites=8) if one.city == "410400"]
    desk, diaries = Desk(pool), {one.id: SiteDiary(one) for one in (first, second)}
    await desk.does("document_issued", issued(*diaries))
    listed = desk.row(DocumentState.ISSUED, lifting="sites_closed")
    await desk.does("document_signed", rows=(listed,))
    for closed, diary in enumerate(diaries.values()):
        (entry,) = await read_document_file(pool, "henan")
        assert entry.open_sites == 2 - closed, "no row of the document has changed since"
        await Recorder(pool).record(diary.burst(stage="closed"))
    (entry,) = await read_document_file(pool, "henan")
    assert entry.open_sites == 0
    await desk.does("document_lifted", rows=(desk.row(DocumentState.LIFTED, lifting="sites_closed", lifted_at=START),))
    (entry,) = await read_document_file(pool, "henan")
    assert entry.open_sites is None


async def test_followup_documents_list_and_notify_sites_of_original(pool: Pool) -> None:
    register = [one for one in await start_campaign(pool, sites=8) if one.city == "410400"]
    for subject in register[:3]:
        climbed = Notice(
            key=f"{subject.id}:circular", site_id=subject.id, kind="circular", rung=3, at=START, data={"round": 2}
        )
        await Recorder(pool).record(SiteDiary(subject).burst(1, (climbed,)))
    (lot,) = await gather(pool, "henan", "410400", START, lambda kind, rung: KEY)
    assert lot.sites == tuple(one.id for one in register[:3])
    desk = Desk(pool)
    await desk.does("document_drafted", laid(*lot.sites))
    assert len(await read_notice_lines(pool, "henan", laid(*lot.sites))) == 3
    await desk.does("document_issued", issued(*lot.sites[1:]))

    published = issued().model_copy(update={"key": KEY})
    lines = await read_notice_lines(pool, "henan", published)
    assert [line.site_id for line in lines] == list(lot.sites[1:])
    assert await proposals_of(pool, "henan", KEY, ()) == [(site, 2, 1) for site in lot.sites[1:]]
    assert await proposals_of(pool, "henan", KEY, lot.sites[:1]) == [(lot.sites[0], 2, 1)], "who is named is told"


async def test_gathered_unissued_lot_returned_again_under_its_key(pool: Pool) -> None:
    first, *_ = await start_campaign(pool)
    told = Notice(key="a", site_id=first.id, kind="circular", rung=3, at=START, data={"round": 1})
    briefing = Notice(key="b", site_id=None, city="410400", kind="briefing", rung=2, at=START, data={"week": 2})
    await Recorder(pool).record(SiteDiary(first).burst(1, (told, briefing)))

    def key_of(day: int) -> Any:
        return lambda kind, rung: f"henan/410400:{kind}:{rung}:day-{day}"

    lost = await gather(pool, "henan", "410400", START, key_of(1))
    again = await gather(pool, "henan", "410400", START + timedelta(days=1), key_of(2))
    assert again == lost
    assert [(lot.kind, lot.sites, lot.data) for lot in again] == [
        ("briefing", (), {"week": 2}), ("circular", (first.id,), {}),
    ]  # fmt: skip
    drafted = laid(first.id).model_copy(update={"key": "henan/410400:circular:3:day-1"})
    await Desk(pool).does("document_drafted", drafted)
    later = await gather(pool, "henan", "410400", START + timedelta(days=2), key_of(3))
    assert [lot.kind for lot in later] == ["briefing"], "a draft has taken its notices"


async def test_repeated_batch_does_not_create_second_delivery(pool: Pool, superuser: Connection) -> None:
    await start_campaign(pool)
    desk = Desk(pool)
    burst = await desk.does("document_issued", issued("点位-0000"))
    await superuser.execute("update delivery set state = 'sent', attempts = 3 where channel = 'e-mail'")
    await desk.record(burst)
    ways = await superuser.fetch("select state, attempts from delivery order by channel")
    assert [tuple(way) for way in ways] == [("sent", 3), ("waiting", 0)]
