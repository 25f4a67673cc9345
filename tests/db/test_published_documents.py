"""The documents that simulated people read: each draft and each issued document is returned once."""

from datetime import timedelta

from schemas.documents.document import DocumentState
from simulation.rehearsal.database import NewDocuments
from storage.connections import Pool
from storage.documents import new_documents
from tests.support.filed_documents import ISSUED, order, put
from tests.support.small_campaign import start_campaign

DRAFTED, OUT = DocumentState.DRAFTED, DocumentState.ISSUED


async def read(board: NewDocuments) -> list[tuple[str, DocumentState]]:
    return [(document.key, document.state) for document in await board.read_new()]


async def test_a_document_is_news_once_however_far_it_has_come(pool: Pool) -> None:
    await start_campaign(pool)
    board = NewDocuments(pool, "henan", ISSUED)
    first = await put(pool, "first", progress=order())
    assert await read(board) == [(first, OUT)]
    for state in ("sent", "receipted", "replied", "lifted"):
        await pool.execute("update document set state = $1 where key = $2", state, first)
        assert await read(board) == []
    second = await put(pool, "second", state=DocumentState.REPLIED, days=1)
    assert await read(board) == [(second, OUT)]


async def test_draft_published_again_when_issued_not_when_rejected(pool: Pool) -> None:
    await start_campaign(pool)
    board = NewDocuments(pool, "henan", ISSUED)
    one, other = await put(pool, "one", state=DRAFTED), await put(pool, "other", state=DRAFTED)
    assert await read(board) == [(one, DRAFTED), (other, DRAFTED)]
    await pool.execute("update document set state = 'issued', issued_at = $1 where key = $2", ISSUED, one)
    await pool.execute("update document set state = 'rejected' where key = $1", other)
    assert await read(board) == [(one, OUT)]
    assert await read(board) == []


async def test_late_city_documents_read_other_campaigns_excluded(pool: Pool) -> None:
    await start_campaign(pool)
    await start_campaign(pool, campaign="other", number="2号")
    board = NewDocuments(pool, "henan", ISSUED)
    newest = await put(pool, "newest", days=20)
    assert await read(board) == [(newest, OUT)]
    late = await put(pool, "late", days=17, city="410600")
    await put(pool, "of-another", days=20, campaign="other")
    assert await read(board) == [(late, OUT)]


async def test_what_is_read_says_what_was_asked_for(pool: Pool) -> None:
    await start_campaign(pool)
    key = await put(pool, "order", progress=order(), number="豫公督〔2021〕1号", data={"key": "of a draft"})
    (document,) = await new_documents(pool, "henan", ISSUED - timedelta(days=1), ())
    assert (document.key, document.city, document.kind, document.rung) == (key, "410400", "supervision_order", 2)
    assert (document.issued_at, document.data, document.progress) == (ISSUED, {"key": "of a draft"}, order())
