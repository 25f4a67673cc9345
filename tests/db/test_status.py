"""The status adds up, and uses one rule for overdue."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from schemas.errors import NotFound
from schemas.ledger import CampaignRow, RecordBatch
from schemas.plan import Plan
from schemas.status import STAGES
from storage import status
from storage.connections import Pool
from storage.recorder import Recorder
from storage.status import day_of, days_overdue, is_overdue, phase_of
from tests.support.small_campaign import (
    START,
    Diary,
    SiteDiary,
    city_row,
    draft,
    frozen_plan,
    phase,
    rendered,
    start_campaign,
)

NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)
DUE = datetime(2021, 8, 15, 16, tzinfo=UTC)  # the midnight that ends 15 August in Henan


async def test_counts_add_up_to_the_register(pool: Pool) -> None:
    register = await start_campaign(pool, sites=30)
    recorder = Recorder(pool)
    cases = product(STAGES, (False, True), (None, DUE, NOW))
    for subject, (stage, suspended, due) in zip(register, cases, strict=True):
        await recorder.record(
            SiteDiary(subject).burst(stage=stage, suspended=suspended, due_at=due, rung=2 if due == DUE else 0)
        )
    whole = await status.campaign_status(pool, "henan", NOW)
    assert whole.sites.total == 30 == sum(whole.sites.by_stage.values())
    assert tuple(whole.sites.by_stage) == STAGES and set(whole.sites.by_stage.values()) == {6}
    assert (whole.sites.suspended, whole.sites.overdue, whole.sites.by_rung) == (15, 3, {"2": 6})
    for field in ("total", "suspended", "overdue"):
        assert getattr(whole.sites, field) == sum(getattr(city.sites, field) for city in whole.cities)

    one_by_one = [await status.site_status(pool, "henan", subject.id, NOW) for subject in register]
    assert sum(one.overdue for one in one_by_one) == whole.sites.overdue
    listed = await status.overdue_sites(pool, "henan", NOW)
    assert [one.site_id for one in listed] == [one.site["id"] for one in one_by_one if one.overdue]
    counts = [await status.city_counts(pool, "henan", code) for code in ("410400", "410600")]
    assert [sum(column) for column in zip(*counts, strict=True)] == [18, 6, 6]


async def test_the_whole_campaign_at_a_glance(pool: Pool) -> None:
    await start_campaign(pool)
    recorder, desk = Recorder(pool), Diary("city/henan/410600")
    await recorder.record(
        RecordBatch(
            campaign_id="henan", subject="city", city="410600", entries=(desk.write("deployment_submitted"),),
            city_row=city_row("410600", 1, deployment="submitted"), documents=(draft("letter-1", "410600"),),
        ),
        [rendered("letter-1")],
    )  # fmt: skip
    refused = desk.write("refused", {"command": "approve_deployment"})
    await recorder.record(RecordBatch(campaign_id="henan", subject="city", city="410600", entries=(refused,)))

    whole = await status.campaign_status(pool, "henan", NOW)
    assert (whole.day, whole.days, whole.phase, whole.title) == (47, 107, "running", "废弃矿山集中整治百日行动")
    assert (whole.documents, whole.refused) == ({"issued": 1}, 1)
    assert [(city.code, city.name, city.deployment.state) for city in whole.cities] == [
        ("410400", "平顶山市", "not_issued"),
        ("410600", "鹤壁市", "submitted"),
    ]
    assert await status.city_status(pool, "henan", "410600", NOW) == whole.cities[1]


async def test_unknown_cities_and_sites_are_named(pool: Pool) -> None:
    await start_campaign(pool)
    with pytest.raises(NotFound, match="Its cities: 410400, 410600"):
        await status.city_status(pool, "henan", "410700", NOW)
    with pytest.raises(NotFound, match="site x: not in the register of campaign henan"):
        await status.site_status(pool, "henan", "x", NOW)
    with pytest.raises(NotFound, match="Known campaigns: henan"):
        await status.campaign_status(pool, "hunan", NOW)
    with pytest.raises(NotFound, match="Known campaigns: henan"):
        await status.site_status(pool, "hunan", "x", NOW)


async def test_overdue_list_sorted_by_delay_and_filtered_by_city(pool: Pool) -> None:
    register = await start_campaign(pool, sites=6)
    recorder = Recorder(pool)
    for days, subject in enumerate(register):
        await recorder.record(SiteDiary(subject).burst(due_at=DUE - timedelta(days=days), rung=1))
    listed = await status.overdue_sites(pool, "henan", NOW, limit=2)
    assert [(one.name, one.days_overdue, one.rung) for one in listed] == [("5号矿", 22, 1), ("4号矿", 21, 1)]
    ours = await status.overdue_sites(pool, "henan", NOW, city="410400")
    assert [one.city for one in ours] == ["410400"] * 3


async def test_a_campaign_that_closes_says_so(pool: Pool) -> None:
    await start_campaign(pool)
    ended = Diary("campaign/henan").write("ended")
    row = CampaignRow(seq=1, state="closing", issued_at=START, closed_at=None)
    await Recorder(pool).record(
        RecordBatch(campaign_id="henan", subject="campaign", city=None, entries=(ended,), campaign_row=row)
    )
    assert (await status.campaign_status(pool, "henan", NOW)).phase == "closing"


def _plan() -> Plan:
    return frozen_plan(
        phases=(
            phase("mobilise", date(2021, 7, 17), date(2021, 7, 31)),
            phase("comb", date(2021, 7, 20), date(2021, 9, 30)),
            phase("enforce", date(2021, 8, 1), date(2021, 8, 31)),
        )
    ).plan


@pytest.mark.parametrize(
    ("local", "phase_id", "day"),
    [
        ("2021-07-16T23:59+08:00", "not_started", 0),
        ("2021-07-17T00:00+08:00", "mobilise", 1),
        ("2021-07-20T00:00+08:00", "comb", 4),
        ("2021-08-31T23:59+08:00", "enforce", 46),
        ("2021-09-01T00:00+08:00", "comb", 47),
        ("2021-10-24T12:00+08:00", "running", 100),
        ("2021-10-31T23:59+08:00", "running", 107),
        ("2022-03-01T00:00+08:00", "running", 107),
    ],
)
def test_phase_and_day_are_counted_in_the_plan_s_time_zone(local: str, phase_id: str, day: int) -> None:
    instant = datetime.fromisoformat(local).astimezone(UTC)
    assert phase_of(_plan(), "running", instant) == phase_id
    assert day_of(_plan(), instant) == (day, 107)


@pytest.mark.parametrize("state", ["closing", "closed", "stopped"])
def test_the_campaign_s_own_state_goes_before_its_phases(state: str) -> None:
    assert phase_of(_plan(), state, NOW) == state


def test_a_site_is_overdue_from_the_moment_after_its_due_day() -> None:
    assert not is_overdue("rectifying", False, DUE, DUE)
    assert is_overdue("rectifying", False, DUE, DUE + timedelta(microseconds=1))
    zone = _plan().zone
    assert days_overdue(DUE, DUE + timedelta(microseconds=1), zone) == 1
    assert days_overdue(DUE, DUE + timedelta(hours=24), zone) == 2
