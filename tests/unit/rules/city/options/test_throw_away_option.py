"""An option of a city outside the tree: a visit by the province, with a deadline."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import pytest

from rules.calendar import clause_end
from rules.city.aggregate import CityAggregate
from rules.city.options.protocol import CityOption, Due
from rules.city.options.registry import CITY_OPTIONS
from rules.city.state import CityState
from rules.event_time import EventTime
from schemas import commands as cmd
from schemas.answers import Verdict
from schemas.base import Instant
from schemas.calendar import Clause
from schemas.city import CityTerms
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.option import Option
from schemas.permit import BY_PROVINCE, at
from schemas.stages import RUNNING_CITY
from tests.support.imagined_city import CityLife, city_terms
from tests.support.sample_terms import CITY, PROVINCE, on, working

NAME = "visit"


class ReportVisit(Command):
    kind: Literal["report_visit"] = "report_visit"


class Visited(Event):
    kind: Literal["visited"] = "visited"


class VisitOverdue(Event):
    kind: Literal["visit_overdue"] = "visit_overdue"
    due: Instant


class VisitOption(CityOption):
    """Terms: `options["visit"] = {"within": clause}`. State: `{"visited", "overdue"}`."""

    data = Option(
        name=NAME,
        subject="city",
        commands={"report_visit": ReportVisit},
        events=(Visited, VisitOverdue),
        permits={"report_visit": at(RUNNING_CITY, BY_PROVINCE)},
        command_events={"report_visit": ("visited",)},
    )

    def decide(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> Iterable[Event]:
        if NAME not in terms.options:
            raise Refused("report_visit is not foreseen: the plan asks for no visit")
        yield Visited()

    def running_deadlines(self, terms: CityTerms, state: CityState) -> Iterable[Due]:
        if NAME in terms.options and NAME not in state.options:
            within = Clause.model_validate(terms.options[NAME]["within"])
            due = clause_end(terms.calendar, terms.issued_at, within)
            yield due, VisitOverdue(due=due)

    def apply(self, terms: CityTerms, state: CityState, event: Event, at: datetime, received_at: datetime) -> None:
        if isinstance(event, Visited | VisitOverdue):
            state.options = {**state.options, NAME: event.kind}

    def facts(self, terms: CityTerms, state: CityState) -> dict[str, Any]:
        return {"options": dict(state.options)} if state.options else {}


def visited_city(**changes: Any) -> CityLife:
    life = CityLife(CityAggregate(city_terms(**({"options": {NAME: {"within": working(2)}}} | changes))))
    life.at(on(7, 19, 9))
    return life


def visit(by: Any = PROVINCE) -> ReportVisit:
    return ReportVisit(command_id="visit", actor=by, effective_at=on(7, 20, 10))


def test_command_of_a_registered_option_is_recorded() -> None:
    with CITY_OPTIONS.registered(VisitOption()):
        assert "report_visit" in cmd.CITY_COMMANDS
        life = visited_city()
        assert life.at(on(7, 20, 10), visit()).result_of("visit").verdict is Verdict.ACCEPTED
        life.quiet_until(on(7, 30))
        assert [kind for kind in life.kinds() if kind.startswith("visit")] == ["visited"]
        again = CityAggregate(life.core.terms)
        again.restore(life.entries)
        assert again.row().facts == life.core.row().facts is not None
        assert again.view(on(7, 30)).options == {NAME: "visited"}


def test_deadline_of_a_registered_option_is_run_once() -> None:
    with CITY_OPTIONS.registered(VisitOption()):
        life = visited_city()
        life.quiet_until(on(7, 30))
        assert [(e.kind, e.at) for e in life.of("visit_overdue")] == [("visit_overdue", on(7, 22))]


def test_permit_of_a_registered_option_is_compared() -> None:
    with CITY_OPTIONS.registered(VisitOption()):
        judged = visited_city().at(on(7, 20, 10), visit(CITY)).result_of("visit")
        assert judged.reason == "rule report_visit/*: report_visit is for the roles province; city office acts as city"


def test_option_is_unknown_after_its_context() -> None:
    with CITY_OPTIONS.registered(VisitOption()):
        pass
    assert "report_visit" not in cmd.CITY_COMMANDS
    assert VisitOption not in {type(option) for option in CITY_OPTIONS}


def test_option_with_a_taken_command_is_refused() -> None:
    class Twin(VisitOption):
        data = Option(name="twin", subject="city", commands={"look_back": ReportVisit})

    with pytest.raises(ValueError, match="look_back is known already"), CITY_OPTIONS.registered(Twin()):
        pass
