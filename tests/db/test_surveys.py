"""Surveys in Postgres: whole or not at all, the same again is nothing, another content is refused with what differs."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from reports.writing import write_report
from schemas.clock import Clock
from schemas.errors import NotFound, Refused
from schemas.ledger import CampaignRow, RecordBatch
from schemas.options.surveys import Found, Survey, SurveyOption, marked
from schemas.register import Site, register_digest
from schemas.targets import CityTarget, CountyTarget, Targets
from services.campaign.elsewhere import elsewhere
from storage.campaigns import CreateOutcome, create_campaign, mark_started
from storage.connections import Pool
from storage.recorder import Recorder
from storage.register import open_elsewhere, page_sites
from storage.status import campaign_status, city_status
from storage.surveys import SurveyOutcome, add_survey, list_surveys, taken_ids
from tests.support.small_campaign import Diary, SiteDiary, frozen_plan, site

NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)
ACTOR = '{"id":"wang","role":"province","unit":"河南省"}'
TARGETS = Targets(
    total=Decimal("7.5"),
    cities=(
        CityTarget(
            code="410400", target=Decimal("4.5"), counties=(CountyTarget(code="鲁山县", target=Decimal("4.5")),)
        ),
        CityTarget(
            code="410600",
            target=Decimal("3"),
            counties=(
                CountyTarget(code="鲁山县", target=Decimal("1")),
                CountyTarget(code="浚县", target=Decimal("2"), name="浚县（示例）"),
            ),
        ),
    ),
)
PLAN = frozen_plan(targets=TARGETS, survey=SurveyOption())


def register() -> list[Site]:
    return [site(number, ("410400", "410600")[number % 2]) for number in range(4)]


async def running(pool: Pool, state: str = "running") -> list[Site]:
    await create_campaign(pool, PLAN, register(), Clock())
    row = CampaignRow(seq=1, state=state, issued_at=NOW, closed_at=None)
    entry = Diary("campaign/henan").write("plan_issued", {"plan_digest": "d", "cities": []})
    await Recorder(pool).record(
        RecordBatch(campaign_id="henan", subject="campaign", city=None, entries=(entry,), campaign_row=row)
    )
    return register()


def survey(name: str = "S2", found: Found = Found.MISSED, *sites: Site) -> Survey:
    kept = tuple(marked(one, name, found) for one in (sites or (site(10), site(11, "410600"))))
    return Survey(id=name, digest=register_digest(kept), sites=kept)


async def everything(pool: Pool) -> int:
    return int(await pool.fetchval("select count(*) from site where campaign_id = 'henan'"))


async def test_a_survey_and_its_sites_are_written_together_and_once(pool: Pool) -> None:
    await running(pool)
    assert await add_survey(pool, "henan", survey(), ACTOR, NOW) is SurveyOutcome.ADDED
    assert await add_survey(pool, "henan", survey(), "{}", NOW + timedelta(days=3)) is SurveyOutcome.ALREADY_THERE_SAME
    assert await everything(pool) == 6
    (kept,) = await list_surveys(pool, "henan")
    assert (kept.id, kept.digest, kept.at, kept.actor) == ("S2", survey().digest, NOW, ACTOR)
    assert {code: counts.missed for code, counts in kept.cities.items()} == {"410400": 1, "410600": 1}
    assert await list_surveys(pool, "henan", "419001") == []


async def test_two_who_bring_the_same_survey_at_once_write_it_once(pool: Pool) -> None:
    await running(pool)
    outcomes = await asyncio.gather(*(add_survey(pool, "henan", survey(), ACTOR, NOW) for _ in range(4)))
    assert sorted(outcomes) == ["added", *["already_there_same"] * 3]
    assert await everything(pool) == 6


async def test_survey_id_with_other_content_refused_with_differences(pool: Pool) -> None:
    await running(pool)
    await add_survey(pool, "henan", survey(), ACTOR, NOW)
    other = survey("S2", Found.MISSED, site(11, "410600").model_copy(update={"area_ha": 2.0}), site(12))
    with pytest.raises(Refused) as refused:
        await add_survey(pool, "henan", other, ACTOR, NOW)
    said = str(refused.value)
    assert "点位-0010 is not in this one" in said and "点位-0012 is new in this one" in said
    assert "was added at 2021-09-01 12:00 with" in said, "by the campaign's clock, eight hours before UTC"
    assert "点位-0011 differs: " in said and "area_ha (kept: " in said and await everything(pool) == 6


async def test_an_id_that_is_a_site_already_refuses_the_whole_survey(pool: Pool) -> None:
    await running(pool)
    with pytest.raises(Refused, match="点位-0001 is in campaign henan already"):
        await add_survey(pool, "henan", survey("S2", Found.NEWLY, site(1, "410600"), site(20)), ACTOR, NOW)
    assert await everything(pool) == 4 and await list_surveys(pool, "henan") == []
    await add_survey(pool, "henan", survey(), ACTOR, NOW)
    taken = await taken_ids(pool, "henan", "S3")
    assert taken["点位-0000"] is None and taken["点位-0010"] == "S2" and len(taken) == 6
    assert "点位-0010" not in await taken_ids(pool, "henan", "S2")


@pytest.mark.parametrize(
    ("state", "said"), [("issuing", "not issued yet"), ("stopped", "is stopped"), ("closed", "is closed")]
)
async def test_a_campaign_that_does_not_run_takes_no_survey(pool: Pool, state: str, said: str) -> None:
    await running(pool, state)
    with pytest.raises(Refused, match=said):
        await add_survey(pool, "henan", survey(), ACTOR, NOW)


async def test_a_city_that_is_over_takes_no_survey(pool: Pool) -> None:
    await running(pool)
    ended = Diary("city/henan/410600").write("ended")
    await Recorder(pool).record(RecordBatch(campaign_id="henan", subject="city", city="410600", entries=(ended,)))
    with pytest.raises(Refused, match=r"over in 410600 \(ended\)"):
        await add_survey(pool, "henan", survey(), ACTOR, NOW)
    assert await everything(pool) == 4


async def test_an_unknown_campaign_is_not_surveyed(pool: Pool) -> None:
    with pytest.raises(NotFound):
        await add_survey(pool, "nowhere", survey(), ACTOR, NOW)


async def test_the_same_start_after_a_survey_changes_nothing(pool: Pool) -> None:
    await running(pool)
    await add_survey(pool, "henan", survey(), ACTOR, NOW)
    assert await create_campaign(pool, PLAN, register(), Clock()) is CreateOutcome.ALREADY_THERE_SAME


async def test_sites_are_opened_by_register_or_by_survey(pool: Pool) -> None:
    first = await running(pool)
    await add_survey(pool, "henan", survey(), ACTOR, NOW)
    assert await page_sites(pool, "henan", "410400", "", 10) == [one for one in first if one.city == "410400"]
    (found,) = await page_sites(pool, "henan", "410400", "", 10, "S2")
    assert (found.id, found.survey, found.missed, found.newly_found) == ("点位-0010", "S2", True, False)
    assert await page_sites(pool, "henan", "410400", "", 10, "S3") == []


async def test_progress_adds_up_by_area_and_by_count(pool: Pool) -> None:
    first = await running(pool)
    await add_survey(pool, "henan", survey("S2", Found.NEWLY, site(10), site(11, "410600")), ACTOR, NOW)
    for subject in first[:3]:
        await Recorder(pool).record(SiteDiary(subject).burst(stage="closed"))
    whole = await campaign_status(pool, "henan", NOW)
    assert whole.progress is not None
    made = whole.progress
    assert (made.target, made.registered_ha, made.closed_ha, made.share_of_target) == tuple(
        map(Decimal, ("7.5", "9", "4.5", "0.6"))
    )
    assert (made.sites, made.closed, made.newly_found, made.missed) == (6, 3, 2, 0)
    assert made.share_of_sites == Decimal("0.5")
    assert [(line.id, line.sites, line.newly_found, line.cities) for line in made.surveys] == [
        ("S2", 2, 2, ["410400", "410600"])
    ]
    cities = [city.progress for city in whole.cities if city.progress is not None]
    for name in ("target", "asked", "registered_ha", "closed_ha", "sites", "closed", "newly_found"):
        assert getattr(made, name) == sum(getattr(city, name) for city in cities)
        for city in cities:
            assert getattr(city, name) == sum(getattr(county, name) for county in city.counties)
    second = cities[1].counties
    assert [(county.code, county.name, county.target, county.share_of_target) for county in second] == [
        ("鲁山县", None, Decimal(1), Decimal("1.5")),
        ("浚县", "浚县（示例）", Decimal(2), Decimal()),
    ]
    assert whole.sites.area_ha["total"] == 9.0 and whole.sites.area_ha["closed"] == 4.5
    assert (await city_status(pool, "henan", "410600", NOW)).progress == cities[1]


async def test_plan_without_targets_and_surveys_shows_no_progress(pool: Pool) -> None:
    await create_campaign(pool, frozen_plan(), register(), Clock())
    status = await campaign_status(pool, "henan", NOW)
    assert "progress" not in status.model_dump(mode="json")


async def test_the_report_has_the_progress_by_county(pool: Pool, tmp_path: Path) -> None:
    first = await running(pool)
    await add_survey(pool, "henan", survey("S2", Found.NEWLY), ACTOR, NOW)
    for subject in first[:3]:
        await Recorder(pool).record(SiteDiary(subject).burst(stage="closed"))
    page, workbook, *_ = await write_report(pool, "henan", tmp_path, NOW)
    said = page.read_text(encoding="utf-8")
    assert "按面积与数量的进度" in said and "浚县（示例）" in said and "60.0%" in said and "补充排查 S2" in said
    rows = CalamineWorkbook.from_path(workbook).get_sheet_by_name("任务进度").to_python()
    assert rows[0][:5] == ["市", "县（区）", "乡镇（街道）", "代码", "任务（公顷）"]
    assert rows[-1] == ["合计", "", "", "", 7.5, 7.5, 9.0, 4.5, 0.6, 6.0, 3.0, 0.5, 2.0, 0.0]


async def test_open_sites_of_other_campaigns_are_told_by_any_spelling(pool: Pool) -> None:
    sites = await running(pool)
    await mark_started(pool, "henan")
    other = frozen_plan("hunan", "湘公通〔2021〕1号")
    await create_campaign(pool, other, [sites[0]], Clock())
    assert await open_elsewhere(pool, "henan") == [], "it is not started"
    standing = await open_elsewhere(pool, "hunan")
    assert ("henan", sites[0].id) in standing
    again = sites[0].model_copy(update={"id": sites[0].id.replace("-", "－")})
    (warning,) = elsewhere("new.csv", [again, site(77)], standing)
    assert warning.value == again.id and f"henan/{sites[0].id} is open" in warning.expected
    many = elsewhere("new.csv", [again] * 30, standing)
    assert len(many) == 21 and many[-1].value.count(again.id) == 10
    row = CampaignRow(seq=2, state="closed", issued_at=NOW, closed_at=NOW)
    closed = RecordBatch(campaign_id="henan", subject="campaign", city=None, entries=(), campaign_row=row)
    await Recorder(pool).record(closed)
    assert await open_elsewhere(pool, "hunan") == []
