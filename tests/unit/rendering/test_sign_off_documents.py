"""Documents about overdue departments: first to the lead government, then to each higher level of the city."""

import pytest

from rendering.composing import compose
from rendering.specimens import DATA, draft, frozen_plan, lines
from rules.documents.addressing import UNSIGNED
from schemas.calendar import Clause, DayUnit
from schemas.offices import Recipient
from schemas.options.sign_off import SignOffRule
from schemas.plan import FrozenPlan

LEAD = Recipient(name="县人民政府", email="office@county.invalid")
RULE = SignOffRule(due=Clause(amount=3, unit=DayUnit.WORKING_DAYS), lead_governments=(LEAD,))


def asking(language: str = "zh-CN") -> FrozenPlan:
    return frozen_plan(language, sign_off=RULE)


def test_sign_off_overdue_first_addressed_to_lead_governments() -> None:
    other = DATA["sign_off_overdue"] | {"lead_government": "邻县人民政府"}
    listed = (*lines("sign_off_overdue"), *lines("sign_off_overdue", count=1, site_id="LX-001", data=other))
    rendered = compose(asking(), draft("sign_off_overdue"), listed)
    assert rendered.recipients == (LEAD, Recipient(name="邻县人民政府"))
    assert rendered.addressee == "县人民政府、邻县人民政府"
    assert "县自然资源局、县生态环境局（牵头政府：邻县人民政府）" in rendered.text


@pytest.mark.parametrize(("rung", "office"), [(1, "市人民政府"), (2, "市人民政府"), (3, "市人民政府")])
def test_what_it_is_told_again_goes_upward_in_the_city(rung: int, office: str) -> None:
    rendered = compose(asking(), draft("sign_off_overdue", rung=rung), lines("sign_off_overdue"))
    assert [one.name for one in rendered.recipients] == [office]


def test_who_signs_is_asked_for_nothing_more_by_the_document() -> None:
    assert "sign_off_overdue" in UNSIGNED


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-CN", "部门会签（县水利局）未通过，进入第2轮"),
        ("en", "departmental sign-off (县水利局) failed, round 2 begins"),
    ],
)
def test_sign_off_refusal_names_department_closure_the_sign_off(language: str, said: str) -> None:
    data = DATA["rectification_opinion"] | {"level": "sign_off", "department": "县水利局"}
    opinion = compose(
        asking(language), draft("rectification_opinion"), lines("rectification_opinion", count=1, data=data)
    )
    assert said in opinion.text
    closed = lines("closure", count=1, data={"level": "sign_off", "round": 1})
    words = {"zh-CN": "第1轮经部门会签合格", "en": "passed departmental sign-off in round 1"}
    assert words[language] in compose(asking(language), draft("closure"), closed).text
