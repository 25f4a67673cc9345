"""The report of a campaign with modes: the page's tables, and two more worksheets."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl

from commands.city.view import opinions_page
from reports.writing import write_report
from schemas.facts import SiteFacts
from schemas.ledger import RecordBatch
from services.city.opinions import read_opinions
from services.common.subjects import campaign_subject, city_subject
from storage.campaigns import mark_started
from storage.connections import Pool
from storage.recorder import Recorder
from tests.db.test_modes import started
from tests.support.small_campaign import Diary, SiteDiary, city_row, site_row, start_campaign

NOW = datetime(2021, 9, 1, 4, tzinfo=UTC)
MODES = {"restoration_mode": "market", "funding_mode": "index_trading", "planned_cny": "1000.50", "planned_ha": "2"}


async def lived(pool: Pool) -> None:
    register = await started(pool, [MODES, {}])
    diary = SiteDiary(register[0])
    booked = {"amount": "250.10", "unit": "cny", "reference": "=合同1", "funding_mode": "index_trading"}
    entries = (diary.write("booked", booked), diary.write("booked", booked | {"amount": "-50", "note": "更正"}))
    facts = SiteFacts(
        restoration_mode="market", funding_mode="index_trading", realised={"index_trading:cny": Decimal("200.10")}
    )
    row = site_row(register[0].id, 2, facts=facts)
    await Recorder(pool).record(
        RecordBatch(campaign_id="henan", subject="site", city="410400", entries=entries, site=row)
    )


async def test_page_and_workbook_sum_money_and_land_by_mode_and_city(pool: Pool, tmp_path: Path) -> None:
    await lived(pool)
    page, workbook, *_ = await write_report(pool, "henan", tmp_path, NOW)
    text = page.read_text(encoding="utf-8")
    assert "修复模式与资金" in text and "市场化修复" in text and "未确定" in text and "1,000.5" in text
    assert text.count("200.1<") == 2 * 3 and text.count("20.0%") == 2 * 3  # a line and the total of each table
    book = openpyxl.load_workbook(workbook)
    header, *rows = book["修复模式"].iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(one["市代码"], one["口径"], one["模式"]) for one in found[:5]] == [
        (None, "修复模式", "市场化修复"),
        (None, "修复模式", "未确定"),
        (None, "资金模式", "指标交易"),
        (None, "资金模式", "未确定"),
        (None, None, "合计"),
    ]
    assert [found[4][name] for name in ("计划资金（元）", "实现资金（元）", "计划土地（亩）")] == [1000.5, 200.1, 30]
    header, *rows = book["资金土地台账"].iter_rows(values_only=True)
    assert [(row[0], row[5], row[6], row[7]) for row in rows] == [
        ("点位-0000", 250.1, "元", "=合同1"),
        ("点位-0000", -50, "元", "=合同1"),
    ]


async def test_a_campaign_without_modes_has_neither(pool: Pool, tmp_path: Path) -> None:
    await start_campaign(pool)
    page, workbook, *_ = await write_report(pool, "henan", tmp_path, NOW)
    assert "修复模式" not in page.read_text(encoding="utf-8")
    assert not {"修复模式", "资金土地台账"} & set(openpyxl.load_workbook(workbook).sheetnames)


async def test_opinion_versions_listed_with_times_of_both_parties(pool: Pool) -> None:
    await started(pool, [{}])
    await mark_started(pool, "henan")
    desk = Diary("city/henan/410600")
    due = {"receipt_due": "2021-07-19T16:00:00.000000Z", "deployment_due": "2021-07-17T02:30:00.000000Z"}
    chapters = [{"title": "资金来源", "text": "指标交易"}]
    submitted = {"opinion": "实施意见一稿", "decision_due": "2021-07-30T16:00:00.000000Z", "chapters": chapters}
    entries = (
        desk.write("plan_received", due),
        desk.write("deployment_submitted", submitted),
        desk.write("deployment_returned", {"reason": "未分解任务", "due": "2021-07-22T16:00:00.000000Z"}),
        desk.write("deployment_submitted", submitted | {"opinion": "实施意见二稿"}),
    )
    burst = RecordBatch(
        campaign_id="henan", subject="city", city="410600", entries=entries, city_row=city_row("410600", 4)
    )
    await Recorder(pool).record(burst)
    page = opinions_page(await read_opinions(pool, await campaign_subject(pool, "henan")), full=True)
    without, city = page.data
    assert (without["code"], without["versions"]) == ("410400", [])
    first, second = city["versions"]
    assert city["returns"] == 1
    assert (first["decision"], first["reason"], first["submitted_late"]) == ("returned", "未分解任务", True)
    assert (second["version"], second["decision"], second["submitted_late"]) == (2, None, False)
    assert second["chapters"] == chapters and second["opinion"] == "实施意见二稿"
    one = opinions_page(await read_opinions(pool, await city_subject(pool, "henan", "鹤壁市")), full=False)
    assert [city["code"] for city in one.data] == ["410600"]
