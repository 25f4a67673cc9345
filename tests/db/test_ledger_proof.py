"""Changes of the ledger are refused by rights and trigger, and the proof detects those that a superuser made."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from schemas.errors import LedgerBroken, NotFound
from schemas.ledger import CampaignRow, RecordBatch
from storage import ledger
from storage.chain import Snapshot
from storage.connections import Connection, Pool
from storage.recorder import Recorder
from tests.support.small_campaign import START, Diary, SiteDiary, start_campaign

STATEMENTS = ("update ledger set kind = 'closed'", "delete from ledger", "truncate ledger")


class LiveBoard(Diary):
    """Records an anchor of all entries in the campaign's stream."""

    def __init__(self) -> None:
        super().__init__("campaign/henan")

    async def anchor(self, pool: Pool, recorder: Recorder) -> None:
        heads = await ledger.heads(pool, "henan")
        entry = self.write("anchored", heads._asdict())
        row = CampaignRow(seq=entry.seq, state="running", issued_at=START, closed_at=None)
        await recorder.record(
            RecordBatch(campaign_id="henan", subject="campaign", city=None, entries=(entry,), campaign_row=row)
        )


@asynccontextmanager
async def by_force(superuser: Connection) -> AsyncIterator[Connection]:
    """Disables the trigger, as an intruder with all rights could."""
    await superuser.execute("alter table ledger disable trigger ledger_append_only")
    yield superuser
    await superuser.execute("alter table ledger enable trigger ledger_append_only")


@pytest.fixture
async def history(pool: Pool) -> list[SiteDiary]:
    """Six sites with five entries each, an anchor after the third and one after the fifth, then one more entry."""
    diaries = [SiteDiary(site) for site in await start_campaign(pool, sites=6)]
    recorder, board = Recorder(pool), LiveBoard()
    for round_ in range(6):
        if round_ in (3, 5):
            await board.anchor(pool, recorder)
        await asyncio.gather(*(recorder.record(diary.burst()) for diary in diaries))
    return diaries


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_the_application_may_not_change_the_ledger(pool: Pool, history: object, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await pool.execute(statement)


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_not_even_the_owner_may_change_it(superuser: Connection, history: object, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await superuser.execute(statement)


async def test_an_honest_ledger_is_proved(pool: Pool, history: object) -> None:
    heard: list[int] = []
    assert await ledger.verify(pool, "henan", heard.append) == (7, 38, 2)
    assert heard[-1] == 38


async def test_an_unknown_campaign_is_not_proved(pool: Pool) -> None:
    with pytest.raises(NotFound, match="no such campaign"):
        await ledger.verify(pool, "hunan")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("kind = 'closed'", "seq 2: hash does not match"),
        ("at = at + interval '1 microsecond'", "seq 2: hash does not match"),
        ("received_at = received_at - interval '1 day'", "seq 2: hash does not match"),
        ("actor = replace(actor, 'engine', 'nobody')", "seq 2: hash does not match"),
        ("data = replace(data, '0.1', '0.2')", "seq 2: hash does not match"),
        ("data = data || ' '", "seq 2: hash does not match"),
        ("hash = repeat('0', 64)", "seq 2: hash does not match"),
        ("prev_hash = repeat('0', 64)", "seq 2: prev_hash"),
        ("seq = 99", "seq 2: missing"),
        ("stream = 'site/henan/elsewhere'", "elsewhere seq 1: missing"),
        ("campaign_id = 'hunan'", "seq 2: missing"),
    ],
)
async def test_each_changed_field_is_found(
    pool: Pool, superuser: Connection, history: list[SiteDiary], change: str, found: str
) -> None:
    async with by_force(superuser) as intruder:
        await intruder.execute(f"update ledger set {change} where stream = $1 and seq = 2", history[3].stream)
    with pytest.raises(LedgerBroken, match=found):
        await ledger.verify(pool, "henan")


async def test_a_deleted_entry_in_the_middle_is_found(
    pool: Pool, superuser: Connection, history: list[SiteDiary]
) -> None:
    async with by_force(superuser) as intruder:
        await intruder.execute("delete from ledger where stream = $1 and seq = 4", history[2].stream)
    with pytest.raises(LedgerBroken, match=f"stream {history[2].stream} seq 4: missing"):
        await ledger.verify(pool, "henan")


async def test_a_deleted_end_is_found_by_the_state_table(
    pool: Pool, superuser: Connection, history: list[SiteDiary]
) -> None:
    async with by_force(superuser) as intruder:
        await intruder.execute("delete from ledger where stream = $1 and seq = 6", history[2].stream)
    with pytest.raises(LedgerBroken, match=f"stream {history[2].stream} seq 6: missing, though the state table"):
        await ledger.verify(pool, "henan")


