"""The output of the commands about documents, as text and JSON, at several terminal widths."""

from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from commands.campaign.status_view import campaign_page, city_page
from commands.common.page import Page
from commands.documents.view import document_page, documents_page
from schemas.canonical import canonical_json
from schemas.documents.document import DocumentState, Progress
from schemas.errors import NotFound
from services.campaign.status import read_campaign, read_city
from services.common.absence import settled_document
from services.common.subjects import Subject, campaign_subject, city_subject, document_subject
from services.documents.reading import find_documents, read_document
from storage.connections import Pool
from tests.db.test_site_notifications import APPROVE
from tests.support.filed_documents import BUREAU, ENDS_2ND, OFFICE, put, put_two_orders
from tests.support.small_campaign import start_campaign


async def an_open_file(pool: Pool) -> Subject:
    """Two orders, a draft, and a notice without delivery: all cases of a table."""
    await start_campaign(pool)
    await put_two_orders(pool, ("outbox", "sent", "henan/410400/a"))
    await put(
        pool, "410400:circular:3:2021-09-08", kind="circular", rung=3, state=DocumentState.DRAFTED, days=7,
        progress=Progress(approver="分管厅领导", approval_due=ENDS_2ND),
    )  # fmt: skip
    await put(
        pool, "410400:no_receipt:0:2021-09-09", kind="no_receipt", rung=0, number="豫自然资督〔2021〕14号", days=8,
        data={"instrument": "interview"}, state=DocumentState.FAILED,
        ways=(("e-mail", "failed", "550 no such mailbox"), ("wecom", "waiting", None)),
    )  # fmt: skip
    return await campaign_subject(pool, "henan")


def printed(page: Page, columns: int) -> list[str]:
    console = Console(width=columns, markup=False, highlight=False, emoji=False)
    with console.capture() as capture:
        console.print(page.shown)
    return capture.get().splitlines()


