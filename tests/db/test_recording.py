"""Recording batches: as a whole, once, several in one commit; an invalid batch does not fail the others."""

import asyncio

import asyncpg
import pytest

from schemas.errors import InvalidInput, LedgerBroken, NotFound, Unreachable
from schemas.ledger import RecordBatch
from storage import documents, ledger
from storage.connections import Connection, Pool
from storage.recorder import Recorder
from storage.register import named_sites, read_site
from storage.spot_checks import counties_of
from storage.status import site_status
from tests.support.small_campaign import (
    START,
    Diary,
    SiteDiary,
    city_row,
    draft,
    notice,
    rendered,
    site_row,
    start_campaign,
)


async def dump(connection: Connection) -> list[list[tuple[object, ...]]]:
    """All columns that recording writes, except the operational ones."""
    return [
        [tuple(row.values()) for row in await connection.fetch(f"select * from {table} order by 1, 2")]
        for table in ("ledger", "site", "city", "campaign", "notice", "document")
    ]


async def test_batch_writes_ledger_state_notices_and_documents(pool: Pool) -> None:
    first, *_ = await start_campaign(pool)
    batch = SiteDiary(first).burst(2, (notice("a:climbed:1", first.id),), rung=1)
    batch = batch.model_copy(update={"documents": (draft("letter-1", sites=(first.id,)),)})
    await Recorder(pool).record(batch, [rendered("letter-1")])

    assert await ledger.read_stream(pool, f"site/henan/{first.id}") == list(batch.entries)
    state = await site_status(pool, "henan", first.id, START)
    assert (state.stage, state.rung, state.requirements, state.opened_at) == ("rectifying", 1, 3, START)
    document = await documents.load(pool, "letter-1")
    assert (document.sites, document.recipients[0].email) == ((first.id,), "city@example.org")
    assert await pool.fetchval("select count(*) from notice") == 1


async def test_state_row_moves_site_to_its_county(pool: Pool) -> None:
    first, second, *_ = await start_campaign(pool)
    recorder, diary = Recorder(pool), SiteDiary(first)
    await recorder.record(diary.burst(county="elsewhere"))
    await recorder.record(diary.burst(county=None))

    assert (await read_site(pool, "henan", first.id)).county == "elsewhere"
    assert (await site_status(pool, "henan", first.id, START)).site["county"] == "elsewhere"
    assert "elsewhere" in await counties_of(pool, "henan", first.city)
    assert "elsewhere" not in await counties_of(pool, "henan", "another city")
    known = await named_sites(pool, "henan", [first.id, second.id])
    assert known == {first.id: first.model_copy(update={"county": "elsewhere"}), second.id: second}


async def test_the_same_burst_again_changes_nothing(pool: Pool, superuser: Connection) -> None:
    first, *_ = await start_campaign(pool)
    diary = SiteDiary(first)
    early = diary.burst(1, (notice("a:climbed:1", first.id),))
    late = diary.burst(1, stage="closed").model_copy(update={"documents": (draft("letter-1"),)})
    recorder = Recorder(pool)
    await recorder.record(early)
    await recorder.record(late, [rendered("letter-1")])
    before = await dump(superuser)
    for batch in (late, early, late):
        await recorder.record(batch, [rendered("letter-1")])
    assert await dump(superuser) == before


async def test_an_older_state_never_overwrites_a_newer_one(pool: Pool) -> None:
    first, *_ = await start_campaign(pool)
    diary = SiteDiary(first)
    older, newer = diary.burst(stage="rectifying"), diary.burst(stage="verifying")
    recorder = Recorder(pool)
    await asyncio.gather(recorder.record(newer), recorder.record(older))
    assert (await site_status(pool, "henan", first.id, START)).stage == "verifying"


async def test_city_and_campaign_states_are_written_too(pool: Pool) -> None:
    await start_campaign(pool)
    city = RecordBatch(
        campaign_id="henan", subject="city", city="410400",
        entries=(Diary("city/henan/410400").write("deployment_approved"),), city_row=city_row("410400", 1),
    )  # fmt: skip
    await Recorder(pool).record(city)
    row = await pool.fetchrow("select deployment, opened, seq from city where code = '410400'")
    assert row is not None and tuple(row) == ("approved", True, 1)


async def test_many_callers_at_once_are_all_recorded(pool: Pool) -> None:
    register = await start_campaign(pool, sites=40)
    recorder = Recorder(pool)

    async def life(diary: SiteDiary) -> None:
        for _ in range(10):
            await recorder.record(diary.burst(2))

    diaries = [SiteDiary(site) for site in register]
    await asyncio.gather(*(life(diary) for diary in diaries))
    assert (await ledger.verify(pool, "henan"))[:2] == (40, 800)
    for diary in diaries:
        assert await ledger.read_stream(pool, diary.stream) == diary.entries


async def test_conflicting_history_refused_and_other_batches_recorded(pool: Pool) -> None:
    register = await start_campaign(pool, sites=20)
    recorder = Recorder(pool)
    await recorder.record(SiteDiary(register[7]).burst())
    forged = Diary(f"site/henan/{register[7].id}")
    forged.write("closed")
    conflict = RecordBatch(campaign_id="henan", subject="site", city="410600", entries=tuple(forged.entries))

    others = [SiteDiary(site) for site in register if site is not register[7]]
    calls = [recorder.record(diary.burst()) for diary in others]
    calls.insert(10, recorder.record(conflict))
    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    broken = outcomes.pop(10)
    assert isinstance(broken, LedgerBroken) and f"site/henan/{register[7].id} seq 1" in str(broken)
    assert outcomes == [None] * 19
    assert (await ledger.verify(pool, "henan")).entries == 20


