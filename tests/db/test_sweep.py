"""Patches and clues in Postgres: stored once, listed with how the ledger says that they were settled."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.clock import Clock
from schemas.errors import Refused
from schemas.ledger import RecordBatch
from schemas.options.sweep import Outcome, Patch
from storage.campaigns import create_campaign
from storage.connections import Pool
from storage.recorder import Recorder
from storage.sweep import add_patches, list_patches
from tests.support.small_campaign import Diary, frozen_plan, site

NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)
ACTOR = '{"id":"wang","role":"province","unit":"河南省"}'


def patch(id_: str, **changes: Any) -> Patch:
    usual = {"batch": "B1", "source": "GF-2", "city": "410400", "county": "鲁山县", "place": "北坡", "area_ha": 0.5}
    return Patch(id=id_, **(usual | changes))


@pytest.fixture
async def campaign(pool: Pool) -> str:
    await create_campaign(pool, frozen_plan(), [site(1, "410400")], Clock())
    return "henan"


async def test_batch_is_stored_once_and_refused_when_it_differs(pool: Pool, campaign: str) -> None:
    batch = [patch("A"), patch("B")]
    for _ in range(2):
        await add_patches(pool, campaign, batch, ACTOR, NOW)
    for other in ([patch("A"), patch("B", place="南坡")], [patch("A")], [patch("C"), patch("A", batch="B2")]):
        with pytest.raises(Refused, match="with another content"):
            await add_patches(pool, campaign, other, ACTOR, NOW)

    assert [one.patch for one in await list_patches(pool, campaign)] == batch


async def test_list_says_how_and_when_each_was_settled(pool: Pool, campaign: str) -> None:
    clue = patch("C", batch="clue", clue=True, note="旧案卷")
    await add_patches(pool, campaign, [patch("A"), patch("B")], ACTOR, NOW)
    await add_patches(pool, campaign, [clue], ACTOR, NOW)
    diary, due = Diary("city/henan/410400"), "2021-09-08T16:00:00+00:00"
    entries = (
        diary.write("patches_issued", {"batch": "B1", "due": due}),
        diary.write("patch_confirmed", {"patch": "A", "site": "S-9"}),
        diary.write("patch_refuted", {"patch": "C", "reason": "农用地"}),
    )
    await Recorder(pool).record(RecordBatch(campaign_id=campaign, subject="city", city="410400", entries=entries))

    listed = {one.patch.id: one for one in await list_patches(pool, campaign)}
    assert (listed["A"].outcome, listed["A"].said, listed["A"].due) == (
        Outcome.CONFIRMED, "S-9", datetime.fromisoformat(due),
    )  # fmt: skip
    assert (listed["B"].outcome, listed["B"].said) == (None, None)
    assert (listed["C"].outcome, listed["C"].said, listed["C"].patch) == (Outcome.REFUTED, "农用地", clue)