@pytest.mark.parametrize(("last", "anchor"), [(2, 1), (4, 2)])
async def test_ledger_truncation_with_forged_state_found_by_anchor(
    pool: Pool, superuser: Connection, history: list[SiteDiary], last: int, anchor: int
) -> None:
    async with by_force(superuser) as intruder:
        await intruder.execute("delete from ledger where stream = $1 and seq > $2", history[2].stream, last)
        await intruder.execute("update site set seq = $2 where site_id = $1", history[2].subject.id, last)
    with pytest.raises(LedgerBroken, match=f"stream campaign/henan seq {anchor}: its digest does not hold"):
        await ledger.verify(pool, "henan")


async def test_a_deleted_stream_is_found_by_the_anchor(
    pool: Pool, superuser: Connection, history: list[SiteDiary]
) -> None:
    async with by_force(superuser) as intruder:
        await intruder.execute("delete from ledger where stream = $1", history[0].stream)
        await intruder.execute("update site set seq = 0 where site_id = $1", history[0].subject.id)
    with pytest.raises(LedgerBroken, match="seq 1: its digest does not hold; it anchored 18 entries in 6 streams"):
        await ledger.verify(pool, "henan")


async def test_ledger_stream_rewrite_with_valid_chain_found_by_anchor(
    pool: Pool, superuser: Connection, history: list[SiteDiary]
) -> None:
    forged = Diary(history[1].stream)
    for _ in range(6):
        forged.write("task_reported", {"note": "never happened"})
    async with by_force(superuser) as intruder:
        for entry in forged.entries:
            await intruder.execute(
                "update ledger set data = $3, at = $4, received_at = $4, prev_hash = $5, hash = $6, kind = $7 "
                "where stream = $1 and seq = $2",
                entry.stream, entry.seq, entry.data, entry.at, entry.prev_hash, entry.hash, entry.kind,
            )  # fmt: skip
    with pytest.raises(LedgerBroken, match="seq 1: its digest does not hold"):
        await ledger.verify(pool, "henan")


async def test_a_forged_anchor_is_found(pool: Pool, superuser: Connection, history: list[SiteDiary]) -> None:
    async with by_force(superuser) as intruder:
        await intruder.execute("update ledger set data = '{}' where kind = 'anchored' and seq = 2")
    with pytest.raises(LedgerBroken, match="stream campaign/henan seq 2: hash does not match"):
        await ledger.verify(pool, "henan")


async def test_an_anchor_taken_while_others_record_holds(pool: Pool) -> None:
    diaries = [SiteDiary(site) for site in await start_campaign(pool, sites=10)]
    recorder, board = Recorder(pool), LiveBoard()

    async def life(diary: SiteDiary) -> None:
        for _ in range(20):
            await recorder.record(diary.burst())

    async def anchors() -> None:
        own = Recorder(pool)
        for _ in range(8):
            await board.anchor(pool, own)

    await asyncio.gather(anchors(), *(life(diary) for diary in diaries))
    assert await ledger.verify(pool, "henan") == (11, 208, 8)


async def test_what_was_in_progress_is_not_in_the_anchor(pool: Pool, superuser: Connection) -> None:
    first, second, third, _ = await start_campaign(pool)
    recorder, board = Recorder(pool), LiveBoard()
    await recorder.record(SiteDiary(first).burst())
    late = SiteDiary(second).write("task_reported")
    async with superuser.transaction():
        await superuser.execute(
            "insert into ledger (stream, seq, kind, at, received_at, actor, data, prev_hash, hash, campaign_id) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'henan')",
            *late.model_dump().values(),
        )
        await recorder.record(SiteDiary(third).burst())
        await board.anchor(pool, recorder)
    assert await ledger.verify(pool, "henan") == (4, 4, 1)


async def test_a_snapshot_sees_what_postgres_says_it_sees(superuser: Connection) -> None:
    for text in ("100:100:", "100:110:100,104,109", "5:6:5"):
        snapshot = Snapshot.parse(text)
        for txid in (1, 4, 5, 6, 99, 100, 101, 104, 109, 110, 111):
            said = await superuser.fetchval(
                "select pg_visible_in_snapshot($1::text::xid8, $2::text::pg_snapshot)", str(txid), text
            )
            assert snapshot.sees(txid) == said


async def test_ledger_export_verifiable_with_json_and_sha256_only(pool: Pool, history: object) -> None:
    lines = [ledger.export_line(entry) async for entry in ledger.export(pool, "henan")]
    last: dict[str, str] = {}
    for line in lines:
        entry = json.loads(line)
        assert sorted(entry) == ["actor", "at", "data", "hash", "kind", "prev_hash", "received_at", "seq", "stream"]
        claimed, prev_hash = entry.pop("hash"), entry.pop("prev_hash")
        assert prev_hash == last.get(entry["stream"], "")
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(f"{prev_hash}\n{text}".encode()).hexdigest() == claimed
        last[entry["stream"]] = claimed
    assert len(lines) == 38


async def test_exporting_an_unknown_campaign_says_so(pool: Pool) -> None:
    with pytest.raises(NotFound):
        [entry async for entry in ledger.export(pool, "hunan")]
