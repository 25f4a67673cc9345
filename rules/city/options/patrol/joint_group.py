"""The joint group that leads a city's patrol: its meetings count with a quorum, its resolutions and cases are due.

A meeting is the duty `joint_meeting` of the patrol, and the transfer of its last open case the duty `case_transfer`.
With a group neither duty is performed by a mere note while there is something to decide or to hand over.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rules.aggregate import EventTime, Question
from rules.calendar import clause_end, end_of, last_day_of, local_date
from rules.city.notices import add_lines, edit_lines, put_notice
from rules.city.options.patrol.commands import decide_duty, running_patrol
from rules.city.options.patrol.group_state import apply_to_group, next_cases, next_resolutions, to_refer
from rules.city.options.protocol import CityOption, Due
from rules.city.state import CityNotice, CityState
from rules.documents.numbering import document_key
from schemas.calendar import BY_DAY, clause_data, named
from schemas.city import CityTerms
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.joint_group import (
    JOINT_GROUP,
    CaseReceived,
    CaseReferred,
    CasesOverdue,
    CaseStage,
    HoldMeeting,
    JointGroupState,
    JointGroupTerms,
    MeetingHeld,
    ReceiveCase,
    ReferCase,
    ReportResolution,
    Resolution,
    ResolutionMade,
    ResolutionReported,
    ResolutionsOverdue,
)
from schemas.options.patrol import Duty, FindingReported, PerformDuty, ReportFinding

MINUTES = "meeting_minutes"
REFERRAL = "case_referral"
_OVERDUE = "group_overdue"
"""The kinds of its documents."""


class JointGroupOption(CityOption):
    """The plan's option `joint_groups`."""

    data = JOINT_GROUP
    after_the_end = True

    def answers(self, state: CityState, command: Command) -> Question | None:
        """What is reported or decided answers the meeting, the finding or the handing over."""
        group, patrol = _state(state), state.patrol
        match command:
            case ReportResolution():
                known = group.resolutions.get(command.number)
                return Question(known.held_at if known else None, "the meeting was held")
            case ReferCase():
                case = group.cases.get(command.finding)
                return Question(case.at if case else None, "the offence was found, or its case returned")
            case ReceiveCase():
                case = group.cases.get(command.finding)
                return Question(case.at if case else None, "the case was handed over")
            case _:
                return Question(None if patrol is None else patrol.began_at, "the patrol began")

    def check_command(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> None:
        """Raises Refused for a duty of the patrol that is not performed by a note, and an offence that nobody takes."""
        match command:
            case ReportFinding() if command.suspected and terms.joint_group is None:
                raise Refused("a suspected offence is handed over by the joint group, and the plan has none here")
            case PerformDuty() if terms.joint_group is not None:
                if command.duty is Duty.JOINT_MEETING:
                    leader = terms.joint_group.offices[0]
                    raise Refused(f"a joint meeting says who came and what was resolved: {leader} sends `hold_meeting`")
                left = to_refer(_state(state), when.at) if command.duty is Duty.CASE_TRANSFER else ()
                if left:
                    raise Refused(f"suspected offences are not handed over yet: finding {', '.join(map(str, left))}")

    def decide(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> Iterator[Event]:
        """A meeting, what came of a resolution, and both sides of a case."""
        if terms.joint_group is None:
            raise Refused(f"{command.kind} is not known here: the plan has no joint group of this city")
        running_patrol(terms, state, command.kind)
        group = _state(state)
        match command:
            case HoldMeeting():
                yield _held(terms, terms.joint_group, group, command, when)
                yield from _duty(terms, state, Duty.JOINT_MEETING, command.note, when)
            case ReportResolution():
                yield _reported(terms.joint_group, group, command, when.at)
            case ReferCase():
                yield _referred(terms, terms.joint_group, group, command, when)
                if to_refer(group) == (command.finding,):
                    yield from _duty(terms, state, Duty.CASE_TRANSFER, command.note, when)
            case ReceiveCase():
                yield _received(group, command)

    def deadlines(self, terms: CityTerms, state: CityState, now: datetime) -> Iterator[Due]:
        """Resolutions and cases that are overdue, until the patrol is over."""
        group, patrol = state.joint_group, state.patrol
        if group is None or patrol is None or patrol.is_over:
            return
        for overdue in (next_resolutions(group), next_cases(group)):
            if overdue is not None and overdue.due <= patrol.until:
                yield overdue.due, overdue

    def apply(self, terms: CityTerms, state: CityState, event: Event, at: datetime, received_at: datetime) -> None:
        """Change the group's state, and add, continue or cancel its documents."""
        if not isinstance(event, (*JOINT_GROUP.events, FindingReported)):
            return
        if isinstance(event, FindingReported) and not event.suspected:
            return
        before = _state(state)
        state.joint_group = apply_to_group(before, event, at)
        _tell(terms, state, before, event, at)


def _state(state: CityState) -> JointGroupState:
    return state.joint_group or JointGroupState()


def _duty(terms: CityTerms, state: CityState, duty: Duty, note: str, when: EventTime) -> Iterator[Event]:
    """The duty of the patrol that is performed with it, where the plan asks for it."""
    if state.patrol is not None and duty in state.patrol.duties:
        yield decide_duty(terms, state.patrol, duty, note, when.at)


def _held(
    terms: CityTerms, known: JointGroupTerms, group: JointGroupState, command: HoldMeeting, when: EventTime
) -> MeetingHeld:
    strange = [name for name in command.attended if name not in known.offices]
    if strange:
        raise Refused(f"{', '.join(strange)} is not in the joint group; it has: {', '.join(known.offices)}")
    came = tuple(name for name in known.offices if name in (known.offices[0], *command.attended))
    if len(came) < known.quorum:
        of = len(known.offices)
        raise Refused(f"{len(came)} of {of} offices came; a joint meeting counts with {known.quorum} or more")
    return MeetingHeld(
        number=group.meetings + 1,
        attended=came,
        absent=tuple(name for name in known.offices if name not in came),
        note=command.note,
        resolutions=tuple(
            _resolution(terms, known, one, group.resolved + place, when)
            for place, one in enumerate(command.resolutions, 1)
        ),
    )


def _resolution(
    terms: CityTerms, known: JointGroupTerms, one: Resolution, number: int, when: EventTime
) -> ResolutionMade:
    if one.unit not in known.offices:
        raise Refused(f"a resolution is for an office of the group, not {one.unit}; it has: {', '.join(known.offices)}")
    calendar = terms.calendar
    due = clause_end(calendar, when.heard_at, known.resolution) if one.due is None else end_of(calendar, one.due)
    if due <= when.heard_at:
        today = local_date(calendar, when.heard_at)
        raise Refused(f"a resolution is due today ({today}) or later, not on {one.due}")
    clauses = named(due=known.resolution if one.due is None else BY_DAY)
    return ResolutionMade(number=number, what=one.what, unit=one.unit, due=due, clauses=clauses)


def _reported(
    known: JointGroupTerms, group: JointGroupState, command: ReportResolution, at: datetime
) -> ResolutionReported:
    one = group.resolutions.get(command.number)
    if one is None:
        left = ", ".join(map(str, group.resolutions)) or "none"
        raise Refused(f"resolution {command.number} is not open; open: {left}")
    if command.actor.unit not in (one.unit, known.offices[0]):
        raise Refused(f"resolution {command.number} is for {one.unit}, which reports it, or {known.offices[0]}")
    return ResolutionReported(number=command.number, unit=one.unit, note=command.note, cures=one.told)


def _referred(
    terms: CityTerms, known: JointGroupTerms, group: JointGroupState, command: ReferCase, when: EventTime
) -> CaseReferred:
    case = group.cases.get(command.finding)
    if case is None or command.finding not in to_refer(group):
        left = ", ".join(map(str, to_refer(group))) or "none"
        raise Refused(f"finding {command.finding} is no case to hand over; to hand over: {left}")
    due = clause_end(terms.calendar, when.heard_at, known.acceptance)
    clauses = named(due=known.acceptance)
    content = {"site": case.site, "what": case.what, "note": command.note}
    return CaseReferred(finding=command.finding, due=due, clauses=clauses, **content)


def _received(group: JointGroupState, command: ReceiveCase) -> CaseReceived:
    case = group.cases.get(command.finding)
    if case is None or case.stage is not CaseStage.REFERRED:
        open_ = [str(number) for number, one in group.cases.items() if one.stage is CaseStage.REFERRED]
        raise Refused(
            f"no case of finding {command.finding} was handed over; handed over: {', '.join(open_) or 'none'}"
        )
    said = {"reference": command.reference, "reason": command.reason}
    return CaseReceived(finding=command.finding, accepted=command.accepted, **said)


def _tell(terms: CityTerms, state: CityState, before: JointGroupState, event: Event, at: datetime) -> None:
    """The minutes, the letter with a case, and one document a dispatch on all that is overdue."""
    known, calendar = terms.joint_group, terms.calendar
    if known is None:
        return
    match event:
        case MeetingHeld():
            lines = [
                {
                    "number": one.number,
                    "what": one.what,
                    "unit": one.unit,
                    "due": last_day_of(calendar, one.due).isoformat(),
                    **clause_data(one.clauses),
                }
                for one in event.resolutions
            ]
            said = {"meeting": event.number, "group": known.title, "held_on": local_date(calendar, at).isoformat()}
            said |= {"attended": [*event.attended], "absent": [*event.absent], "note": event.note, "resolutions": lines}
            put_notice(state, CityNotice(kind=MINUTES, data=said, at=at, key=_key(terms, MINUTES, at, event.number)))
        case CaseReferred():
            said = {"finding": event.finding, "site": event.site, "what": event.what, "note": event.note}
            said |= {
                "group": known.title,
                "due": last_day_of(calendar, event.due).isoformat(),
                **clause_data(event.clauses),
            }
            key = _key(terms, REFERRAL, at, event.finding)
            put_notice(state, CityNotice(kind=REFERRAL, data=said, at=at, key=key))
        case ResolutionsOverdue() | CasesOverdue():
            found = list(_late(known, before, event))
            last = last_day_of(calendar, event.due).isoformat()
            add_lines(state, _OVERDUE, at, {"items": [one | {"due": last} for one in found]})
        case ResolutionReported():
            _leave_out(state, "resolution", event.number)
        case CaseReceived():
            _leave_out(state, "case", event.finding)
        case _:
            pass


def _late(
    known: JointGroupTerms, group: JointGroupState, event: ResolutionsOverdue | CasesOverdue
) -> Iterator[dict[str, Any]]:
    if isinstance(event, ResolutionsOverdue):
        for number in event.numbers:
            one = group.resolutions[number]
            yield {
                "sort": "resolution",
                "number": number,
                "what": one.what,
                "unit": one.unit,
                **clause_data(one.clauses),
            }
        return
    for number in event.findings:
        case = group.cases[number]
        yield {"sort": "case", "number": number, "what": case.what, "unit": known.receiver, **clause_data(case.clauses)}


def _leave_out(state: CityState, sort: str, number: int) -> None:
    """What was done before its delay could be told is not told any more."""
    edit_lines(
        state, _OVERDUE, "items", lambda line: None if (line["sort"], line["number"]) == (sort, number) else line
    )


def _key(terms: CityTerms, kind: str, at: datetime, number: int) -> str:
    return f"{document_key(terms.campaign_id, terms.code, kind, 0, terms.calendar, at)}:{number}"
