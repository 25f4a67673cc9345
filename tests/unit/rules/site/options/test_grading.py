"""Grades by the plan's rules, and what follows when a person grades a site otherwise."""

from datetime import date, datetime
from typing import Any

import pytest

from rules.site.variations import ladder, reminder_days
from schemas import commands as cmd
from schemas.actor import Actor
from schemas.options.grading import Grade, GradingRule, Range, Regrade
from schemas.register import Hazard, Problem, Site
from schemas.variations import VariationTerms
from tests.support.sample_terms import (
    CITY,
    COUNTY,
    PROVINCE,
    SiteLife,
    all_work,
    amended,
    calendar_days,
    deadline,
    extended,
    failed,
    on,
    refused,
    suspended,
    working,
)

pytestmark = pytest.mark.unit


def named(clause: Any, name: str) -> Any:
    return clause.model_copy(update={"name": name})


HIGH = VariationTerms(
    hazard="high",
    rectification=named(calendar_days(10), "variations[0].rectification"),
    re_rectification=named(working(3), "variations[0].re_rectification"),
    reminder_days=(5, 1),
    ladder={3: named(working(1), "variations[0].ladder.3")},
)
LOW = VariationTerms(hazard="low", rectification=named(calendar_days(60), "variations[1].rectification"))


def graded(hazard: Hazard = Hazard.MEDIUM, **changes: Any) -> SiteLife:
    usual: dict[str, Any] = {"grade": Grade(hazard=hazard, by="register"), "variations": (HIGH, LOW)}
    return SiteLife(**(usual | changes))


def regrades(at: datetime, hazard: Hazard, by: Actor = CITY, claimed: datetime | None = None) -> cmd.Command:
    return Regrade(
        command_id=f"regrade {hazard} {at}", actor=by, effective_at=claimed or at, hazard=hazard, reason="边坡变形"
    )


def site(**changes: Any) -> Site:
    usual: dict[str, Any] = {"id": "P1", "name": "矿", "city": "410400", "county": "鲁山县", "type": "adit"}
    return Site(**(usual | changes))


@pytest.mark.parametrize(
    ("rule", "row", "matches"),
    [
        ({}, {}, True),
        ({"problems": ["adit"]}, {"problems": (Problem(kind="shaft"),)}, False),
        ({"problems": ["adit", "shaft"]}, {"problems": (Problem(kind="shaft"),)}, True),
        ({"problems": ["adit"], "count": {"at_least": 3}}, {"problems": (Problem(kind="adit", count=3),)}, True),
        (
            {"problems": ["adit"], "count": {"at_least": 3}},
            {"problems": (Problem(kind="adit", count=2), Problem(kind="shed", count=9))},
            False,
        ),
        ({"depth_m": {"at_least": 20}}, {"depth_m": 20}, True),
        ({"depth_m": {"at_least": 20}}, {"depth_m": 19.5}, False),
        ({"depth_m": {"at_least": 20}}, {}, False),
        ({"distance_m": {"below": 100}}, {"distance_m": 100}, False),
        ({"area_ha": {"at_least": 1, "below": 2}, "distance_m": {"below": 100}}, {"area_ha": 1.5}, False),
        ({"area_ha": {"at_least": 1, "below": 2}}, {"area_ha": 1.5}, True),
    ],
)
def test_rule_matches_where_every_condition_holds(rule: dict[str, Any], row: dict[str, Any], matches: bool) -> None:
    made = GradingRule.model_validate({"hazard": "high", "title": "示例", **rule})
    assert made.matches(site(**row)) is matches


def test_a_range_without_values_is_a_fault() -> None:
    for wrong in ({}, {"at_least": 3, "below": 3}):
        with pytest.raises(ValueError, match="at_least"):
            Range.model_validate(wrong)


def test_stricter_grade_counts_from_when_it_is_heard() -> None:
    life = graded()
    life.at(on(7, 29, 9), regrades(on(7, 29, 9), Hazard.HIGH))
    assert life.state.due == deadline(8, 8), "ten days from the order, not from the opening"
    assert life.core.view(on(7, 29, 10)).clauses["due"].name == "variations[0].rectification"
    (notice,) = [one for one in life.notices if one.kind == "regrading"]
    assert (
        notice.data["before"] == "medium" and notice.data["reason"] == "边坡变形" and notice.data["due"] == "2021-08-08"
    )
    assert notice.data["clauses"]["due"]["amount"] == 10


def test_stricter_grade_never_sets_a_deadline_in_the_past() -> None:
    life = graded()
    life.at(on(8, 19, 9), regrades(on(8, 19, 9), Hazard.HIGH, claimed=on(8, 16, 12)))
    assert life.state.due == deadline(8, 20), "what stands is earlier than ten days from now"
    none_left = graded(variations=(HIGH.model_copy(update={"rectification": calendar_days(0)}),))
    none_left.at(on(8, 2, 9), regrades(on(8, 2, 9), Hazard.HIGH))
    assert none_left.state.due == deadline(8, 3), "until the end of the next day"


