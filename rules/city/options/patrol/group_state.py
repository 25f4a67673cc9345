"""What a city remembers of its joint group: meetings, open resolutions, and the cases that it hands over."""

from datetime import datetime

from schemas.event import Event
from schemas.options.joint_group import (
    CaseReceived,
    CaseReferred,
    CasesOverdue,
    CaseStage,
    JointGroupFacts,
    JointGroupState,
    JointGroupTerms,
    MeetingHeld,
    PatrolCase,
    ResolutionReported,
    ResolutionsOverdue,
    ResolutionState,
)
from schemas.options.patrol import FindingReported

_TO_REFER = (CaseStage.FOUND, CaseStage.RETURNED)


def to_refer(group: JointGroupState, by: datetime | None = None) -> tuple[int, ...]:
    """The findings whose cases are to be handed over; with `by` only those that were so at that moment."""
    return tuple(n for n, case in group.cases.items() if case.stage in _TO_REFER and (by is None or case.at <= by))


def apply_to_group(group: JointGroupState, event: Event, at: datetime) -> JointGroupState:
    """The state after an event, as a model of its own."""
    group = group.model_copy(deep=True)
    match event:
        case MeetingHeld():
            group.meetings = event.number
            group.resolved += len(event.resolutions)
            for one in event.resolutions:
                group.resolutions[one.number] = ResolutionState(
                    what=one.what, unit=one.unit, due=one.due, held_at=at, clauses=one.clauses
                )
        case ResolutionReported():
            del group.resolutions[event.number]
            group.done += 1
            group.cured += event.cures
        case ResolutionsOverdue():
            for number in event.numbers:
                group.resolutions[number].told = True
            group.missed += len(event.numbers)
        case FindingReported() if event.suspected:
            group.cases[event.number] = PatrolCase(what=event.what, site=event.site, at=at)
        case CaseReferred():
            case = group.cases[event.finding]
            case.stage, case.at, case.told = CaseStage.REFERRED, at, False
            case.due, case.clauses = event.due, event.clauses
        case CaseReceived():
            case = group.cases[event.finding]
            case.stage = CaseStage.ACCEPTED if event.accepted else CaseStage.RETURNED
            case.at, case.due, case.clauses = at, None, {}
            case.reference, case.reason = event.reference, event.reason
        case CasesOverdue():
            for number in event.findings:
                group.cases[number].told = True
    return group


def next_resolutions(group: JointGroupState) -> ResolutionsOverdue | None:
    """The open resolutions that pass their deadline next, by one clause."""
    ahead = {number: one.due for number, one in group.resolutions.items() if not one.told}
    due = min(ahead.values(), default=None)
    if due is None:
        return None
    late = [number for number, at in ahead.items() if at == due]
    clauses = group.resolutions[late[0]].clauses
    numbers = tuple(number for number in late if group.resolutions[number].clauses == clauses)
    return ResolutionsOverdue(due=due, numbers=numbers, clauses=clauses)


def next_cases(group: JointGroupState) -> CasesOverdue | None:
    """The cases whose receiver passes its deadline next."""
    ahead = {number: case.due for number, case in group.cases.items() if case.due is not None and not case.told}
    due = min(ahead.values(), default=None)
    if due is None:
        return None
    late = tuple(n for n, at in ahead.items() if at == due)
    return CasesOverdue(due=due, findings=late, clauses=group.cases[late[0]].clauses)


def facts_of_group(known: JointGroupTerms | None, group: JointGroupState | None) -> JointGroupFacts | None:
    """How status shows the group; None where the plan has none for the city."""
    if known is None:
        return None
    group = group or JointGroupState()
    return JointGroupFacts(
        title=known.title,
        leader=known.offices[0],
        meetings=group.meetings,
        resolutions_done=group.done,
        resolutions_missed=group.missed - group.cured,
        resolutions_cured=group.cured,
        resolutions=group.resolutions,
        cases=group.cases,
    )
