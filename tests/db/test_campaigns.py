"""A campaign is written once; the register is paged and searched."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from schemas.clock import Clock
from schemas.errors import InvalidInput, NotFound, Refused
from schemas.register import Problem, RejectedRow
from storage.campaigns import (
    CreateOutcome,
    create_campaign,
    find_campaign,
    list_campaigns,
    mark_started,
    read_clock,
    read_plan,
)  # fmt: skip
from storage.connections import Pool
from storage.recorder import Recorder
from storage.register import find_site, page_open_sites, page_sites, read_site
from tests.support.small_campaign import SiteDiary, frozen_plan, site, start_campaign

CLOCK = Clock(
    real_origin=datetime(2026, 1, 1, tzinfo=UTC), campaign_origin=datetime(2021, 7, 17, tzinfo=UTC), rate=86400
)


async def test_plan_clock_and_register_come_back_as_they_were_written(pool: Pool) -> None:
    frozen = frozen_plan()
    sites = [
        site(1).model_copy(update={"problems": (Problem(kind="adit", count=2),), "latitude": 33.7350001}),
        site(2, "410600"),
    ]
    assert await create_campaign(pool, frozen, sites, CLOCK) is CreateOutcome.CREATED
    assert await read_plan(pool, "henan") == frozen
    assert await read_clock(pool, "henan") == CLOCK
    assert await read_site(pool, "henan", sites[0].id) == sites[0]
    record = await find_campaign(pool, "henan")
    assert (record.document_number, record.state, record.started) == ("豫公通〔2021〕1号", "issuing", False)
    await mark_started(pool, "henan")
    assert [(known.campaign_id, known.started) for known in await list_campaigns(pool)] == [("henan", True)]


async def test_the_same_start_again_changes_nothing(pool: Pool) -> None:
    sites = [site(1), site(2)]
    await create_campaign(pool, frozen_plan(), sites, CLOCK)
    again = await create_campaign(pool, frozen_plan(), sites[::-1], Clock())
    assert again is CreateOutcome.ALREADY_THERE_SAME
    assert await read_clock(pool, "henan") == CLOCK


async def test_of_four_starts_at_once_one_creates(pool: Pool) -> None:
    sites = [site(number) for number in range(50)]
    outcomes = await asyncio.gather(*(create_campaign(pool, frozen_plan(), sites, CLOCK) for _ in range(4)))
    assert sorted(outcomes) == ["already_there_same"] * 3 + ["created"]
    assert await pool.fetchval("select count(*) from site") == 50


@pytest.mark.parametrize(
    ("campaign", "number", "title", "sites", "said"),
    [
        ("henan", "豫公通〔2021〕1号", "另一方案", 2, r"the plan differs in 1 field: title \(kept: 废弃.*: 另一方案\)"),
        (
            "henan",
            "豫公通〔2021〕1号",
            "废弃矿山集中整治百日行动",
            3,
            "the register differs in 1 site: 点位-0002 is new in this one",
        ),
        ("henan", "豫公通〔2021〕1号", "另一方案", 3, "the plan differs .* and the register differs"),
        ("hunan", "豫公通〔2021〕1号", "废弃矿山集中整治百日行动", 2, "belongs to campaign henan;"),
        ("hunan", "豫公通[2021] 1号", "另一方案", 2, "belongs to campaign henan, as 豫公通〔2021〕1号"),
        ("henan", "豫公通（2021）1号", "废弃矿山集中整治百日行动", 2, "exists under document number 豫公通〔2021〕1号"),
        ("henan", "豫公通〔2021〕2号", "废弃矿山集中整治百日行动", 2, "exists under document number 豫公通〔2021〕1号"),
    ],
)
async def test_another_plan_or_register_is_refused_saying_what_differs(
    pool: Pool, campaign: str, number: str, title: str, sites: int, said: str
) -> None:
    await create_campaign(pool, frozen_plan(), [site(0), site(1)], CLOCK)
    other = frozen_plan(campaign, number, title=title)
    with pytest.raises(Refused, match=said):
        await create_campaign(pool, other, [site(n) for n in range(sites)], CLOCK)
    assert await pool.fetchval("select count(*) from site") == 2


async def test_of_two_spellings_of_a_number_at_once_one_is_created(pool: Pool) -> None:
    frozen = [frozen_plan("henan", "豫公通〔2021〕1号"), frozen_plan("hunan", "豫公通[2021]1号")]
    found = await asyncio.gather(
        *(create_campaign(pool, one, [site(1)], CLOCK) for one in frozen), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in found) == ["CreateOutcome", "Refused"]
    assert len(await list_campaigns(pool)) == 1


async def test_changed_register_row_is_refused_with_its_fields(pool: Pool) -> None:
    await create_campaign(pool, frozen_plan(), [site(0), site(1)], CLOCK)
    other = site(1).model_copy(update={"name": "另一点位"})
    with pytest.raises(Refused, match=r"1 site: 点位-0001 differs: name \(kept: .*, this one: 另一点位\)"):
        await create_campaign(pool, frozen_plan(), [site(0), other], CLOCK)


async def test_a_register_with_an_unknown_city_leaves_nothing_behind(pool: Pool) -> None:
    with pytest.raises(Exception, match="foreign key"):
        await create_campaign(pool, frozen_plan(), [site(1, "999999")], CLOCK)
    assert await list_campaigns(pool) == []


async def test_rejected_rows_are_kept(pool: Pool) -> None:
    rejected = [
        RejectedRow(row=7, faults=("latitude: 'x' is no number",), raw={"纬度": "x"}),
        RejectedRow(row=3, faults=("id: missing",)),
    ]
    await create_campaign(pool, frozen_plan(), [site(1)], CLOCK, rejected)
    rows = await pool.fetch('select "row", faults, raw from rejected_row order by "row"')
    kept = [RejectedRow(row=one["row"], faults=one["faults"], raw=json.loads(one["raw"])) for one in rows]
    assert kept == rejected[::-1]


async def test_an_unknown_campaign_names_the_known_ones(pool: Pool) -> None:
    with pytest.raises(NotFound, match="Known campaigns: none"):
        await read_plan(pool, "henan")
    await start_campaign(pool)
    with pytest.raises(NotFound, match=r"campaign hunan: no such campaign. Known campaigns: henan"):
        await find_campaign(pool, "hunan")


async def test_pages_add_up_to_the_register(pool: Pool) -> None:
    register = await start_campaign(pool, sites=25)
    seen, after = [], ""
    while page := await page_sites(pool, "henan", "410400", after, 4):
        assert len(page) <= 4
        seen += page
        after = page[-1].id
    assert seen == [one for one in register if one.city == "410400"]


async def test_settled_sites_are_not_open(pool: Pool) -> None:
    register = [one for one in await start_campaign(pool, sites=12) if one.city == "410400"]
    recorder = Recorder(pool)
    for subject, stage in zip(register, ("rectifying", "verifying", "closed", "carried_over"), strict=False):
        await recorder.record(SiteDiary(subject).burst(stage=stage))
    opened = await page_open_sites(pool, "henan", "410400", "", 100)
    assert [stage for _, stage in opened] == ["rectifying", "verifying", "registered", "registered"]
    assert [one for one, _ in opened] == register[:2] + register[4:]
    assert await page_open_sites(pool, "henan", "410400", register[4].id, 100) == [(register[5], "registered")]


async def test_a_site_is_found_by_campaign_and_id_or_by_its_id_alone(pool: Pool) -> None:
    await start_campaign(pool)
    assert await find_site(pool, "henan/点位-0001") == ("henan", "点位-0001", "410600")
    assert await find_site(pool, "点位-0001") == ("henan", "点位-0001", "410600")
    for spelling in ("点位－０００１", "点位—0001", "henan/点\u200b位-0001 "):
        assert await find_site(pool, spelling) == ("henan", "点位-0001", "410600")
    await start_campaign(pool, campaign="hunan", number="2号")
    assert await find_site(pool, "hunan/点位-0001") == ("hunan", "点位-0001", "410600")
    with pytest.raises(InvalidInput, match="Say which: henan/点位-0001, hunan/点位-0001"):
        await find_site(pool, "点位-0001")
    with pytest.raises(NotFound, match="not in the register of any campaign"):
        await find_site(pool, "点位-9999")
    with pytest.raises(NotFound, match="not in the register of campaign henan"):
        await find_site(pool, "henan/点位-9999")
    with pytest.raises(NotFound, match="Known campaigns: henan, hunan"):
        await find_site(pool, "hubei/点位-0001")
