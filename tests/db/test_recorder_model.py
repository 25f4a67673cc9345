"""Property: with any repetition, order and concurrency of calls, Postgres equals a model in memory."""

import asyncio
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import LedgerBroken
from schemas.ledger import LedgerEntry, RecordBatch, SiteRow
from storage import ledger
from storage.connections import Pool
from storage.recorder import Recorder
from tests.support.budget import examples
from tests.support.small_campaign import SiteDiary, notice, start_campaign

SITES = 4
STAGES = ("rectifying", "verifying", "closed", "carried_over")
runs = count()

# Per site: batches of so many entries, each with a stage and perhaps a notice.
lives = st.lists(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from(STAGES), st.booleans()), max_size=5),
    min_size=SITES,
    max_size=SITES,
)
# Rounds of concurrent calls; each picks a batch by a number, modulo the number of batches.
schedules = st.lists(st.lists(st.integers(0, 1000), min_size=1, max_size=8), max_size=6)


class Model:
    """The model of recording, in memory."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, int], LedgerEntry] = {}
        self.states: dict[str, SiteRow] = {}
        self.notices: set[str] = set()

    def may_follow(self, batch: RecordBatch) -> bool:
        """Whether the entry before the batch's first is recorded."""
        first = batch.entries[0]
        return first.seq == 1 or (first.stream, first.seq - 1) in self.entries

    def record(self, batch: RecordBatch) -> None:
        for entry in batch.entries:
            self.entries.setdefault((entry.stream, entry.seq), entry)
        assert batch.site is not None
        known = self.states.get(batch.site.site_id)
        if known is None or known.seq < batch.site.seq:
            self.states[batch.site.site_id] = batch.site
        self.notices |= {one.key for one in batch.notices}


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=lives, schedule=schedules, workers=st.integers(1, 3))
async def test_recording_is_a_dictionary(
    pool: Pool, lives: list[list[tuple[int, str, bool]]], schedule: list[list[int]], workers: int
) -> None:
    campaign = f"run-{next(runs)}"
    register = await start_campaign(pool, sites=SITES, campaign=campaign, number=campaign)
    batches: list[RecordBatch] = []
    for site, life in zip(register, lives, strict=True):
        diary = SiteDiary(site, campaign)
        for entries, stage, noticed in life:
            key = f"{site.id}:{len(diary.entries)}"
            batches.append(diary.burst(entries, (notice(key, site.id),) if noticed else (), stage=stage))

    model, recorders = Model(), [Recorder(pool) for _ in range(workers)]
    for moment in schedule if batches else []:
        picked = [batches[pick % len(batches)] for pick in moment]
        chosen = [batch for batch in picked if model.may_follow(batch)]
        for batch in picked:
            if not model.may_follow(batch):
                with pytest.raises(LedgerBroken):
                    await recorders[0].record(batch)
        await asyncio.gather(*(recorders[at % workers].record(batch) for at, batch in enumerate(chosen)))
        for batch in chosen:
            model.record(batch)

    for site in register:
        stream = f"site/{campaign}/{site.id}"
        expected = [model.entries[key] for key in sorted(model.entries) if key[0] == stream]
        assert await ledger.read_stream(pool, stream) == expected
    rows = await pool.fetch("select * from site where campaign_id = $1 and seq > 0", campaign)
    assert {row["site_id"]: SiteRow.model_validate(dict(row)) for row in rows} == model.states
    keys = await pool.fetch("select key from notice where campaign_id = $1", campaign)
    assert {row["key"] for row in keys} == model.notices