@pytest.mark.parametrize("columns", [80, 110, 160])
async def test_the_list_fits_the_terminal_and_shows_numbers_whole(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    subject = await an_open_file(pool)
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = printed(documents_page(await find_documents(pool, subject, None, None, None)), columns)
    assert all(cell_len(line) <= columns for line in lines)
    text = "\n".join(lines)
    for shown in ("豫自然资督〔2021〕12号", "豫自然资督〔2021〕13号", "410400:circular:3:2021-09-08", "1 of 2 by"):
        assert shown in text
    assert ("delivery" in lines[0]) is (columns == 160)


async def test_the_list_says_what_each_document_waits_for(pool: Pool) -> None:
    subject = await an_open_file(pool)
    page = documents_page(await find_documents(pool, subject, None, None, None))
    text = "\n".join(printed(page, 400))
    assert f"1 of 2 by 2021-09-02 LATE: {OFFICE}" in text
    assert "drafted: 分管厅领导 by 2021-09-02" in text
    assert "约谈通知书（逾期未签收方案）" in text
    assert "e-mail dead: 550 no such mailbox; wecom waiting" in text
    assert [(one["number"], one["unsigned"], one["overdue"]) for one in page.data] == [
        ("豫自然资督〔2021〕12号", [OFFICE], ["receipt", "reply"]),
        ("豫自然资督〔2021〕13号", [], []),
        (None, [], ["approval"]),
        ("豫自然资督〔2021〕14号", [], []),
    ]


@pytest.mark.parametrize(
    ("narrowed", "kinds"),
    [
        ({"state": "overdue"}, ["supervision_order", "circular"]),
        ({"state": "unsigned"}, ["supervision_order"]),
        ({"state": "dead"}, ["no_receipt"]),
        ({"state": "drafted"}, ["circular"]),
        ({"state": "open", "unit": "410600"}, []),
        ({"unit": "鹤壁市"}, ["supervision_order"]),
        ({"unit": "分管厅领导"}, ["circular"]),
        ({"kind": "circular"}, ["circular"]),
        ({"kind": "督办单"}, ["supervision_order", "supervision_order"]),
        ({"kind": "interview"}, ["no_receipt"]),
    ],
)
async def test_the_list_is_narrowed_by_state_kind_and_unit(
    pool: Pool, narrowed: dict[str, str], kinds: list[str]
) -> None:
    subject = await an_open_file(pool)
    wanted: dict[str, str | None] = {"unit": None, "state": None, "kind": None, **narrowed}
    page = documents_page(await find_documents(pool, subject, **wanted))
    assert [one["kind"] for one in page.data] == kinds


async def test_a_unit_or_kind_that_nobody_knows_is_no_empty_list(pool: Pool) -> None:
    subject = await an_open_file(pool)
    with pytest.raises(NotFound, match="Did you mean: 平顶山市"):
        documents_page(await find_documents(pool, subject, "平顶山", None, None))
    with pytest.raises(NotFound, match="Did you mean: supervision_order"):
        documents_page(await find_documents(pool, subject, None, None, "supervision"))
    with pytest.raises(NotFound, match=r"There are: plan_issue \(印发方案通知\)"):
        documents_page(await find_documents(pool, subject, None, None, "?"))
    assert (documents_page(await find_documents(pool, subject, None, None, "accountability"))).data == []


async def test_one_document_is_printed_with_every_day_and_who(pool: Pool) -> None:
    await an_open_file(pool)
    subject = await document_subject(pool, "henan", "豫自然资督[2021]13号")
    page = document_page(await read_document(pool, subject))
    text = "\n".join(printed(page, 100))
    for said in (
        "sign by", f"{BUREAU}", "signed 2021-09-02 09:00", "replied 2021-09-04 09:00",
        "promises 2021-09-30: 已责成属地封堵",
        "2021-09-10 09:00 现场核查通过", "请签收并回复。", "督办单", "410600 鹤壁市",
    ):  # fmt: skip
        assert said in text
    assert page.data["progress"]["replies"][0]["complete_by"] == "2021-09-30" and page.data["text"] == "请签收并回复。"


async def test_document_page_shows_withdrawal_and_template_fault(pool: Pool) -> None:
    await an_open_file(pool)
    withdrawn = Progress(approver="分管厅领导", decision_reason="proposed_again")
    key = await put(pool, "410400:circular:3:x", kind="circular", state=DocumentState.WITHDRAWN, progress=withdrawn)
    fault = {"template_fault": "UndefinedError: 'site' is undefined"}
    await pool.execute("update document set letter = $2 where key = $1", key, canonical_json(fault))
    page = document_page(await read_document(pool, await document_subject(pool, "henan", key)))
    text = "\n".join(printed(page, 160))
    assert "all of its sites were proposed again" in text and "UndefinedError: 'site' is undefined" in text
    assert page.data["template_fault"] == fault["template_fault"]
    settled = settled_document(await document_subject(pool, "henan", key), APPROVE)
    assert "it was withdrawn (all of its sites were proposed again)" in str(settled)


async def test_campaign_status_explains_how_to_handle_dead_letters(pool: Pool) -> None:
    subject = await an_open_file(pool)
    page = campaign_page(await read_campaign(pool, subject))
    text = "\n".join(printed(page, 160))
    assert "1 drafted, 1 failed, 1 issued, 1 lifted" in text
    assert "1 wait for approval · 1 not signed by their day · 1 not replied to by their day" in text
    assert "1 dead letter:" in text and "豫自然资督〔2021〕14号 410400 through e-mail: 550 no such mailbox" in text
    assert "starter.py resend henan --all" in text
    contract = {"campaign_id", "title", "phase", "day", "days", "starts_on", "ends_on", "as_of", "sites", "cities"}
    assert contract <= set(page.data) and page.data["deliveries"] == {"waiting": 1, "sent": 1, "failed": 1}


async def test_the_status_of_a_city_lists_its_open_documents(pool: Pool) -> None:
    await an_open_file(pool)
    open_: dict[str, Any] = {}
    for code in ("410400", "410600"):
        page = city_page(await read_city(pool, await city_subject(pool, "henan", code)))
        open_[code] = [one["kind"] for one in page.data["open_documents"]]
    assert open_ == {"410400": ["supervision_order", "circular"], "410600": []}
