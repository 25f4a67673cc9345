"""Sites that missed an update of a rung, and documents that no channel delivered: what a city queries daily."""

from datetime import timedelta

from schemas.documents.document import DocumentState
from schemas.ledger import Notice
from storage import deliveries
from storage.connections import Pool
from storage.notices import gather, missed_updates, standings_of
from storage.recorder import Recorder
from tests.db.test_documents import DUE, KEY, Desk, issued, laid
from tests.support.small_campaign import START, SiteDiary, start_campaign

LATER = START + timedelta(days=10)


async def waiting_on_the_circular(pool: Pool) -> tuple[Desk, dict[str, SiteDiary]]:
    """Three sites on a rung that waits for approval; the second has its second proposal."""
    register = [one for one in await start_campaign(pool, sites=8) if one.city == "410400"][:3]
    diaries = {one.id: SiteDiary(one) for one in register}
    for place, (site, diary) in enumerate(diaries.items()):
        again = {"proposal": 2} if place == 1 else {}
        climbed = Notice(
            key=f"{site}:circular", site_id=site, kind="circular", rung=3, at=START, data={"round": 1, **again}
        )
        await Recorder(pool).record(diary.burst(1, (climbed,), rung=3, rung_waits=True, due_at=DUE))
    await gather(pool, "henan", "410400", START, lambda kind, rung: KEY)
    desk = Desk(pool)
    await desk.does("document_drafted", laid(*diaries))
    return desk, diaries


async def test_nobody_is_told_again_while_the_document_is_a_draft(pool: Pool) -> None:
    await waiting_on_the_circular(pool)
    assert await missed_updates(pool, "henan", "410400", LATER) == []


async def test_site_waiting_after_issue_notified_whether_listed(pool: Pool) -> None:
    desk, diaries = await waiting_on_the_circular(pool)
    first, second, third = diaries
    await desk.does("document_issued", issued(first, second))
    await Recorder(pool).record(diaries[first].burst(rung=3, rung_waits=False, due_at=DUE))  # this one was updated
    news = await missed_updates(pool, "henan", "410400", LATER)
    assert [(one.site_id, one.proposal, one.issued) for one in news] == [(second, 2, True), (third, 1, False)]
    assert all(one.document == KEY and one.rung == 3 for one in news)
    assert news[0].issued_at == START + timedelta(days=3)
    assert await missed_updates(pool, "henan", "410600", LATER) == []
    assert await missed_updates(pool, "henan", "410400", START + timedelta(days=3)) == [], "it may be on its way"


async def test_site_waiting_after_rejection_notified_with_reason(pool: Pool) -> None:
    desk, diaries = await waiting_on_the_circular(pool)
    rejected = desk.row(DocumentState.REJECTED, approver="厅长", decision_reason="材料不全")
    await desk.does("document_rejected", rows=(rejected,))
    news = await missed_updates(pool, "henan", "410400", LATER)
    assert [(one.site_id, one.issued, one.reason) for one in news] == [(site, False, "材料不全") for site in diaries]


async def test_a_closed_site_waits_for_no_news(pool: Pool) -> None:
    desk, diaries = await waiting_on_the_circular(pool)
    await desk.does("document_issued", issued(*diaries))
    for diary in diaries.values():
        await Recorder(pool).record(diary.burst(stage="closed", rung=3, rung_waits=False))
    assert await missed_updates(pool, "henan", "410400", LATER) == []


async def test_document_unreached_until_delivered_beyond_outbox(pool: Pool) -> None:
    desk, diaries = await waiting_on_the_circular(pool)
    await desk.does("document_issued", issued(*diaries))
    assert await deliveries.unreached(pool, [KEY, "henan/no-such"]) == (KEY,)
    await deliveries.mark_sent(pool, KEY, "outbox", "written", START)
    assert await deliveries.unreached(pool, [KEY]) == (KEY,)
    await deliveries.mark_dead(pool, KEY, "e-mail", "refused", START)
    assert await deliveries.unreached(pool, [KEY]) == (KEY,), "a dead letter has reached nobody"
    await deliveries.wait_again(pool, KEY, "e-mail")
    await deliveries.mark_sent(pool, KEY, "e-mail", "sent", START)
    assert await deliveries.unreached(pool, [KEY]) == ()


async def test_the_sites_of_a_lot_are_told_as_they_stand(pool: Pool) -> None:
    _, diaries = await waiting_on_the_circular(pool)
    found = await standings_of(pool, "henan", [*diaries, "点位-9999"])
    assert [(one.site_id, one.stage, one.rung, one.due_at) for one in found] == [
        (site, "rectifying", 3, DUE) for site in sorted(diaries)
    ]


async def test_reproposed_site_waits_for_newer_document_only(pool: Pool) -> None:
    desk, diaries = await waiting_on_the_circular(pool)
    rejected = desk.row(DocumentState.REJECTED, approver="厅长", decision_reason="材料不全")
    await desk.does("document_rejected", rows=(rejected,))
    first = next(iter(diaries))
    again = Notice(
        key=f"{first}:circular:again", site_id=first, kind="circular", rung=3, at=START + timedelta(days=6),
        data={"round": 1, "proposal": 2},
    )  # fmt: skip
    await Recorder(pool).record(diaries[first].burst(1, (again,), rung=3, rung_waits=True, due_at=DUE))
    news = await missed_updates(pool, "henan", "410400", LATER)
    assert first not in [one.site_id for one in news] and len(news) == 2
