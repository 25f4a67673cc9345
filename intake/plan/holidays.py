"""Resolves a plan's calendar, and finds the parts of the plan that depend on holidays that are not yet published.

The State Council's days come from chinesecalendar (its source: the yearly notices of the General Office).
"""

from dataclasses import dataclass
from datetime import date

import chinese_calendar

from rules.calendar import add_clause, is_provisional
from schemas.calendar import Calendar, DayUnit
from schemas.clause_paths import clauses_in
from schemas.plan import Plan


def resolve_calendar(plan: Plan) -> Calendar:
    """The plan's working days from a year before its start to two years after its end.

    Days that the plan names override the source's. `published_until` is the last day that the source or the plan
    covers, whichever is later; with plain weekdays it is the plan's own, usually None.
    """
    own = plan.calendar
    off_days: set[date] = set()
    work_days: set[date] = set()
    published = own.published_until
    if own.source == "china":
        first, last = plan.starts_on.year - 1, plan.ends_on.year + 2
        off_days = {day for day in chinese_calendar.holidays if first <= day.year <= last}
        work_days = {day for day in chinese_calendar.workdays if first <= day.year <= last}
        published = max(filter(None, (_last_published_day(), published)))
    return Calendar(
        time_zone=plan.time_zone,
        off_days=frozenset(off_days - set(own.work_days) | set(own.off_days)),
        work_days=frozenset(work_days - set(own.off_days) | set(own.work_days)),
        published_until=published,
        office=plan.office,
    )


def _last_published_day() -> date:
    return date(max(day.year for day in chinese_calendar.holidays), 12, 31)


@dataclass(frozen=True, slots=True)
class Provisional:
    """A part of the plan that a future notice may move: its path, its text, the last day it can reach."""

    path: str
    what: str
    reaches: date


def provisional_clauses(plan: Plan, calendar: Calendar) -> list[Provisional]:
    """The parts of the plan whose working days can lie after `published_until`; clauses of calendar days never do.

    A return, a report, an overdue site or a document can start a clause on any day of the campaign, so each clause is
    counted from the last day. Without a published end nothing is provisional.
    """
    found = []
    if is_provisional(calendar, plan.ends_on):
        found.append(Provisional("ends_on", "dispatch on working days", plan.ends_on))
    for path, clause in clauses_in(plan):
        reaches = add_clause(calendar, plan.ends_on, clause)
        if clause.unit is DayUnit.WORKING_DAYS and clause.amount and is_provisional(calendar, reaches):
            found.append(Provisional(path, f"{clause.amount} working days", reaches))
    return found
