"""Deferrals of sites and states of police cases, as the status and the workbook read them from Postgres."""

from datetime import UTC, datetime

from commands.common.site_words import case_words, deferral_words
from reports.tables.cells import deferral_cells, deferral_columns
from reports.words.catalogue import Words
from schemas.deferrals import Deferrals
from schemas.facts import SiteFacts
from schemas.options.police import CaseFacts
from storage import status
from storage.connections import Pool
from storage.recorder import Recorder
from storage.register import page_open_sites, page_unsettled_sites
from tests.support.small_campaign import START, SiteDiary, frozen_plan, start_campaign

NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)
AGENCIES = {"agency": "公安厅", "works_agency": "自然资源厅", "bureau": "市公安局"}


async def test_deferrals_and_cases_are_summed_and_shown_by_site(pool: Pool) -> None:
    register = await start_campaign(pool, sites=3)
    first, second, third = (SiteDiary(subject) for subject in register)
    recorder = Recorder(pool)
    asked = Deferrals(extensions=1, extensions_refused=2, extension_pending=True, extensions_left=1)
    stood = Deferrals(suspensions=2, days_suspended=4.5, suspended_since=datetime(2021, 8, 30, 4, tzinfo=UTC))
    case = CaseFacts(state="transferred", reference="移〔2021〕3号", waits_for="市公安局", told=1, due=NOW, **AGENCIES)
    await recorder.record(first.burst(extensions=1, facts=SiteFacts(deferrals=asked, case=case)))
    await recorder.record(second.burst(suspensions=2, facts=SiteFacts(deferrals=stood)))
    await recorder.record(third.burst())

    whole = await status.campaign_status(pool, "henan", NOW)
    assert whole.deferrals == {"extensions": 1, "extensions_refused": 2, "extensions_pending": 1, "suspensions": 2}
    one = await status.site_status(pool, "henan", register[0].id, NOW)
    zone = frozen_plan().plan.zone
    assert dict(deferral_words(one.facts["deferrals"], zone)) == {
        "requests for extension": "2 refused, 1 pending, 1 left"
    }
    said = dict(case_words(one.facts["case"], zone))
    assert said["works led by"] == "自然资源厅" and said["police track led by"] == "公安厅"
    assert said["case"] == "transferred (移〔2021〕3号)" and said["case waits for"].startswith("市公安局, by ")

    words = Words("zh-CN")
    rows = await pool.fetch("select facts from site where campaign_id = 'henan' order by site_id")
    cells = [deferral_cells(row["facts"], words, NOW) for row in rows]
    assert cells == [
        (None, 2, "是", "已移送", "移〔2021〕3号", "市公安局"),
        (6.5, None, None, None, None, None),
        (None, None, None, None, None, None),
    ]
    assert len(deferral_columns(words)) == len(cells[0])


async def test_status_without_deferrals_omits_deferrals_field(pool: Pool) -> None:
    register = await start_campaign(pool, sites=1)
    await Recorder(pool).record(SiteDiary(register[0]).burst(opened_at=START))
    whole = await status.campaign_status(pool, "henan", NOW)
    assert (whole.deferrals, whole.cases) == ({}, {})
    assert "deferrals" not in whole.model_dump(mode="json")


async def test_a_closed_site_is_looked_for_while_its_case_is_not_over(pool: Pool) -> None:
    register = await start_campaign(pool, sites=6)
    recorder, ours = Recorder(pool), [one for one in register if one.city == register[0].city]
    waits = CaseFacts(state="transferred", waits_for="市公安局", **AGENCIES)
    over = CaseFacts(state="filed", **AGENCIES)
    for one, case in zip(ours, (waits, over, None), strict=True):
        await recorder.record(SiteDiary(one).burst(stage="closed", facts=case and SiteFacts(case=case)))
    city = ours[0].city
    assert await page_unsettled_sites(pool, "henan", city, "", 10) == [(ours[0], "closed")]
    assert await page_open_sites(pool, "henan", city, "", 10) == []
