"""The report of a campaign in a real Postgres, read back from its page and its workbook."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports.reading import read_facts
from reports.workbook import write_workbook
from reports.writing import write_report
from schemas.clock import Clock
from schemas.deferrals import Deferrals
from schemas.errors import InvalidInput, NotFound
from schemas.facts import SiteFacts
from schemas.register import RejectedRow, Site
from schemas.status import STAGES
from storage.campaigns import create_campaign
from storage.connections import Pool
from storage.pool import open_pool
from storage.recorder import Recorder
from storage.status import campaign_status
from tests.support.lived_campaign import (
    AFTER_THE_END,
    APPROVED,
    DIGEST,
    HOSTILE,
    MID_CAMPAIGN,
    WEEKS_OF_DOCUMENTS,
    a_plan,
    a_register,
    bursts,
)

REJECTED = (RejectedRow(row=7, faults=("latitude: 95 is out of range",), raw={"名称": "=1+1", "纬度": "95"}),)


async def a_campaign(pool: Pool, as_of: datetime, sites: int = 24, language: str = "zh-CN") -> list[Site]:
    """Records plan and register as `start` does, then all entries until `as_of`."""
    frozen, register, recorder = a_plan(language), a_register(sites), Recorder(pool)
    await create_campaign(pool, frozen, register, Clock(), REJECTED)
    for burst, rendered in bursts(frozen, register, as_of):
        await recorder.record(burst, rendered)
    return register


class Page(HTMLParser):
    """The texts and tags of a page, and every attribute that could load a resource."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched.extend(value or "" for name, value in attributes if name in ("src", "href", "xlink:href", "data"))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def sheet_rows(path: Path, name: str) -> list[dict[str, Any]]:
    """A worksheet as dicts by its header."""
    header, *rows = openpyxl.load_workbook(path)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


async def test_the_page_says_what_the_status_says_and_fetches_nothing(pool: Pool, tmp_path: Path) -> None:
    await a_campaign(pool, AFTER_THE_END)
    written = await write_report(pool, "henan", tmp_path / "new" / "out", AFTER_THE_END)
    assert [path.name for path in written] == ["report.html", "report.xlsx", "documents.html"]
    text = written[0].read_text(encoding="utf-8")
    page, status = Page(text), await campaign_status(pool, "henan", AFTER_THE_END)

    assert page.fetched == []
    assert not {"script", "link", "img", "iframe", "object", "embed", "base"} & set(page.tags)
    assert "@import" not in text and "url(http" not in text
    for stage, name in (("closed", "已销号"), ("carried_over", "结转"), ("verifying", "验收中")):
        assert f"{name} {status.sites.by_stage[stage]}" in page.text
    assert "合计 24，与台账一致" in page.text
    assert DIGEST in page.text
    assert "latitude: 95 is out of range" in page.text


async def test_hostile_names_are_shown_as_text(pool: Pool, tmp_path: Path) -> None:
    await a_campaign(pool, AFTER_THE_END)
    page, _, _ = await write_report(pool, "henan", tmp_path, AFTER_THE_END)
    text = page.read_text(encoding="utf-8")
    assert [name for name in HOSTILE if name in Page(text).text] == list(HOSTILE)
    assert "<script" not in text and "<img" not in text and "<工作方案>" not in text


@pytest.mark.parametrize("as_of", [APPROVED, MID_CAMPAIGN, AFTER_THE_END], ids=["opening", "middle", "end"])
async def test_the_last_day_of_the_burn_down_is_the_status(pool: Pool, as_of: datetime) -> None:
    await a_campaign(pool, as_of, sites=40)
    status = await campaign_status(pool, "henan", as_of)
    async with pool.acquire() as connection, connection.transaction():
        facts = await read_facts(connection, a_plan().plan, status, as_of, 10)
    last = facts.days[-1]
    assert last.closed == status.sites.by_stage["closed"]
    assert last.carried_over == status.sites.by_stage["carried_over"]
    assert last.overdue == status.sites.overdue
    assert last.open == sum(status.sites.by_stage[stage] for stage in ("registered", "rectifying", "verifying"))


async def test_the_workbook_adds_up_to_the_status(pool: Pool, tmp_path: Path) -> None:
    register = await a_campaign(pool, MID_CAMPAIGN)
    _, book, _ = await write_report(pool, "henan", tmp_path, MID_CAMPAIGN)
    status = await campaign_status(pool, "henan", MID_CAMPAIGN)

    sites = sheet_rows(book, "点位")
    assert sorted(row["点位编号"] for row in sites) == sorted(site.id for site in register)
    names = {"registered": "待整治", "rectifying": "整治中", "verifying": "验收中", "closed": "已销号"}
    for stage, name in names.items():
        assert sum(row["环节"] == name for row in sites) == status.sites.by_stage[stage]
    assert sum(row["逾期"] == "是" for row in sites) == status.sites.overdue > 0

    assert len(sheet_rows(book, "文书")) == 3 * 2 * WEEKS_OF_DOCUMENTS
    entries = await pool.fetchval("select count(*) from ledger")
    assert len(sheet_rows(book, "记录")) == entries
    assert sheet_rows(book, "未录入") == [
        {"行号": 7, "问题": "latitude: 95 is out of range", "整行内容": "名称: =1+1\n纬度: 95"}
    ]
    totals = [row for row in openpyxl.load_workbook(book)["概况"].iter_rows(values_only=True) if row[0] == "合计"]
    by_stage = dict(
        zip(("closed", "verifying", "rectifying", "registered", "carried_over"), totals[0][6:11], strict=True)
    )
    assert by_stage == {stage: status.sites.by_stage[stage] for stage in STAGES}
    assert totals[0][11] == len(register)


