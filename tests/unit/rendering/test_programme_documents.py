"""The documents of a programme: their tables, and what is said of silence, differences and missed targets."""

import pytest

from rendering.composing import compose
from rendering.specimens import PROGRAMME, draft, frozen_plan
from rules.documents.addressing import LEVELS, for_cities
from tests.unit.rendering.test_composing import Tags


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("kind", ["year_task", "year_report", "programme_report"])
def test_programme_document_has_its_table_with_a_sum(kind: str, language: str) -> None:
    rendered = compose(frozen_plan(language), draft(kind))
    rows = 2 if kind == "programme_report" else 3
    assert Tags(rendered.html).tags.count("tr") == rows, "the head, a county, the sum"
    assert "36.5" in rendered.text


def test_year_task_names_silent_cities_and_differences() -> None:
    told = compose(frozen_plan("en"), draft("year_task")).text
    assert "No survey of this year's stock came from 平顶山市" in told
    assert "the given task is not what was chosen there: 平顶山市 鲁山县: task 40 ha, chosen 36.5 ha" in told
    quiet = compose(
        frozen_plan("en"), draft("year_task", data=PROGRAMME["year_task"] | {"silent": [], "differing": []})
    )
    assert "No survey" not in quiet.text and "given task" not in quiet.text


def test_year_report_lists_the_counties_that_missed() -> None:
    told = compose(frozen_plan("en"), draft("year_report")).text
    assert "was missed" in told and "Counties that missed their task: 平顶山市 鲁山县: task 40 ha, done 36.5 ha" in told


@pytest.mark.parametrize("step", range(1, len(LEVELS) + 1))
def test_overdue_survey_goes_up_a_level_each_step(step: int) -> None:
    plan = frozen_plan("en").plan
    bureaus = for_cities(plan, ["410400"], "year_task", 1)
    assert bureaus.recipients == plan.cities[0].recipients
    told = for_cities(plan, ["410400"], "stock_survey_overdue", step)
    agencies = tuple(agency.name for agency in plan.issuing_agencies)
    assert (told.addressee == agencies) == (step == len(LEVELS))
    assert not {one.name for one in told.recipients} & {one.name for one in bureaus.recipients}
