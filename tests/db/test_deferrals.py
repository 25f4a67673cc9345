"""Deferrals of sites and states of police cases, as the status and the workbook read them from Postgres."""

from datetime import UTC, datetime

from commands.campaign.status_view import city_page
from commands.common.site_words import case_words, deferral_words
from reports.tables.cells import deferral_cells, deferral_columns
from reports.words.catalogue import Words
from schemas.deferrals import Deferrals, SuspensionSums
from schemas.facts import SiteFacts
from schemas.options.police import CaseFacts
from services.campaign.status import read_city
from services.common.subjects import city_subject
from storage import status
from storage.briefings import measures
from storage.connections import Pool
from storage.recorder import Recorder
from storage.register import page_open_sites, page_unsettled_sites
from tests.support.small_campaign import START, SiteDiary, frozen_plan, start_campaign
from tests.unit.commands.common.test_tables import printed

NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)
SINCE = datetime(2021, 8, 30, 4, tzinfo=UTC)
AGENCIES = {"agency": "公安厅", "works_agency": "自然资源厅", "bureau": "市公安局"}


async def test_deferrals_and_cases_are_summed_and_shown_by_site(pool: Pool) -> None:
    register = await start_campaign(pool, sites=3)
    first, second, third = (SiteDiary(subject) for subject in register)
    recorder = Recorder(pool)
    asked = Deferrals(extensions=1, extensions_refused=2, extension_pending=True, extensions_left=1)
    stood = Deferrals(
        suspensions=2, days_suspended=4.5, suspended_since=SINCE, basis="flood", suspensions_by_city=1,
        suspended_by="市专班", suspended_by_city=True,
    )  # fmt: skip
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
        (*[None] * 6, 2, "是", "已移送", "移〔2021〕3号", "市公安局"),
        (6.5, 2.0, SINCE, None, "市专班", "汛情", *[None] * 5),
        (None,) * 11,
    ]
    assert len(deferral_columns(words)) == len(cells[0])


async def test_suspensions_are_summed_by_who_ordered_them(pool: Pool) -> None:
    first, second, third = await start_campaign(pool, sites=3)  # two in the first city, one in the other
    own = Deferrals(
        suspensions=1, suspensions_by_city=1, suspended_since=SINCE, suspended_by="市专班", suspended_by_city=True
    )
    mixed = Deferrals(suspensions=2, suspensions_by_city=1, days_suspended=4.5, days_suspended_by_city=1.5)
    for subject, deferrals in ((first, own), (second, mixed), (third, Deferrals(extensions=1))):
        row = SiteDiary(subject).burst(facts=SiteFacts(deferrals=deferrals), suspensions=deferrals.suspensions)
        await Recorder(pool).record(row)
    of_first = SuspensionSums(sites_by_city=1, days_by_city=2.0)
    of_second = SuspensionSums(sites_by_city=1, days_by_city=1.5, sites_by_province=1, days_by_province=3.0)

    whole = await status.campaign_status(pool, "henan", NOW)
    assert [city.suspensions for city in whole.cities] == [of_first, of_second]
    assert whole.suspensions == SuspensionSums(
        sites_by_city=2, days_by_city=3.5, sites_by_province=1, days_by_province=3.0
    )
    assert (await status.city_status(pool, "henan", first.city, NOW)).suspensions == of_first
    assert [one.suspensions for one in (await measures(pool, "henan", NOW)).cities] == [of_first, of_second]
    page = city_page(await read_city(pool, await city_subject(pool, "henan", second.city)))
    shown = " ".join(printed(page.shown, 200))
    assert "sites by the city itself" in shown and "鹤壁市 1 1.5 1 3.0" in " ".join(shown.split())

    one = await status.site_status(pool, "henan", first.id, NOW)
    assert one.days_suspended == 2.0
    zone = frozen_plan().plan.zone
    assert dict(deferral_words(one.facts["deferrals"], zone)) == {
        "suspended since": "2021-08-30 12:00, by 市专班 (the city itself)"
    }
    again = await status.site_status(pool, "henan", second.id, NOW)
    assert dict(deferral_words(again.facts["deferrals"], zone)) == {
        "days suspended": "4.5, 1.5 of them by the city itself"
    }


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
