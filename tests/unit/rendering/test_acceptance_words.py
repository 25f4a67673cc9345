"""Documents about experts, about single problems, and about exhausted rounds."""

import pytest

from rendering.composing import compose
from rendering.specimens import draft, frozen_plan, lines
from rules.documents.addressing import addressing
from schemas.documents.document import Progress


def test_overdue_acceptance_names_experts_without_opinion() -> None:
    data = {"level": "county", "due": "2021-08-31", "missing": ["专家甲", "专家乙"]}
    chinese = compose(
        frozen_plan("zh-CN"), draft("acceptance_overdue"), lines("acceptance_overdue", count=1, data=data)
    )
    assert "未出具意见的专家：专家甲、专家乙" in chinese.text
    english = compose(frozen_plan("en"), draft("acceptance_overdue"), lines("acceptance_overdue", count=1, data=data))
    assert "no opinion yet of: 专家甲, 专家乙" in english.text


def test_a_problem_that_is_returned_does_not_begin_a_round() -> None:
    data = {"level": "county", "due": "2021-08-31", "problem": "open_adit", "round": 1, "opinion": "封堵厚度不足"}
    said = compose(
        frozen_plan("zh-CN"), draft("rectification_opinion"), lines("rectification_opinion", count=1, data=data)
    ).text
    assert "问题open_adit退回" in said
    assert "进入第" not in said


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN", "多轮验收不合格"), ("en", "acceptance failed again and again")]
)
def test_a_site_that_used_up_its_rounds_is_not_called_overdue(language: str, words: str) -> None:
    data = {"due": "2021-09-30", "round": 4, "exhausted": True}
    said = compose(frozen_plan(language), draft("interview"), lines("interview", count=1, data=data)).text
    assert words in said
    assert "0 days overdue" not in said and "逾期0天" not in said


def test_the_silence_of_a_level_goes_to_the_one_above_it() -> None:
    plan = frozen_plan("zh-CN").plan
    city = plan.cities[0].code

    def whom(rung: int) -> tuple[str, ...]:
        return addressing(plan, city, "acceptance_overdue", rung, Progress()).addressee

    assert whom(0) == (plan.cities[0].name, plan.cities[0].lead)
    assert whom(1) == (plan.cities[0].lead,)
    assert whom(4) == tuple(agency.name for agency in plan.issuing_agencies)
