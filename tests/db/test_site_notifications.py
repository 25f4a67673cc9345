"""Notifications about documents: who acted, why a document is not delivered, and the absence of requests."""

from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from commands.campaign.status_view import campaign_page
from commands.common.answers import tell_judged
from commands.common.page import Page
from commands.documents.view import document_page, documents_page, named_page
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.answers import Answer, Verdict
from schemas.calendar import Clause, DayUnit
from schemas.documents.document import DocumentState, Progress
from schemas.errors import InvalidInput, NotFound
from schemas.ladder import Instrument, Rung
from services.campaign.status import read_campaign
from services.common.absence import settled_document, still_tried, why_absent
from services.common.document_names import find_document
from services.common.subjects import Subject, campaign_subject, document_subject
from services.documents.reading import find_documents, find_named, read_document
from storage.connections import Pool
from tests.support.filed_documents import BUREAU, OFFICE, in_days, order, put, replied
from tests.support.small_campaign import start_campaign

PLAN_NUMBER = "豫公通〔2021〕1号"
CHEN = Actor(id="chen", role=Role.PROVINCE, unit="省办")
GIVEN: dict[str, Any] = {"command_id": "c", "actor": CHEN, "effective_at": in_days(9)}
SIGNED = Progress(units=(BUREAU,), signed={BUREAU: in_days(1)}, signed_by={BUREAU: "li"})
APPROVE, REJECT = cmd.Approve(**GIVEN, document="x"), cmd.Reject(**GIVEN, document="x", reason="flooded")
REPLY, LIFT = cmd.SendReply(**GIVEN, document="x", text="done"), cmd.Lift(**GIVEN, document="x", reason="done")


def printed(page: Page, columns: int = 200) -> str:
    console = Console(width=columns, markup=False, highlight=False, emoji=False)
    with console.capture() as capture:
        console.print(page.shown)
    return capture.get()


async def put_plan_notices(pool: Pool) -> tuple[str, str]:
    """The plan's document for both cities, with one number, signed, so that nothing is requested any more."""
    await start_campaign(pool, number=PLAN_NUMBER)
    first, second = [
        await put(
            pool, f"{city}:plan_issue:0:2021-07-17", city=city, kind="plan_issue", rung=0, number=PLAN_NUMBER,
            progress=SIGNED, ways=(("e-mail", "failed", "550 no such mailbox"),),
        )
        for city in ("410400", "410600")
    ]  # fmt: skip
    return first, second


async def test_ambiguous_document_number_requires_city(pool: Pool) -> None:
    first, second = await put_plan_notices(pool)
    typed = "豫公通[2021] 1号"
    assert (await find_document(pool, "henan", typed, "410600")).key == second
    with pytest.raises(InvalidInput, match=r"2 documents, one a city.*410400:plan_issue.*, 410600:plan_issue"):
        await find_document(pool, "henan", typed)
    assert (await find_document(pool, "henan", first)).key == first

    subject = await campaign_subject(pool, "henan")
    listed = named_page(await find_named(pool, subject, typed, None))
    assert [one["key"] for one in listed.data] == [first, second]
    assert "平顶山市" in printed(listed) and "鹤壁市" in printed(listed) and "--unit 410600" in printed(listed)
    assert (named_page(await find_named(pool, subject, typed, "鹤壁市"))).data["key"] == second
    with pytest.raises(NotFound, match="not one of 410600; it is of 410400"):
        named_page(await find_named(pool, subject, first, "410600"))


async def test_shared_document_number_suggested_once(pool: Pool) -> None:
    await put_plan_notices(pool)
    with pytest.raises(NotFound, match=f"Its last documents: {PLAN_NUMBER}; all of them"):
        await find_document(pool, "henan", "whatever")


async def test_status_names_city_of_dead_letter_and_who_may_resend(pool: Pool) -> None:
    await put_plan_notices(pool)
    text = printed(campaign_page(await read_campaign(pool, await campaign_subject(pool, "henan"))))
    assert f"{PLAN_NUMBER} 410400 through e-mail" in text and f"{PLAN_NUMBER} 410600 through e-mail" in text
    assert "starter.py resend henan --all --as ID:province:UNIT" in text


async def test_what_is_on_its_way_is_told_with_its_reason(pool: Pool) -> None:
    await start_campaign(pool)
    key = await put(
        pool, "410400:circular:3:a", kind="circular", number="12号",
        ways=(("hook", "waiting", "hook: 500 out of order"), ("e-mail", "waiting", None), ("outbox", "sent", "there")),
    )  # fmt: skip
    text = printed(campaign_page(await read_campaign(pool, await campaign_subject(pool, "henan"))))
    assert "2 on their way" in text
    assert "on its way: 12号 410400, hook was tried 1 time: 500 out of order" in text

    subject = replace(await document_subject(pool, "henan", key), is_delivery=True)
    assert still_tried(subject) == "; hook was tried 1 time: 500 out of order"


async def test_unknown_document_channel_error_lists_its_channels(pool: Pool) -> None:
    await start_campaign(pool)
    key = await put(pool, "410400:circular:3:a", ways=(("outbox", "sent", "there"), ("e-mail", "sent", "there")))
    subject = replace(await document_subject(pool, "henan", key), is_delivery=True)
    said = str(await why_absent(pool, subject, cmd.Resend(**GIVEN, channel="pigeon")))
    assert said == "this document does not go through pigeon; it goes through: outbox, e-mail"
    assert "every channel took it" in str(await why_absent(pool, subject, cmd.Resend(**GIVEN)))


