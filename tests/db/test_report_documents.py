"""The documents in a campaign's report: the same counts as in the file of documents, each with its steps."""

from pathlib import Path

from reports.writing import write_report
from schemas.documents.document import DocumentState, Progress
from storage.connections import Pool
from tests.db.test_report import Page, a_campaign, sheet_rows
from tests.support.filed_documents import BUREAU, ENDS_2ND, OFFICE, in_days, order, put, replied
from tests.support.lived_campaign import MID_CAMPAIGN, WEEKS_OF_DOCUMENTS


async def filed_too(pool: Pool) -> None:
    """Briefings of three weeks to two cities, an order with all its steps, and a circular that was rejected."""
    await a_campaign(pool, MID_CAMPAIGN)
    for week in (2, 3, 4):
        for place in ("410400", "410600"):
            await put(
                pool, f"{place}:briefing:{week}", city=place, kind="briefing", rung=week, number=f"{place}/{week}"
            )
    await put(
        pool, "410400:supervision_order:2:whole", number="豫自然资督〔2021〕12号", state=DocumentState.LIFTED,
        progress=order(
            approver="分管厅领导", approval_due=ENDS_2ND, approved_at=in_days(0), decided_at=in_days(0),
            approved_by="chen", signed={BUREAU: in_days(1)}, signed_by={BUREAU: "zhang"},
            replies=(replied(3, complete_by="2021-09-30"),), lifted_at=in_days(9), lifted_by="li",
        ),
    )  # fmt: skip
    await put(
        pool, "410600:supervision_order:2:never", city="410600", state=DocumentState.REJECTED,
        progress=Progress(decided_at=in_days(2), approved_by="chen", decision_reason="道路被毁"),
    )  # fmt: skip
    await put(pool, "410400:conduct", kind="no_deployment", rung=0, data={"instrument": "interview"}, number="no 9")
    await put(
        pool, "410600:supervision_order:2:late", city="410600", state=DocumentState.WITHDRAWN,
        progress=Progress(decision_reason="cured"),
    )  # fmt: skip


async def test_the_page_counts_what_was_issued_and_a_week_is_no_rung(pool: Pool, tmp_path: Path) -> None:
    await filed_too(pool)
    page, _, document_file = await write_report(pool, "henan", tmp_path, MID_CAMPAIGN)
    issued = 3 * 2 * WEEKS_OF_DOCUMENTS + 6 + 2
    table = page.read_text(encoding="utf-8").partition("文书与督办</h2>")[2].partition("</table>")[0]
    assert f'<td class="n">{issued}</td></tr></tfoot>' in table
    assert f"已印发 {issued} " in Page(document_file.read_text(encoding="utf-8")).text
    assert table.count("周调度通报") == 1
    assert '<td class="n">—</td><th scope="row">周调度通报' in table
    assert '<td class="n">2</td><th scope="row">督办单' in table


async def test_workbook_lists_documents_by_number_with_steps(pool: Pool, tmp_path: Path) -> None:
    await filed_too(pool)
    _, book, _ = await write_report(pool, "henan", tmp_path, MID_CAMPAIGN)
    rows = sheet_rows(book, "文书")
    (whole,) = [row for row in rows if row["文号"] == "豫自然资督〔2021〕12号"]
    zone = " (Asia/Shanghai)"
    day = {
        name: str(whole[f"{name}{zone}"])[:10] for name in ("审批期限", "审批时间", "签收期限", "最后签收", "回复期限")
    }
    assert day == {
        "审批期限": "2021-09-02", "审批时间": "2021-09-01", "签收期限": "2021-09-02", "最后签收": "2021-09-02",
        "回复期限": "2021-09-08",
    }  # fmt: skip
    assert (whole["状态"], whole["层级"], whole["周次"], whole["审批"], whole["审批人"]) == (
        "已解除", 2, None, "分管厅领导", "chen",
    )  # fmt: skip
    assert (whole["应签收单位数"], whole["已签收单位数"], whole["未签收单位"]) == (2, 1, OFFICE)
    assert (whole["回复单位及经办人"], whole["回复内容"]) == (BUREAU, "已责成属地封堵")
    assert (whole["解除条件"], whole["解除经办"]) == ("点位全部销号后解除", "li")
    assert str(whole[f"解除时间{zone}"])[:10] == "2021-09-10" and str(whole["承诺完成"])[:10] == "2021-09-30"

    assert sorted((row["层级"], row["周次"]) for row in rows if row["种类"] == "周调度通报") == sorted(
        [(None, week) for week in (2, 3, 4) for _ in range(2)], key=str
    )
    assert [row["种类"] for row in rows if row["文号"] == "no 9"] == ["约谈通知书（逾期未报送部署）"]
    never = {row["未印发原因"]: row for row in rows if row["未印发原因"]}
    assert set(never) == {"道路被毁", "该市已签收或报送部署"}
    assert all(row[f"发出{zone}"] is None and row["文号"] is None for row in never.values())
