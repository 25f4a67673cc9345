"""Nobody can answer for another city, and an agency lifts its own documents only."""

from datetime import date, datetime, timedelta

import pytest

from rules.calendar import clause_end
from rules.city.dispatch import issued, outgoing
from rules.documents.state import PlannedDocument
from rules.terms.documents import document_terms
from schemas import commands as cmd
from schemas.actor import Actor, Role
from schemas.documents.document import Lot
from schemas.work import Gathered, Numbered
from tests.support.escalating_city import APPROVER, CHIEF, ISSUER, EscalatingCity, days, frozen, working

ORDER = {
    "rung": 2, "instrument": "supervision_order", "after": days(1), "reply": working(5), "receipt": working(5),
    "lifting": "decision",
}  # fmt: skip


@pytest.fixture
def life() -> EscalatingCity:
    """The order of Mon 23 Aug is issued and unsigned."""
    city = EscalatingCity(frozen("2021-07-19", "2021-12-31", ladder=[ORDER]), date(2021, 8, 20), signing=False)
    city.live(datetime.fromisoformat("2021-08-23T10:00:00+08:00"))
    return city


def of_a_city(unit: str) -> Actor:
    return Actor(id="li", role=Role.CITY, unit=unit)


@pytest.mark.parametrize("unit", ["410600", "鹤壁市", "公安局二科"])
def test_actor_of_no_city_unit_can_neither_sign_nor_reply(life: EscalatingCity, unit: str) -> None:
    order = life.newest("supervision_order")
    life.says(cmd.SignReceipt, of_a_city(unit), document=order)
    life.says(cmd.SendReply, of_a_city(unit), document=order, text="正在整改")
    assert len(life.refused) == 2 and all("for 平顶山市 act 410400" in reason for reason in life.refused)
    assert not life.progress[order].signed and not life.progress[order].replies


@pytest.mark.parametrize("unit", ["410400", "平顶山市", "自然资源局", "分管副市长"])
def test_the_city_and_each_of_its_units_may_answer(life: EscalatingCity, unit: str) -> None:
    order = life.newest("supervision_order")
    life.says(cmd.SendReply, of_a_city(unit), document=order, text="正在整改")
    (reply,) = life.progress[order].replies
    assert not life.refused and reply.by == "li"


def test_the_plan_is_signed_for_by_its_own_city_only() -> None:
    city = EscalatingCity(frozen("2021-07-19", "2021-12-31", ladder=[ORDER]), date(2021, 8, 20), deployed=False)
    city.says(cmd.SignReceipt, of_a_city("410600"))
    assert "for 平顶山市 act" in city.refused[0] and city.desk.state.receipt_signed_at is None


def test_a_province_lifts_its_own_documents_and_a_supervisor_any(life: EscalatingCity) -> None:
    order = life.newest("supervision_order")
    life.says(cmd.Lift, CHIEF, document=order, reason="整改到位")
    assert "is lifted by its issuer, 自然资源厅; chief acts for 厅长" in life.refused[0]
    life.says(cmd.Lift, ISSUER, document=order, reason="整改到位")
    assert life.progress[order].lifted_by == "issuer"


def test_answer_of_before_the_issue_counts_as_of_its_receipt(life: EscalatingCity) -> None:
    order = life.newest("supervision_order")
    life.says(cmd.SignReceipt, of_a_city("410400"), datetime.fromisoformat("2021-08-22T10:00:00+08:00"), document=order)
    assert set(life.progress[order].signed.values()) == {life.now}
    assert "was issued (2021-08-23 09:00)" in life.events("document_signed")[-1].warnings[0]


def test_reply_heard_later_promises_and_holds_as_of_its_receipt() -> None:
    ladder = [{**ORDER, "reply_holds": days(30)}, {"rung": 3, "instrument": "circular", "after": days(1)}]
    city = EscalatingCity(frozen("2021-07-19", "2021-12-31", ladder=ladder), date(2021, 8, 20))
    city.live(datetime.fromisoformat("2021-08-23T10:00:00+08:00"))
    order, actor = city.newest("supervision_order"), of_a_city("410400")
    city.says(cmd.SendReply, actor, document=order, text="正在整改", complete_by=date(2021, 9, 10))
    city.live(datetime.fromisoformat("2021-09-08T07:00:00+08:00"))
    claimed = datetime.fromisoformat("2021-09-06T10:00:00+08:00")
    city.says(cmd.SendReply, actor, claimed, document=order, text="已完成", complete_by=date(2021, 9, 7))
    assert city.refused == ["2021-09-07 has passed; a reply promises a day that is to come"]
    city.says(cmd.SendReply, actor, claimed, document=order, text="请求延期")
    assert city.progress[order].replies[-1].at == claimed, "its event time is accepted"
    city.live(datetime.fromisoformat("2021-09-10T10:00:00+08:00"))
    assert city.ladder()[-1] == "09-09 circular 3", "not on the day of the receipt"


def test_receipt_of_before_the_reply_keeps_its_time() -> None:
    """The first reply lifts the document; what a second unit signed before it was signed then."""
    ladder = [{**ORDER, "lifting": "replied"}]
    city = EscalatingCity(frozen("2021-07-19", "2021-12-31", ladder=ladder), date(2021, 8, 20), signing=False)
    signed_at = datetime.fromisoformat("2021-08-23T10:00:00+08:00")
    city.live(signed_at + timedelta(hours=2))
    order = city.newest("supervision_order")
    city.says(cmd.SendReply, of_a_city("自然资源局"), document=order, text="已完成")
    city.says(cmd.SignReceipt, of_a_city("公安局"), signed_at, document=order)
    assert city.progress[order].lifted_at is not None and city.progress[order].signed["公安局"] == signed_at


def test_documents_that_go_out_late_are_due_counted_from_then(life: EscalatingCity) -> None:
    """The dispatch of the 23rd is numbered only on the 6th of September: Postgres was away."""
    terms, late = life.terms, datetime.fromisoformat("2021-09-06T10:00:00+08:00")
    at = datetime.fromisoformat("2021-08-23T09:00:00+08:00")
    spec = PlannedDocument(key="k", kind="supervision_order", rung=2)
    numbered = Numbered(at=at, year=2021, numbers={"k": 7})
    receipt = terms.documents.instruments[0].receipt
    in_time, after = (issued(terms, spec, numbered, now) for now in (at, late))
    assert in_time.receipt_due == clause_end(terms.calendar, at, receipt)
    assert after.receipt_due == after.reply_due == clause_end(terms.calendar, late, receipt)
    lot = Lot(kind="circular", rung=3, sites=("a",))
    approved = {"rung": 3, "instrument": "circular", "after": working(5), "approver": APPROVER, "approval": working(1)}
    plan = frozen("2021-07-19", "2021-12-31", ladder=[ORDER, approved]).plan
    approving = terms.model_copy(update={"documents": document_terms(plan)})
    [draft] = outgoing(approving, [], {}, Gathered(at=at, lots=(lot,)), late).drafts
    assert draft.due is not None and draft.due > late
