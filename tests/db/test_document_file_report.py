"""The page of the file of documents: every document once, with every day and receipt."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from reports.documents.kinds import kind_name
from reports.documents.page import write_document_file
from reports.words.catalogue import Words
from schemas.canonical import canonical_json
from schemas.clock import Clock
from schemas.documents.delivery import outbox_stem
from schemas.documents.document import DocumentState, Progress
from schemas.documents.reasons import EngineReason
from schemas.errors import InvalidInput, NotFound
from schemas.ladder import Instrument, Rung
from schemas.plan import Templates
from storage.campaigns import create_campaign
from storage.connections import Pool
from tests.support.filed_documents import (
    BUREAU,
    ENDS_2ND,
    OFFICE,
    in_days,
    order,
    put,
    put_two_orders,
    replied,
)
from tests.support.lived_campaign import HOSTILE, days
from tests.support.small_campaign import frozen_plan

AS_OF = in_days(14)
ORDER_KEY = "henan/410400:supervision_order:2:2021-09-01"
ORDER = outbox_stem("henan", "410400", "supervision_order", 2, ORDER_KEY, date(2021, 9, 1))
LADDER = (
    Rung(rung=2, instrument=Instrument.SUPERVISION_ORDER, after=days(1)),
    Rung(rung=3, instrument=Instrument.CIRCULAR, after=days(5)),
)


class Seen(HTMLParser):
    """The visible parts of a page: the tables as rows of texts, the links, and the whole text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self._texts: list[str] = []
        self._in_cell = False
        self.feed(page)
        self.text = " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attributes if name in ("href", "src")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self._texts.append(data)
        if self._in_cell:
            self.rows[-1][-1] = " ".join(f"{self.rows[-1][-1]} {data}".split())

    def row(self, first: str) -> list[str]:
        (found,) = [row for row in self.rows if row and row[0].startswith(first)]
        return found


async def a_whole_file(pool: Pool, language: str = "zh-CN") -> None:
    frozen = frozen_plan(language=language, ladder=LADDER)
    await create_campaign(pool, frozen, (), Clock())
    await put(pool, "410400:plan_issue:0:2021-07-17", kind="plan_issue", rung=0, days=-46, subject="关于印发方案的通知")
    await put_two_orders(pool, ("outbox", "sent", ORDER), ("e-mail", "failed", "550 no"))
    await put(
        pool, "410400:circular:3:2021-09-08", kind="circular", rung=3, number="豫自然资督〔2021〕14号", days=7,
        progress=Progress(
            approver="分管厅领导", approval_due=ENDS_2ND, approved_at=in_days(5), approved_by="chen", approval_steps=1,
            publishes_at=in_days(8), published=True,
        ),
    )  # fmt: skip
    await put(
        pool, "410600:circular:3:2021-09-09", city="410600", kind="circular", rung=3, days=8,
        state=DocumentState.REJECTED,
        progress=Progress(approver="分管厅领导", approval_due=in_days(10), decision_reason="道路被毁"),
    )  # fmt: skip
    await put(pool, "province:closing_report:0:2021-11-01", city="", kind="closing_report", rung=0, days=61)


async def seen(pool: Pool, out: Path, outbox: Path | None = None) -> Seen:
    (page,) = await write_document_file(pool, "henan", outbox, out, AS_OF)
    assert page == out / "documents.html"
    return Seen(page.read_text(encoding="utf-8"))


async def test_document_file_lists_each_document_once_with_receipts(pool: Pool, tmp_path: Path) -> None:
    await a_whole_file(pool)
    page = await seen(pool, tmp_path / "out")
    order_, lifted = page.row("豫自然资督〔2021〕12号"), page.row("豫自然资督〔2021〕13号")
    assert "督办单 · 第 2 级" in order_[0] and "所列点位 2 个 甲-1、甲-2" in order_[1]
    assert order_[2] == "印发 2021-09-01"
    assert order_[3] == (f"应于 2021-09-02 前签收 {BUREAU} 2021-09-04 逾期 {OFFICE} 未签收 逾期 未签收已上报 1 级")
    assert order_[4] == "应于 2021-09-08 前回复 未回复 逾期"
    assert order_[6] == "发件箱 已发送 2021-09-01 电子邮件 未送达 2021-09-01 550 no 逾期"
    assert f"{BUREAU} 2021-09-02 {OFFICE} 2021-09-02" in lifted[3] and "逾期" not in "".join(lifted[2:])
    assert lifted[4].endswith("2021-09-04 承诺 2021-09-30 前完成；已责成属地封堵")
    assert lifted[5] == "解除 2021-09-10 现场核查通过"
    circular = page.row("豫自然资督〔2021〕14号")
    assert (
        circular[2]
        == "审批 分管厅领导、应于 2021-09-02 前审批、已报上级 1 次 逾期 批准 2021-09-06 chen 印发 2021-09-08"
    )
    assert "已公布（2021-09-09）" in circular[5]
    rejected = page.row("（未编号） 通报")
    assert "未批准 道路被毁" in rejected[2] and "印发" not in rejected[2]
    assert page.row("豫公通〔2021〕1号")[1].startswith("关于印发方案的通知")


