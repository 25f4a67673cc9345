"""Calls of a lead county to departments: made, answered by the department alone, told upward while they are not."""

from datetime import date
from typing import Any

from schemas.actor import Actor, Role
from schemas.answers import Verdict
from schemas.calendar import DayUnit, NamedClause
from schemas.options.counties import Told
from tests.support.city_with_counties import LUSHAN, OF_BAOFENG, OF_LUSHAN, CountyLife, life_of_counties, say
from tests.support.sample_terms import deadline, on, working

FORESTS = Actor(id="chen", role=Role.DEPARTMENT, unit="县林业局")
WATERS = Actor(id="he", role=Role.DEPARTMENT, unit="县水利局")


def begun(**option: Any) -> CountyLife:
    life = life_of_counties(**{"leads": True} | option)
    life.at(on(7, 19, 9))
    return life


def called(life: CountyLife, by: Actor = OF_LUSHAN, **content: Any) -> Any:
    said = {"county": "鲁山县", "department": "县林业局", "matter": "核定林地范围"} | content
    command = say("call_department", by, life.now, **said)
    return life.at(life.now, command).result_of(command.command_id)


def test_call_has_a_number_a_deadline_and_a_document() -> None:
    life = begun(call=working(2))
    assert called(life, site="l1").verdict is Verdict.ACCEPTED
    (made,) = life.events("department_called")
    assert (made.call, made.county, made.due) == (f"{LUSHAN}-1", LUSHAN, deadline(7, 21))
    life.quiet_until(on(7, 20, 10))
    (document,) = [d for d in life.documents if d.kind == "department_call"]
    assert document.data["department"] == "县林业局" and document.data["site"] == "l1"
    assert document.progress.units == (), "the answer is what is asked for"


def test_call_names_a_day_that_is_to_come() -> None:
    life = begun()
    assert "has passed" in str(called(life, due=date(2021, 7, 16)).reason)
    called(life, due=date(2021, 7, 19))
    assert life.core.state.calls[f"{LUSHAN}-1"].due == deadline(7, 19)


def test_only_a_lead_county_calls_and_only_for_itself() -> None:
    assert "county_deployment.leads" in str(called(begun(leads=False)).reason)
    assert str(called(begun(), by=OF_BAOFENG).reason).startswith("rule call_department/county")


def test_only_the_called_department_answers_and_once() -> None:
    life = begun()
    called(life)
    answer = {"call": f"{LUSHAN}-1", "text": "已核定"}
    wrong = say("answer_call", WATERS, life.now, **answer)
    assert str(life.at(life.now, wrong).result_of(wrong.command_id).reason).startswith("rule answer_call/department")
    right = say("answer_call", FORESTS, life.now, **answer)
    assert life.at(life.now, right).result_of(right.command_id).verdict is Verdict.ACCEPTED
    again = say("answer_call", FORESTS, life.now, **answer)
    assert "no open call" in str(life.core.refusal(again, life.now))
    view = life.core.view(life.now)
    assert (view.calls, view.calls_made, view.calls_answered) == ((), 1, 1)


def test_silence_is_told_to_the_county_then_upward() -> None:
    life = begun(call=working(1))
    called(life)
    life.quiet_until(on(8, 2))
    told = [event.told for event in life.events("call_overdue")]
    assert told == [Told.COUNTY, Told.COUNTY_HEAD, Told.CITY, Told.CITY_HEAD]
    documents = [(d.rung, d.progress.county) for d in life.documents if d.kind == "call_overdue"]
    assert documents == [(1, LUSHAN), (2, LUSHAN), (3, None), (4, None)]
    assert life.core.view(life.now).calls[0].overdue


def test_call_says_the_clause_of_its_day() -> None:
    life = begun()
    called(life), called(life, due=date(2021, 7, 19))
    by_default, by_day = (one.clauses["due"] for one in life.core.view(life.now).calls)
    assert by_default == NamedClause(name="county_deployment.call", amount=3, unit=DayUnit.WORKING_DAYS)
    assert by_day == NamedClause(name="day")
    life.quiet_until(on(7, 30))
    told = [event.clauses for event in life.events("call_overdue") if event.call == f"{LUSHAN}-2"]
    assert [one["due"].name for one in told] == ["day"] * len(told) and "next_due" in told[0]


def test_answer_before_the_dispatch_cancels_the_notice() -> None:
    life = begun(call=working(1))
    called(life)
    life.at(deadline(7, 20))
    life.at(on(7, 20, 17), say("answer_call", FORESTS, on(7, 20, 17), call=f"{LUSHAN}-1", text="已核定"))
    life.quiet_until(on(7, 30))
    assert [d for d in life.documents if d.kind == "call_overdue"] == []
