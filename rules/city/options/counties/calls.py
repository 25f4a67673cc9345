"""Calls of a lead county's government to departments: made, answered, and told of upward while they are not."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rules.aggregate import EventTime, Question
from rules.calendar import clause_end, end_of, local_date
from rules.city.notices import Line, add_lines, edit_lines, put_notice
from rules.city.options.counties.owed import next_told
from rules.city.options.counties.units import addressed_at, counties_of, unit_named
from rules.city.options.protocol import CityOption, Due
from rules.city.state import CityNotice, CityState
from rules.documents.numbering import document_key
from schemas.actor import Units, unit_name
from schemas.calendar import BY_DAY, Clause, DayUnit, clause_data, named
from schemas.city import CityTerms
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.calls import CALLS, AnswerCall, CallAnswered, CallDepartment, CallOverdue, DepartmentCalled
from schemas.options.county_state import CallFacts, CallState

OVERDUE = "call_overdue"
"""The kind of the document that tells of a call without an answer."""

_CLAUSE = Clause(amount=3, unit=DayUnit.WORKING_DAYS, name="county_deployment.call")
"""The clause of a call where neither it nor the plan says one: office handling of an ordinary matter."""


class CallOption(CityOption):
    """Part of the plan's option `county_deployment`, with `leads`."""

    data = CALLS

    def units(self, terms: CityTerms, state: CityState, command: Command) -> Units:
        """A call is the county's, its answer the department's that was called."""
        if terms.counties is None:
            return terms.units
        match command:
            case CallDepartment():
                return terms.units.model_copy(update={"county": unit_named(terms, command.county).units})
            case AnswerCall():
                department = _open_call(terms, state, command.call).department
                return terms.units.model_copy(update={"department": (unit_name(department),)})
        return terms.units

    def answers(self, state: CityState, command: Command) -> Question | None:
        """Nobody answers a call before it was made."""
        call = state.calls.get(command.call) if isinstance(command, AnswerCall) else None
        return None if call is None else Question(call.called_at, f"call {command.call} was made")  # type: ignore[attr-defined]

    def decide(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> Iterator[Event]:
        """A call, or its answer."""
        counties = counties_of(terms)
        match command:
            case CallDepartment():
                if not counties.leads:
                    raise Refused("call_department is not allowed: the plan has no `county_deployment.leads`")
                unit = unit_named(terms, command.county)
                today = local_date(terms.calendar, when.heard_at)
                if command.due is not None and command.due < today:
                    raise Refused(f"{command.due} has passed; a call is answered by a day that is to come")
                if command.due is not None:
                    due, clauses = end_of(terms.calendar, command.due), named(due=BY_DAY)
                else:
                    clause = counties.call or _CLAUSE
                    due, clauses = clause_end(terms.calendar, when.heard_at, clause), named(due=clause)
                yield DepartmentCalled(
                    call=f"{unit.code}-{state.calls_made + 1}",
                    county=unit.code,
                    department=command.department.strip(),
                    matter=command.matter,
                    site=command.site,
                    due=due,
                    clauses=clauses,
                )
            case AnswerCall():
                _open_call(terms, state, command.call)
                yield CallAnswered(call=command.call, text=command.text)

    def deadlines(self, terms: CityTerms, state: CityState, now: datetime) -> Iterator[Due]:
        """The next level to tell of each call without an answer, until the campaign ends."""
        if terms.counties is None or state.ended_at is not None:
            return
        for number, call in state.calls.items():
            unit = terms.counties.unit(call.county)
            levels = unit.told if unit is not None else ()
            if call.next_due is not None and call.told < len(levels):
                next_due = next_told(terms.calendar, terms.counties.upward, levels, call.told, call.next_due, now)
                upward = terms.counties.upward if next_due is not None else None
                clauses = named(due=call.clauses.get("due"), next_due=upward)
                told = CallOverdue(
                    call=number, due=call.due, told=levels[call.told], next_due=next_due, clauses=clauses
                )
                yield call.next_due, told

    def apply(self, terms: CityTerms, state: CityState, event: Event, at: datetime, received_at: datetime) -> None:
        """A call waits for its answer and is sent with the next dispatch; an answer ends it."""
        match event:
            case DepartmentCalled():
                state.calls_made += 1
                call = CallState(
                    county=event.county, department=event.department, matter=event.matter, site=event.site,
                    called_at=at, due=event.due, next_due=event.due,
                    clauses=named(due=event.clauses.get("due"), next_due=event.clauses.get("due")),
                )  # fmt: skip
                state.calls = {**state.calls, event.call: call}
                day_key = document_key(terms.campaign_id, terms.code, "department_call", 0, terms.calendar, at)
                data = _line(terms, event.call, call)
                put_notice(state, CityNotice(kind="department_call", data=data, at=at, key=f"{day_key}:{event.call}"))
            case CallAnswered():
                state.calls_answered += 1
                state.calls = {number: one for number, one in state.calls.items() if number != event.call}
                edit_lines(state, OVERDUE, "calls", lambda line: None if line["call"] == event.call else line)
            case CallOverdue() if event.call in state.calls:
                call, counties = state.calls[event.call], counties_of(terms)
                call.told, call.next_due, call.clauses = call.told + 1, event.next_due, event.clauses
                unit = counties.unit(call.county)
                addressed = addressed_at(unit, event.told) if unit is not None else None
                lines = {"calls": [_line(terms, event.call, call)]}
                add_lines(state, OVERDUE, at, lines, rung=event.told, county=addressed)

    def facts(self, terms: CityTerms, state: CityState) -> dict[str, Any]:
        """The open calls, and how many were made and answered."""
        if not state.calls_made:
            return {}
        calls = tuple(
            CallFacts(
                call=number, county=one.county, department=one.department, matter=one.matter, site=one.site,
                due=one.due, overdue=one.told > 0, clauses=named(due=one.clauses.get("due")),
            )
            for number, one in state.calls.items()
        )  # fmt: skip
        return {"calls": calls, "calls_made": state.calls_made, "calls_answered": state.calls_answered}


def _open_call(terms: CityTerms, state: CityState, number: str) -> CallState:
    """The call of this number. Raises Refused, with the open ones, if it is not open."""
    if number not in state.calls:
        raise Refused(f"{terms.name} has no open call {number}; open are: {', '.join(state.calls) or 'none'}")
    return state.calls[number]


def _line(terms: CityTerms, number: str, call: CallState) -> Line:
    """What a document says of a call."""
    unit = terms.counties.unit(call.county) if terms.counties is not None else None
    return {
        "call": number,
        "caller": unit.name if unit is not None else call.county,
        "department": call.department,
        "matter": call.matter,
        "site": call.site,
        "due": call.due.isoformat(),
        **clause_data(call.clauses),
    }
