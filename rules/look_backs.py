"""What is inspected again (回头看) at a struck-off site, and by when."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from rules.calendar import clause_end, local_date
from schemas.calendar import Calendar, Clause, named
from schemas.site.terms import Requirement


class LookBackPeriod(NamedTuple):
    """A requirement is inspected again within a clause after the day `since`, until the instant `due`."""

    requirement: str
    since: date
    clause: Clause
    due: datetime


def look_back_periods(
    calendar: Calendar, requirement: Requirement, heard_at: datetime, until: datetime | None
) -> Iterator[LookBackPeriod]:
    """The periods after the engine heard of a closure; none without a patrol, whose end `until` is."""
    if until is None:
        return
    for clause in requirement.look_back:
        since, due = local_date(calendar, heard_at), clause_end(calendar, heard_at, clause)
        yield LookBackPeriod(requirement.id, since, clause, due)


def look_back_lines(
    calendar: Calendar, requirements: Iterable[Requirement], heard_at: datetime, until: datetime | None
) -> list[dict[str, Any]]:
    """What the closure notice tells the city: fields of `LookBackDue` without the site."""
    return [
        {
            "requirement": period.requirement,
            "due": period.due.isoformat(),
            "clauses": {"due": named(due=period.clause)["due"].model_dump(mode="json")},
        }
        for requirement in requirements
        for period in look_back_periods(calendar, requirement, heard_at, until)
    ]