def test_overdue_site_keeps_its_deadline_when_graded_higher() -> None:
    life = graded()
    life.quiet_until(on(8, 24))
    life.at(on(8, 24, 9), regrades(on(8, 24, 9), Hazard.HIGH))
    assert life.state.due == deadline(8, 20) and life.state.rung > 0


def test_milder_grade_only_gives_time() -> None:
    life = graded()
    life.at(on(7, 29, 9), regrades(on(7, 29, 9), Hazard.LOW))
    assert life.state.due == deadline(9, 17), "sixty days from the opening"
    high = graded(Hazard.HIGH, due=deadline(7, 29))
    high.at(on(7, 22, 9), extended(on(7, 22, 9), deadline(9, 30).date()))
    granted = high.state.due
    high.at(on(7, 23, 9), regrades(on(7, 23, 9), Hazard.MEDIUM))
    assert high.state.due == granted, "a day that was granted is later than the milder clause gives"


def test_a_granted_extension_stays_under_a_stricter_grade() -> None:
    life = graded()
    life.at(on(7, 22, 9), extended(on(7, 22, 9), deadline(9, 10).date()))
    granted = life.state.due
    life.at(on(7, 23, 9), regrades(on(7, 23, 9), Hazard.HIGH))
    assert life.state.due == granted and life.core.view(on(7, 23, 9)).clauses["due"].name == "extension"


def test_county_only_raises_the_hazard_of_its_sites() -> None:
    life = graded()
    assert "a county only raises" in refused(life, regrades(on(7, 22, 9), Hazard.LOW, COUNTY))
    life.at(on(7, 22, 9), regrades(on(7, 22, 9), Hazard.HIGH, COUNTY))
    assert life.state.grade == Grade(hazard=Hazard.HIGH, by=COUNTY.unit, reason="边坡变形")
    assert "graded high already, by office of county" in refused(life, regrades(on(7, 23, 9), Hazard.HIGH))
    life.at(on(7, 23, 9), regrades(on(7, 23, 9), Hazard.LOW, PROVINCE))
    assert life.core.row().facts.grade.hazard is Hazard.LOW  # type: ignore[union-attr]


def test_a_plan_without_grades_refuses_to_regrade() -> None:
    assert "neither `grading` nor `variations`" in refused(SiteLife(), regrades(on(7, 22, 9), Hazard.HIGH))


def test_graces_and_reminders_follow_the_new_grade() -> None:
    life = graded()
    assert reminder_days(life.core.terms, life.state) == ()
    life.at(on(7, 29, 9), regrades(on(7, 29, 9), Hazard.HIGH))
    assert reminder_days(life.core.terms, life.state) == (5, 1)
    assert {rung.rung: rung.after.name for rung in ladder(life.core.terms, life.state)}[3] == "variations[0].ladder.3"
    life.quiet_until(on(8, 12))
    assert life.climbs()[:2] == [(2, date(2021, 8, 9)), (3, date(2021, 8, 10))], "one working day, not five"


def test_work_is_done_again_within_the_clause_of_the_grade() -> None:
    life = graded()
    life.at(on(7, 22, 9), regrades(on(7, 22, 9), Hazard.HIGH))
    life.at(on(7, 26, 9), *all_work(on(7, 26, 9)))
    life.at(on(7, 27, 9), failed(on(7, 27, 9), "county"))
    assert life.state.due == deadline(7, 30), "three working days"
    assert life.state.clauses["due"].name == "variations[0].re_rectification"


def test_an_amendment_counts_a_stricter_grade_from_its_order() -> None:
    life = graded()
    life.at(on(7, 29, 9), regrades(on(7, 29, 9), Hazard.HIGH))
    longer = HIGH.model_copy(
        update={"rectification": named(calendar_days(20), "amendment 1: variations[0].rectification")}
    )
    life.at(on(7, 30, 9), amended(on(7, 30, 9), variations=(longer, LOW)))
    assert life.state.due == deadline(8, 18), "twenty days from the order"
    assert life.state.clauses["due"].name.startswith("amendment 1: ")


def test_a_milder_grade_counts_what_stood_still() -> None:
    life = graded()
    life.at(on(7, 20, 0), suspended(on(7, 20, 0)))
    life.at(on(7, 25, 0), cmd.Resume(command_id="resume", actor=PROVINCE, effective_at=on(7, 25, 0)))
    life.at(on(7, 29, 9), regrades(on(7, 29, 9), Hazard.LOW))
    assert life.state.due == deadline(9, 22), "sixty days and the five that stood still"
