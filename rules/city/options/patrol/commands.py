"""What people report of a city's patrol: duties, findings and look-backs, and when they are refused."""

from collections.abc import Iterator
from datetime import datetime

from rules.aggregate import EventTime
from rules.calendar import last_day_of, period_after
from rules.city.state import CityState
from schemas.calendar import named
from schemas.city import CityTerms
from schemas.errors import Refused
from schemas.event import Event
from schemas.identity import folded
from schemas.options.patrol import (
    Duty,
    DutyPerformed,
    FindingReported,
    LookBack,
    LookedBack,
    PerformDuty,
    ReportFinding,
)
from schemas.options.patrol_state import DutyState, PatrolState

PatrolCommand = PerformDuty | ReportFinding | LookBack


def decide_patrol(terms: CityTerms, state: CityState, command: PatrolCommand, when: EventTime) -> Iterator[Event]:
    """What follows from what a patrol says; raises Refused where there is no patrol, or nothing of that name."""
    patrol = running_patrol(terms, state, command.kind)
    match command:
        case PerformDuty():
            yield decide_duty(terms, patrol, command.duty, command.note, when.at, command.findings)
        case ReportFinding():
            known = terms.patrol.requirements if terms.patrol is not None else ()
            strange = [one for one in command.failed_requirements if one.partition(":")[0] not in known]
            if strange:
                raise Refused(f"the plan has no requirement {', '.join(strange)}; it has: {', '.join(known)}")
            yield FindingReported(
                number=patrol.findings + 1,
                site=command.site,
                what=command.what,
                relapse=command.relapse,
                failed_requirements=command.failed_requirements,
                suspected=command.suspected,
            )
        case LookBack():
            yield _looked_back(terms, patrol, command)


def running_patrol(terms: CityTerms, state: CityState, kind: str) -> PatrolState:
    """The patrol that a command of this kind is about; raises Refused where none runs."""
    if terms.patrol is None:
        raise Refused(f"{kind} is not known in this campaign: its plan has no patrol")
    patrol = state.patrol
    if patrol is None:
        raise Refused(f"{kind} is not allowed before the patrol has begun: no site of the city is struck off yet")
    if patrol.is_over:
        over = patrol.ended_at or patrol.closed_at or patrol.until
        raise Refused(f"{kind} is not allowed: the patrol ended on {last_day_of(terms.calendar, over)}")
    return patrol


def decide_duty(
    terms: CityTerms, patrol: PatrolState, performed: Duty, note: str, at: datetime, findings: tuple[str, ...] = ()
) -> DutyPerformed:
    """A duty that was performed at `at`: it fulfils the present period, cures a missed one, or is one more."""
    asked = {one.duty: one for one in terms.patrol.duties} if terms.patrol is not None else {}
    duty = patrol.duties.get(performed)
    if duty is None or performed not in asked:
        raise Refused(f"the plan's patrol has no duty {performed}; it has: {', '.join(asked)}")
    fulfils = duty.since <= at
    cures = not fulfils and duty.curable > 0 and _was_missed(duty, at)
    return DutyPerformed(
        duty=performed,
        note=note,
        findings=findings,
        fulfils=fulfils,
        cures=cures,
        next_due=period_after(terms.calendar, duty.due, asked[performed].every) if fulfils else None,
        clauses=named(next_due=asked[performed].every if fulfils else None),
    )


def _was_missed(duty: DutyState, at: datetime) -> bool:
    begun, ended = duty.missed_from, duty.missed_until
    return begun is not None and ended is not None and begun <= at < ended


def _looked_back(terms: CityTerms, patrol: PatrolState, command: LookBack) -> LookedBack:
    items = patrol.look_backs.get(command.site, [])
    found = [one for one in items if one.requirement == command.requirement]
    if not found:
        due = ", ".join(dict.fromkeys(one.requirement for one in items)) or "nothing"
        raise Refused(f"no look-back of {command.requirement} is due at {command.site}; due there: {due}")
    if not command.held and not command.opinion:
        raise Refused("a look-back that did not hold needs its written opinion: it opens the site again")
    first, unit = min(found, key=lambda one: one.due), command.actor.unit
    if folded(unit) in {folded(name) for name in first.worked}:
        raise Refused(
            f"rule independence: a look-back is by another unit than one that worked; {unit} reported work at "
            f"{command.site}, or is another name of {first.worked[0]}, which did"
        )
    return LookedBack(
        site=command.site,
        requirement=command.requirement,
        held=command.held,
        opinion=command.opinion,
        due=first.due,
        clauses=first.clauses,
    )
