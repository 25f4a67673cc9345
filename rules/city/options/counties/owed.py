"""What counties and townships owe: when it is due, who is told of a silence, and how it is cured before it is told.

Each level is told once, and has a full grace from the working day on which it was told.
"""

from collections.abc import Iterator
from datetime import datetime

from rules.calendar import clause_ahead, clause_end, graced
from rules.city.notices import Line, add_lines, edit_lines
from rules.city.options.counties.units import addressed_at
from rules.city.state import CityState
from schemas.calendar import Calendar, Clause, Nameable, clause_data, named
from schemas.city import CityTerms
from schemas.options.counties import CountiesTerms, CountyOverdue, Duty, Told, UnitBelow
from schemas.options.county_state import Awaited, UnitState

KIND_OF: dict[Duty, str] = {
    "receipt": "county_receipt_overdue",
    "deployment": "county_deployment_overdue",
    "decision": "county_decision_overdue",
}
"""What is owed -> the document that tells of the silence."""


def owe(state: UnitState, duty: Duty, due: datetime, clause: Nameable | None) -> None:
    """Something is owed from now on, by this clause."""
    state.owed[duty] = Awaited(due=due, next_due=due, clauses=named(due=clause, next_due=clause))


def begin(terms: CityTerms, counties: CountiesTerms, unit: UnitState, at: datetime, heard_at: datetime) -> None:
    """The plan reaches a unit at `at`: it owes its receipt and its deployment, neither before it could know."""
    unit.began_at = at
    owe(unit, "receipt", clause_ahead(terms.calendar, at, heard_at, counties.receipt), counties.receipt)
    owe(unit, "deployment", clause_ahead(terms.calendar, at, heard_at, counties.deployment), counties.deployment)


def clause_of_submission(counties: CountiesTerms, returned: bool) -> Clause:
    """Within what a deployment is submitted: for the first time, or after it was returned."""
    again = counties.opinion.resubmission if counties.opinion is not None and returned else None
    return again or counties.deployment


def decision_due(terms: CityTerms, counties: CountiesTerms, heard_at: datetime) -> datetime:
    """Until when a submission is decided."""
    return clause_end(terms.calendar, heard_at, counties.decision)


def levels_told(unit: UnitBelow, duty: Duty) -> tuple[Told, ...]:
    """The levels that are told, in order."""
    return unit.told_undecided if duty == "decision" else unit.told


def next_told(
    calendar: Calendar, upward: Clause, levels: tuple[Told, ...], told: int, at: datetime, now: datetime
) -> datetime | None:
    """When the level after the `told`th is told; None if nobody is left."""
    return graced(calendar, max(at, now), upward) if told + 1 < len(levels) else None


def overdue(
    terms: CityTerms, counties: CountiesTerms, state: CityState, now: datetime
) -> Iterator[tuple[datetime, CountyOverdue]]:
    """The next level to tell of each silence."""
    for unit in counties.units:
        known = state.counties.get(unit.key)
        for duty, one in known.owed.items() if known is not None else ():
            levels = levels_told(unit, duty)
            if one.next_due is None or one.told >= len(levels):
                continue
            again = next_told(terms.calendar, counties.upward, levels, one.told, one.next_due, now)
            upward = counties.upward if again is not None else None
            yield (
                one.next_due,
                CountyOverdue(
                    county=unit.county or unit.code,
                    township=unit.code if unit.county is not None else None,
                    duty=duty,
                    due=one.due,
                    told=levels[one.told],
                    next_due=again,
                    clauses=named(due=one.clauses.get("due"), next_due=upward),
                ),
            )


def note_overdue(counties: CountiesTerms, state: CityState, event: CountyOverdue, at: datetime) -> None:
    """A level is told: the notice waits for the next dispatch."""
    unit, known = counties.of_key(event.unit), state.counties[event.unit]
    one = known.owed.get(event.duty)
    if one is not None:
        one.told, one.next_due, one.clauses = one.told + 1, event.next_due, event.clauses
    line: Line = {"unit": event.unit, "name": known.name, "due": event.due.isoformat()}
    line |= clause_data(event.clauses)
    addressed = addressed_at(unit, event.told) if unit is not None else None
    add_lines(state, KIND_OF[event.duty], at, {"counties": [line]}, rung=event.told, county=addressed)


def cure(state: CityState, unit: str, duty: Duty) -> None:
    """What was done before its delay could be told is not told any more."""
    state.counties[unit].owed.pop(duty, None)

    def without(line: Line) -> Line | None:
        return None if line["unit"] == unit else line

    edit_lines(state, KIND_OF[duty], "counties", without)
