"""Whatever is repeated, reordered and interleaved: Postgres ends up as a dictionary would."""

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

# Per site: bursts of so many entries, each with a stage and perhaps a notice.
lives = st.lists(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from(STAGES), st.booleans()), max_size=5),
    min_size=SITES,
    max_size=SITES,
)
# Rounds of calls made at the same moment; each picks a burst by a number, taken modulo how many there are.
schedules = st.lists(st.lists(st.integers(0, 1000), min_size=1, max_size=8), max_size=6)


class Model:
    """What recording means, without a database."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, int], LedgerEntry] = {}
        self.states: dict[str, SiteRow] = {}
        self.notices: set[str] = set()

    def may_follow(self, burst: RecordBatch) -> bool:
        """Whether the entry before the burst's first is recorded."""
        first = burst.entries[0]
        return first.seq == 1 or (first.stream, first.seq - 1) in self.entries

    def record(self, burst: RecordBatch) -> None:
        for entry in burst.entries:
            self.entries.setdefault((entry.stream, entry.seq), entry)
        assert burst.site is not None
        known = self.states.get(burst.site.site_id)
        if known is None or known.seq < burst.site.seq:
            self.states[burst.site.site_id] = burst.site
        self.notices |= {one.key for one in burst.notices}


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=lives, schedule=schedules, workers=st.integers(1, 3))
async def test_recording_is_a_dictionary(
    pool: Pool, lives: list[list[tuple[int, str, bool]]], schedule: list[list[int]], workers: int
) -> None:
    campaign = f"run-{next(runs)}"
    register = await start_campaign(pool, sites=SITES, campaign=campaign, number=campaign)
    bursts: list[RecordBatch] = []
    for site, life in zip(register, lives, strict=True):
        diary = SiteDiary(site, campaign)
        for entries, stage, noticed in life:
            key = f"{site.id}:{len(diary.entries)}"
            bursts.append(diary.burst(entries, (notice(key, site.id),) if noticed else (), stage=stage))

    model, recorders = Model(), [Recorder(pool) for _ in range(workers)]
    for moment in schedule if bursts else []:
        picked = [bursts[pick % len(bursts)] for pick in moment]
        chosen = [burst for burst in picked if model.may_follow(burst)]
        for burst in picked:
            if not model.may_follow(burst):
                with pytest.raises(LedgerBroken):
                    await recorders[0].record(burst)
        await asyncio.gather(*(recorders[at % workers].record(burst) for at, burst in enumerate(chosen)))
        for burst in chosen:
            model.record(burst)

    for site in register:
        stream = f"site/{campaign}/{site.id}"
        expected = [model.entries[key] for key in sorted(model.entries) if key[0] == stream]
        assert await ledger.read_stream(pool, stream) == expected
    rows = await pool.fetch("select * from site where campaign_id = $1 and seq > 0", campaign)
    assert {row["site_id"]: SiteRow.model_validate(dict(row)) for row in rows} == model.states
    keys = await pool.fetch("select key from notice where campaign_id = $1", campaign)
    assert {row["key"] for row in keys} == model.notices