@pytest.mark.parametrize(
    ("command", "never"), [(APPROVE, "approval"), (REJECT, "approval"), (REPLY, "a reply"), (LIFT, "a lifting")]
)
async def test_what_a_document_never_asked_for_is_not_told_as_settled(
    pool: Pool, command: cmd.Command, never: str
) -> None:
    first, _ = await put_plan_notices(pool)
    subject = await document_subject(pool, "henan", first)
    assert str(settled_document(subject, command)) == f"it never asked for {never}"


async def test_what_was_asked_for_and_given_is_told_as_settled(pool: Pool) -> None:
    await start_campaign(pool)
    lifted = order(signed={BUREAU: in_days(1), OFFICE: in_days(1)}, lifted_at=in_days(3), lifted_reason="done")
    key = await put(pool, "410400:supervision_order:2:a", state=DocumentState.LIFTED, progress=lifted)
    subject = await document_subject(pool, "henan", key)
    for command in (REPLY, LIFT):
        assert "under it any more: lifted on 2021-09-04 09:00 (done)" in str(settled_document(subject, command))


async def test_one_document_says_who_signed_replied_and_lifted(pool: Pool) -> None:
    await start_campaign(pool)
    answer = replied(3).model_copy(update={"by": "zhao"})
    progress = order(
        signed={BUREAU: in_days(1), OFFICE: in_days(2)}, signed_by={BUREAU: "li", OFFICE: "qian"}, replies=(answer,),
        lifted_at=in_days(9), lifted_reason="现场核查通过", lifted_by="wang",
    )  # fmt: skip
    key = await put(pool, "410400:supervision_order:2:a", state=DocumentState.LIFTED, progress=progress)
    text = printed(document_page(await read_document(pool, await document_subject(pool, "henan", key))))
    for said in (
        "signed 2021-09-02 09:00 by li", "signed 2021-09-03 09:00 by qian", "replied 2021-09-04 09:00 by zhao: 已责成",
        "2021-09-10 09:00 by wang 现场核查通过",
    ):  # fmt: skip
        assert said in text


async def test_a_rejected_draft_says_who_rejected_it_and_when(pool: Pool) -> None:
    await start_campaign(pool)
    rejected = Progress(
        approver="分管厅领导",
        approval_due=in_days(2),
        approved_by="chen",
        decided_at=in_days(1),
        decision_reason="汛期",
    )
    key = await put(pool, "410400:circular:3:a", kind="circular", state=DocumentState.REJECTED, progress=rejected)
    lines = printed(document_page(await read_document(pool, await document_subject(pool, "henan", key)))).splitlines()
    assert any(line.split() == ["rejected", "2021-09-02", "09:00", "by", "chen"] for line in lines)


@pytest.mark.parametrize(
    ("narrowed", "said"),
    [
        ({"state": "overdue"}, "henan: none of its documents is overdue"),
        ({"state": "dead", "unit": "平顶山市"}, "henan: none of its documents of 平顶山市 is dead"),
        ({"kind": "circular"}, "henan: no document of kind circular is there yet"),
    ],
)
async def test_an_empty_list_says_of_what_there_is_nothing(pool: Pool, narrowed: dict[str, str], said: str) -> None:
    await start_campaign(pool)
    await put(pool, "410400:reminder:0:a", kind="reminder", rung=0)
    wanted: dict[str, str | None] = {"unit": None, "state": None, "kind": None, **narrowed}
    page = documents_page(await find_documents(pool, await campaign_subject(pool, "henan"), **wanted))
    assert printed(page).strip() == said


async def test_the_week_of_a_briefing_is_no_rung(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    await start_campaign(pool)
    await put(pool, "410400:briefing:7:a", kind="briefing", rung=7, number="7号")
    await put(pool, "410400:supervision_order:2:a", number="8号")
    subject = with_ladder(await campaign_subject(pool, "henan"))
    page = documents_page(await find_documents(pool, subject, None, None, None))
    briefing, climbed = [line for line in printed(page).splitlines() if "号 " in line]
    assert "week 7" in briefing and "7" not in briefing.partition("week 7")[2].split("2021")[0]
    assert climbed.split()[3] == "2"


def with_ladder(subject: Subject) -> Subject:
    """The same campaign, with a supervision order as its second rung."""
    after = Clause(amount=2, unit=DayUnit.WORKING_DAYS)
    ladder = (Rung(rung=2, instrument=Instrument.SUPERVISION_ORDER, after=after),)
    plan = subject.frozen.plan.model_copy(update={"ladder": ladder})
    return replace(subject, frozen=subject.frozen.model_copy(update={"plan": plan}))


async def test_a_decision_on_a_draft_says_what_follows(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    await start_campaign(pool)
    key = await put(pool, "410400:circular:3:a", kind="circular", state=DocumentState.DRAFTED, sites=("甲-1",))
    subject = await document_subject(pool, "henan", key)
    for command, follows in ((APPROVE, "goes out at the next dispatch hour"), (REJECT, "stay on the rung before")):
        tell_judged(subject, command, Answer(command_id="c", verdict=Verdict.ACCEPTED), False)
        assert follows in capsys.readouterr().out
