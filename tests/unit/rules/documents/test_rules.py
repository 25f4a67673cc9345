"""Nobody can answer for another city, and an agency lifts its own documents only."""

from datetime import date, datetime

import pytest

from schemas import commands as cmd
from schemas.actor import Actor, Role
from tests.support.escalating_city import CHIEF, ISSUER, EscalatingCity, days, frozen, working

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
