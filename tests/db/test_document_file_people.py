"""The file of documents names who acted, counts by city, and gives the week of a briefing."""

from pathlib import Path

from schemas.clock import Clock
from schemas.documents.document import DocumentState, Progress
from storage.campaigns import create_campaign
from storage.connections import Pool
from tests.db.test_document_file_report import LADDER, a_whole_file, seen
from tests.support.filed_documents import BUREAU, OFFICE, in_days, order, put, replied
from tests.support.small_campaign import frozen_plan


async def test_whoever_acted_stands_beside_the_day(pool: Pool, tmp_path: Path) -> None:
    await create_campaign(pool, frozen_plan(ladder=LADDER), (), Clock())
    reply = replied(3, complete_by="2021-09-30").model_copy(update={"by": "wang"})
    await put(
        pool, "410400:supervision_order:2:a", number="〔2021〕12号", state=DocumentState.LIFTED,
        progress=order(
            signed={BUREAU: in_days(1), OFFICE: in_days(1)}, signed_by={BUREAU: "zhang"}, replies=(reply,),
            lifted_at=in_days(9), lifted_reason="现场核查通过", lifted_by="li",
        ),
    )  # fmt: skip
    await put(
        pool, "410400:circular:3:b", kind="circular", rung=3, state=DocumentState.REJECTED,
        progress=Progress(decided_at=in_days(2), approved_by="chen", decision_reason="道路被毁"),
    )  # fmt: skip
    page = await seen(pool, tmp_path)
    done, rejected = page.row("〔2021〕12号"), page.row("（未编号） 通报")
    assert f"{BUREAU} 2021-09-02 经办 zhang {OFFICE} 2021-09-02" in done[3] and done[3].count("经办") == 1
    assert done[4].endswith("2021-09-04 经办 wang；承诺 2021-09-30 前完成；已责成属地封堵")
    assert done[5] == "解除 2021-09-10 经办 li；现场核查通过"
    assert rejected[2].endswith("未批准 2021-09-03 经办 chen；道路被毁")


async def test_city_heading_issued_count_equals_table(pool: Pool, tmp_path: Path) -> None:
    await a_whole_file(pool)
    page = await seen(pool, tmp_path)
    assert page.row("平顶山市")[4] == "3"
    assert "平顶山市 410400 · 已印发 3 文书" in page.text
    assert "鹤壁市 410600 · 已印发 1 · 未印发 1 文书" in page.text


async def test_a_briefing_has_its_week_and_no_rung(pool: Pool, tmp_path: Path) -> None:
    await a_whole_file(pool)
    await put(pool, "410400:briefing:2:x", kind="briefing", rung=2, number="〔2021〕20号")
    assert "周调度通报 · 第 2 周" in (await seen(pool, tmp_path)).row("〔2021〕20号")[0]