async def test_two_histories_in_one_batch_are_told_apart(pool: Pool) -> None:
    first, *_ = await start_campaign(pool)
    forged = Diary(f"site/henan/{first.id}")
    forged.write("closed")
    conflict = RecordBatch(campaign_id="henan", subject="site", city="410400", entries=tuple(forged.entries))
    recorder = Recorder(pool)
    outcomes = await asyncio.gather(
        recorder.record(SiteDiary(first).burst()), recorder.record(conflict), return_exceptions=True
    )
    assert outcomes[0] is None and isinstance(outcomes[1], LedgerBroken)


async def test_concurrent_recorders_of_same_batch_write_it_once(pool: Pool) -> None:
    register = await start_campaign(pool, sites=10)
    batches = [SiteDiary(site).burst() for site in register]
    recorders = [Recorder(pool) for _ in range(4)]
    await asyncio.gather(*(recorder.record(batch) for batch in batches for recorder in recorders))
    assert (await ledger.verify(pool, "henan")).entries == 10


async def test_a_burst_of_an_unknown_site_leaves_nothing_behind(pool: Pool) -> None:
    first, *_ = await start_campaign(pool)
    stranger = first.model_copy(update={"id": "elsewhere"})
    with pytest.raises(NotFound, match="site henan/elsewhere"):
        await Recorder(pool).record(SiteDiary(stranger).burst())
    assert await pool.fetchval("select count(*) from ledger") == 0


async def test_a_stage_that_does_not_exist_leaves_nothing_behind(pool: Pool) -> None:
    first, *_ = await start_campaign(pool)
    with pytest.raises(asyncpg.CheckViolationError):
        await Recorder(pool).record(SiteDiary(first).burst(stage="forgotten"))
    assert await pool.fetchval("select count(*) from ledger") == 0


async def test_a_document_without_its_text_is_refused(pool: Pool) -> None:
    first, *_ = await start_campaign(pool)
    batch = SiteDiary(first).burst().model_copy(update={"documents": (draft("letter-1"),)})
    with pytest.raises(InvalidInput, match="letter-1"):
        await Recorder(pool).record(batch)


async def test_a_document_answers_the_waiting_notices_of_its_sites(pool: Pool) -> None:
    first, _, third, _ = await start_campaign(pool)
    recorder = Recorder(pool)
    for subject in (first, third):
        await recorder.record(SiteDiary(subject).burst(1, (notice(f"{subject.id}:climbed:1", subject.id),)))
    desk = RecordBatch(
        campaign_id="henan", subject="city", city="410400",
        entries=(Diary("city/henan/410400").write("document_issued"),),
        documents=(draft("letter-1", sites=(first.id,)),),
    )  # fmt: skip
    await recorder.record(desk, [rendered("letter-1")])
    answered = await pool.fetch("select site_id, document_key from notice order by site_id")
    assert [tuple(row) for row in answered] == [(first.id, "letter-1"), (third.id, None)]


async def test_a_caller_that_gives_up_does_not_disturb_the_others(pool: Pool) -> None:
    register = await start_campaign(pool, sites=3)
    recorder = Recorder(pool)
    calls = [asyncio.create_task(recorder.record(SiteDiary(site).burst())) for site in register]
    await asyncio.sleep(0)
    calls[1].cancel()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert outcomes[0] is None and outcomes[2] is None and isinstance(outcomes[1], asyncio.CancelledError)


async def test_a_lost_connection_is_said_and_the_next_call_works(pool: Pool, superuser: Connection) -> None:
    first, *_ = await start_campaign(pool)
    recorder = Recorder(pool)
    batch = SiteDiary(first).burst()
    await superuser.execute("begin; lock table ledger in access exclusive mode")
    call = asyncio.create_task(recorder.record(batch))
    for _ in range(500):
        if await superuser.fetchval("select exists (select from pg_locks where not granted)"):
            break
        await asyncio.sleep(0.01)
    await superuser.execute(
        "select pg_terminate_backend(pid) from pg_locks where not granted and pid <> pg_backend_pid()"
    )
    with pytest.raises(Unreachable, match="while recording"):
        await call
    await superuser.execute("rollback")
    await recorder.record(batch)
    assert await ledger.read_stream(pool, f"site/henan/{first.id}") == list(batch.entries)


async def test_closing_records_what_is_waiting_and_takes_no_more(pool: Pool) -> None:
    first, second, *_ = await start_campaign(pool)
    recorder = Recorder(pool)
    call = asyncio.create_task(recorder.record(SiteDiary(first).burst()))
    await asyncio.sleep(0)
    await recorder.close()
    await call
    with pytest.raises(Unreachable, match="closed"):
        await recorder.record(SiteDiary(second).burst())


async def test_a_state_row_alone_is_guarded_by_its_seq(pool: Pool) -> None:
    first, *_ = await start_campaign(pool)
    recorder = Recorder(pool)
    for seq, stage in ((3, "verifying"), (2, "rectifying"), (3, "closed")):
        bare = RecordBatch(
            campaign_id="henan", subject="site", city="410400", entries=(), site=site_row(first.id, seq, stage=stage)
        )
        await recorder.record(bare)
    assert (await site_status(pool, "henan", first.id, START)).stage == "verifying"