async def test_the_counts_on_top_are_those_of_the_documents_below(pool: Pool, tmp_path: Path) -> None:
    await a_whole_file(pool)
    page = await seen(pool, tmp_path)
    # 督办单, 通报, others, sum, drafts, unsigned, unanswered, dead
    assert page.row("平顶山市")[1:] == ["1", "1", "1", "3", "0", "1", "1", "1"]
    assert page.row("鹤壁市")[1:] == ["1", "0", "0", "1", "0", "0", "0", "0"]
    assert page.row("省级及全局文书")[1:] == ["0", "0", "1", "1", "0", "0", "0", "0"]
    assert page.row("合计")[1:] == ["2", "1", "2", "5", "0", "1", "1", "1"]
    # rung, instrument, issued, sites, receipts in time, late, missing, replies in time, late, none, lifted, not issued
    assert [r for r in page.rows if r[:2] == ["2", "督办单"]] == [
        ["2", "督办单", "2", "2", "2", "1", "1", "1", "0", "1", "1", "0"]
    ]
    assert [r for r in page.rows if r[:2] == ["3", "通报"]] == [
        ["3", "通报", "1", "0", "0", "0", "0", "0", "0", "0", "0", "1"]
    ]


async def test_links_are_relative_and_only_to_files_that_are_there(pool: Pool, tmp_path: Path) -> None:
    await a_whole_file(pool)
    outbox, out = tmp_path / "var 公文" / "outbox", tmp_path / "out"
    file = outbox / ORDER
    file.parent.mkdir(parents=True)
    file.with_suffix(".pdf").write_bytes(b"%PDF")
    page = await seen(pool, out, outbox)
    outward = [link for link in page.links if not link.startswith("#")]
    assert [(out / unquote(link)).resolve() for link in outward] == [file.with_suffix(".pdf")]
    assert not re.match(r"/|\w+:", outward[0])
    inward = {link[1:] for link in page.links if link.startswith("#")}
    text = (out / "documents.html").read_text(encoding="utf-8")
    assert inward == {"c-410400", "c-410600", "c-province"} == set(re.findall(r'id="(c-[^"]+)"', text))
    assert not page.tags & {"script", "link", "img", "iframe"}


async def test_what_people_wrote_is_shown_as_text(pool: Pool, tmp_path: Path) -> None:
    await create_campaign(pool, frozen_plan(ladder=LADDER), (), Clock())
    for number, name in enumerate(HOSTILE):
        await put(
            pool, f"410400:supervision_order:2:{number}", number=f"〔2021〕{name}号", subject=name, sites=(name,),
            progress=order(units=(name,), replies=(replied(2, name),), lifted_at=AS_OF, lifted_reason=name),
            ways=(("e-mail", "failed", name),), recipients=(name,),
        )  # fmt: skip
    page = await seen(pool, tmp_path)
    text = (tmp_path / "documents.html").read_text(encoding="utf-8")
    assert all(page.text.count(name) >= 7 for name in HOSTILE)
    assert "<script" not in text and "<img" not in text


async def test_an_english_plan_has_an_english_file(pool: Pool, tmp_path: Path) -> None:
    await a_whole_file(pool, "en")
    page = await seen(pool, tmp_path)
    assert "to be signed by 2021-09-02" in page.row("豫自然资督〔2021〕12号")[3]
    ours = page.text
    for written in ("督办", "签收", "回复", "解除", "印发", "审批", "逾期"):
        # Only what people wrote is Chinese: subjects, units, a reply.
        ours = ours.replace("关于督办平顶山市2个逾期点位的通知", "").replace("关于印发方案的通知", "")
        assert written not in ours


async def test_document_file_words_engine_reasons_and_template_fault(pool: Pool, tmp_path: Path) -> None:
    for language, worded in (("zh-CN", "所列点位均已不再逾期"), ("en", "none of its sites is overdue any more")):
        frozen = frozen_plan(language, f"{language} 1号", language=language, ladder=LADDER)
        await create_campaign(pool, frozen, (), Clock())
        await put(
            pool, "410400:circular:3:0", kind="circular", rung=3, state=DocumentState.WITHDRAWN,
            progress=Progress(decision_reason=EngineReason.NONE_OVERDUE), campaign=language, subject="withdrawn",
        )  # fmt: skip
        key = await put(pool, "410400:circular:3:own", kind="circular", number="own 1", campaign=language)
        fault = {"template_fault": "ZeroDivisionError: division by zero"}
        await pool.execute("update document set letter = $2 where key = $1", key, canonical_json(fault))
        (file,) = await write_document_file(pool, language, None, tmp_path / language, AS_OF)
        page = Seen(file.read_text(encoding="utf-8"))
        (withdrawn,) = [row[2] for row in page.rows if len(row) > 2 and row[1].startswith("withdrawn")]
        assert withdrawn.endswith(worded)
        assert page.row("own 1")[2].endswith("ZeroDivisionError: division by zero")


async def test_a_campaign_without_documents_has_a_file_that_says_so(pool: Pool, tmp_path: Path) -> None:
    await create_campaign(pool, frozen_plan(), (), Clock())
    assert "尚无文书" in (await seen(pool, tmp_path)).text
    with pytest.raises(NotFound, match="Known campaigns: henan"):
        await write_document_file(pool, "hunan", None, tmp_path, AS_OF)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InvalidInput, match="file: cannot be written"):
        await write_document_file(pool, "henan", None, tmp_path / "file", AS_OF)


def test_plan_instrument_name_precedes_default_name() -> None:
    plan = frozen_plan().plan
    own = plan.model_copy(update={"templates": Templates(wording={"circular": {"heading": "情况通报"}})})
    made = plan.model_copy(update={"templates": Templates(wording={"circular": {"heading": "{{ city }}通报"}})})
    assert [kind_name(one, "circular") for one in (plan, own, made)] == ["通报", "情况通报", "通报"]
    assert kind_name(own, "no_deployment", "circular") == "情况通报（逾期未报送部署）"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_document_state_and_engine_reason_has_wording(language: str) -> None:
    words = Words("en" if language == "en" else "zh-CN")
    assert all(words.named("state", state) != state.value for state in DocumentState)
    assert all(words.named("withdrawn", reason) != reason.value for reason in EngineReason)
