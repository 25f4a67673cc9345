"""Notices are assigned to documents exactly once; documents are loaded, listed and sent once."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from schemas.documents.document import Lot, PlannedDelivery
from schemas.errors import NotFound
from schemas.ledger import RecordBatch
from schemas.register import Site
from storage import documents
from storage.connections import Pool
from storage.deliveries import mark_sent
from storage.document_file import read_document_file
from storage.notices import gather
from storage.recorder import Recorder
from tests.support.small_campaign import START, Diary, SiteDiary, draft, notice, rendered, start_campaign


def lots_of(lots: list[Lot], day: int) -> list[tuple[str, int, tuple[str, ...]]]:
    """Kind, rung and sites of the lots for the documents of one day; those of days before were never issued."""
    return [(lot.kind, lot.rung, lot.sites) for lot in lots if lot.key == key_of(day)(lot.kind, lot.rung)]


def key_of(day: int) -> Callable[[str, int], str]:
    return lambda kind, rung: f"410400:{kind}:{rung}:day-{day}"


async def tell(pool: Pool, subject: Site, kind: str = "climbed", rung: int = 1, day: int = 0) -> None:
    key = f"{subject.id}:{kind}:{rung}:{day}"
    one = notice(key, subject.id, START + timedelta(days=day), kind, rung)
    await Recorder(pool).record(SiteDiary(subject).burst(1, (one,)).model_copy(update={"entries": (), "site": None}))


async def test_a_dispatch_takes_what_is_due_by_kind_and_rung(pool: Pool) -> None:
    register = await start_campaign(pool, sites=12)
    ours, theirs = register[::2], register[1]
    await tell(pool, ours[1])
    await tell(pool, ours[0])
    await tell(pool, ours[0], "climbed", 2)
    await tell(pool, ours[2], "reminded", 0)
    await tell(pool, ours[3], day=1)
    await tell(pool, theirs)

    first = await gather(pool, "henan", "410400", START, key_of(0))
    assert lots_of(first, 0) == [
        ("climbed", 1, (ours[0].id, ours[1].id)),
        ("climbed", 2, (ours[0].id,)),
        ("reminded", 0, (ours[2].id,)),
    ]
    second = await gather(pool, "henan", "410400", START + timedelta(days=1), key_of(1))
    assert lots_of(second, 1) == [("climbed", 1, (ours[3].id,))]
    assert [lot for lot in second if lot not in first] == [lot for lot in second if lot.sites == (ours[3].id,)]


async def test_gather_repeated_for_same_dispatch_returns_same_lots(pool: Pool) -> None:
    register = await start_campaign(pool, sites=8)
    await tell(pool, register[0])
    first = await gather(pool, "henan", "410400", START, key_of(0))
    await tell(pool, register[2])  # recorded late: its time is before a dispatch that has ended
    assert await gather(pool, "henan", "410400", START, key_of(0)) == first
    late = await gather(pool, "henan", "410400", START + timedelta(days=1), key_of(1))
    assert lots_of(late, 1) == [("climbed", 1, (register[2].id,))]


async def test_nothing_is_added_to_a_document_that_was_issued(pool: Pool) -> None:
    register = await start_campaign(pool)
    key = key_of(0)("climbed", 1)
    desk = RecordBatch(
        campaign_id="henan", subject="city", city="410400",
        entries=(Diary("city/henan/410400").write("document_issued"),), documents=(draft(key),),
    )  # fmt: skip
    await Recorder(pool).record(desk, [rendered(key)])
    await tell(pool, register[0])
    assert await gather(pool, "henan", "410400", START, key_of(0)) == []
    assert len(await gather(pool, "henan", "410400", START, key_of(1))) == 1


async def test_each_notice_goes_to_one_document_however_many_gather(pool: Pool) -> None:
    register = [one for one in await start_campaign(pool, sites=40) if one.city == "410400"]

    async def dispatches(worker: int) -> list[Lot]:
        return [
            lot for day in range(6) for lot in await gather(pool, "henan", "410400", START, key_of(worker * 100 + day))
        ]

    results = await asyncio.gather(
        *(dispatches(worker) for worker in range(4)), *(tell(pool, subject) for subject in register)
    )
    last = await gather(pool, "henan", "410400", START, key_of(999))
    seen = [(lot.key, lot.sites) for lots in results[:4] if lots for lot in lots] + [(o.key, o.sites) for o in last]
    taken = dict(seen)
    assert all(taken[key] == sites for key, sites in seen), "nothing is added to a lot that somebody has read"
    assert sorted(site_id for sites in taken.values() for site_id in sites) == [one.id for one in register]


async def test_a_document_is_sent_once(pool: Pool) -> None:
    await start_campaign(pool)
    diary = Diary("city/henan/410400")
    for number, code in enumerate(("410400", "410600", "410400")):
        letter = f"letter-{number}"
        desk = RecordBatch(
            campaign_id="henan", subject="city", city="410400", entries=(diary.write("document_issued"),),
            documents=(draft(letter, code).model_copy(update={"issued_at": START + timedelta(days=number)}),),
        )  # fmt: skip
        letters = rendered(letter).model_copy(update={"deliveries": (PlannedDelivery(channel="outbox"),)})
        await Recorder(pool).record(desk, [letters])

    assert await documents.undelivered(pool, "henan") == ["letter-0", "letter-1", "letter-2"]
    await mark_sent(pool, "letter-1", "outbox", "accepted", START)
    await mark_sent(pool, "letter-1", "outbox", "accepted", START + timedelta(days=9))
    sent = await documents.load(pool, "letter-1")
    assert (sent.state, sent.sent_at, sent.subject, sent.data) == ("sent", START, "督办函", {"n": 1})
    assert await documents.undelivered(pool, "henan") == ["letter-0", "letter-2"]
    assert [one.key for one in await read_document_file(pool, "henan", city="410400")] == ["letter-0", "letter-2"]
    assert len(await read_document_file(pool, "henan")) == 3


async def test_a_document_that_was_never_issued_is_not_found(pool: Pool) -> None:
    with pytest.raises(NotFound, match="letter-9: never issued"):
        await documents.load(pool, "letter-9")