async def test_workbook_says_who_suspended_a_site(pool: Pool, tmp_path: Path) -> None:
    register = await a_campaign(pool, MID_CAMPAIGN)
    stood = Deferrals(
        suspensions=2, suspensions_by_city=1, days_suspended=4.5, days_suspended_by_city=1.5, basis="flood"
    )
    facts = SiteFacts(deferrals=stood).model_dump_json(exclude_defaults=True)
    await pool.execute("update site set facts = $1 where site_id = $2", facts, register[0].id)
    _, book, _ = await write_report(pool, "henan", tmp_path, MID_CAMPAIGN)
    (site,) = (row for row in sheet_rows(book, "点位") if row["点位编号"] == register[0].id)
    assert (site["中止天数"], site["其中市自行中止天数"], site["中止事由"]) == (4.5, 1.5, "汛情")
    totals = [row for row in openpyxl.load_workbook(book)["概况"].iter_rows(values_only=True) if row[0] == "合计"]
    assert totals[0][16:20] == (1, 1.5, 1, 3.0)


async def test_workbook_names_are_text_and_dates_in_campaign_zone(pool: Pool, tmp_path: Path) -> None:
    await a_campaign(pool, MID_CAMPAIGN)
    _, book, _ = await write_report(pool, "henan", tmp_path, MID_CAMPAIGN)
    cells = [cell for sheet in openpyxl.load_workbook(book) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert set(HOSTILE) <= {cell.value for cell in cells}

    sites = {row["点位编号"]: row for row in sheet_rows(book, "点位")}
    assert "001" in sites
    opened = {row["开始 (Asia/Shanghai)"] for row in sites.values()}
    assert opened == {datetime(2021, 7, 26, 10)}  # noqa: DTZ001  (a cell has no zone; its header says it)
    # Thirty days from the day after the approval: the deadline is the midnight that ends 25 August.
    assert sites["003"]["期限 (Asia/Shanghai)"] == datetime(2021, 8, 25)  # noqa: DTZ001


async def test_a_ledger_too_long_for_one_sheet_goes_on_in_the_next(pool: Pool, tmp_path: Path) -> None:
    await a_campaign(pool, MID_CAMPAIGN, sites=6)
    status = await campaign_status(pool, "henan", MID_CAMPAIGN)
    async with pool.acquire() as connection, connection.transaction():
        facts = await read_facts(connection, a_plan().plan, status, MID_CAMPAIGN, 10)
        await write_workbook(connection, facts, MID_CAMPAIGN, tmp_path / "split.xlsx", most_rows=20)
    book = openpyxl.load_workbook(tmp_path / "split.xlsx")
    ledgers = [name for name in book.sheetnames if name.startswith("记录")]
    assert ledgers[:2] == ["记录", "记录 2"]
    assert sum(book[name].max_row - 1 for name in ledgers) == facts.ledger.entries
    assert all(book[name].max_row <= 20 for name in ledgers)


async def test_a_pool_of_one_connection_is_enough(database_url: str, pool: Pool, tmp_path: Path) -> None:
    await a_campaign(pool, MID_CAMPAIGN, sites=3)
    small = await open_pool(database_url, size=1)
    try:
        written = await write_report(small, "henan", tmp_path, MID_CAMPAIGN)
        assert sorted(path.name for path in written) == ["documents.html", "report.html", "report.xlsx"]
    finally:
        await small.close()


async def test_an_english_plan_has_an_english_report(pool: Pool, tmp_path: Path) -> None:
    await a_campaign(pool, MID_CAMPAIGN, sites=6, language="en")
    page, book, _ = await write_report(pool, "henan", tmp_path, MID_CAMPAIGN)
    assert 'lang="en"' in page.read_text(encoding="utf-8")
    assert openpyxl.load_workbook(book).sheetnames == [
        "Summary", "Daily", "Sites", "Documents", "Ledger", "Rejected rows",
    ]  # fmt: skip


async def test_a_campaign_that_nobody_started_is_named(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        await write_report(pool, "nowhere", tmp_path, MID_CAMPAIGN)
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_cannot_be_made_is_named(pool: Pool, tmp_path: Path) -> None:
    await a_campaign(pool, MID_CAMPAIGN, sites=3)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InvalidInput, match="file"):
        await write_report(pool, "henan", tmp_path / "file", MID_CAMPAIGN)


async def test_a_report_before_anything_happened_is_written_too(pool: Pool, tmp_path: Path) -> None:
    frozen = a_plan()
    await create_campaign(pool, frozen, [], Clock())
    page, _, _ = await write_report(pool, "henan", tmp_path, datetime(2021, 7, 1, tzinfo=UTC))
    assert "尚未开始（共 107 天）" in page.read_text(encoding="utf-8")
