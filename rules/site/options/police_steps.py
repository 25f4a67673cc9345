"""The steps of a police case: where it must stand for each, who takes it, and when it is over."""

from collections.abc import Iterator

from rules.aggregate import EventTime
from rules.calendar import clause_end
from rules.site.state import SiteState
from schemas import events as ev
from schemas.actor import Actor, Role, unit_name
from schemas.calendar import named
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.police import (
    POLICE_TRACK,
    AcceptCase,
    CaseAccepted,
    CaseDecided,
    CaseEnd,
    CaseState,
    CaseTransferred,
    DecideCase,
    Decision,
    PoliceCase,
    PoliceTerms,
    TransferCase,
)
from schemas.site.terms import SiteTerms
from schemas.stages import Stage

CaseCommand = TransferCase | AcceptCase | DecideCase

_MAY_DECIDE: dict[Decision, tuple[CaseState, ...]] = {
    Decision.FILED: (CaseState.TRANSFERRED, CaseState.ACCEPTED),
    Decision.NOT_FILED: (CaseState.TRANSFERRED, CaseState.ACCEPTED),
    Decision.CONCLUDED: (CaseState.FILED,),
}
"""Decision -> where the case must stand. Who decides on a case has received it."""

_NEXT: dict[CaseState, str] = {
    CaseState.TO_TRANSFER: "transfer_case",
    CaseState.TRANSFERRED: "accept_case, decide_case (filed, not_filed)",
    CaseState.ACCEPTED: "decide_case (filed, not_filed)",
    CaseState.FILED: "decide_case (concluded)",
}


def decide_case_step(terms: SiteTerms, state: SiteState, command: CaseCommand, when: EventTime) -> Iterator[Event]:
    """The events of a step of the case; raises Refused, naming where it stands and what is allowed."""
    rule, case = _case(terms, state, command)
    match command:
        case TransferCase():
            _require_works_side(rule, command.actor)
            _require_step(case, command.kind, may_follow(command))
            due = clause_end(terms.calendar, when.heard_at, rule.acceptance)
            clauses = named(due=rule.acceptance)
            yield CaseTransferred(reference=command.reference, note=command.note, due=due, clauses=clauses)
        case AcceptCase():
            _require_step(case, command.kind, may_follow(command))
            due = clause_end(terms.calendar, when.heard_at, rule.decision)
            yield CaseAccepted(due=due, clauses=named(due=rule.decision))
        case DecideCase():
            _require_step(case, f"{command.kind} ({command.decision})", may_follow(command))
            if command.decision is Decision.NOT_FILED and not command.reason:
                raise Refused("a case that is not filed needs its reason in writing")
            clause = rule.conclusion if command.decision is Decision.FILED else None
            yield CaseDecided(
                decision=command.decision,
                reason=command.reason,
                reference=command.reference,
                due=None if clause is None else clause_end(terms.calendar, when.heard_at, clause),
                clauses=named(due=clause),
            )
            waits = state.stage is Stage.VERIFYING and state.level == POLICE_TRACK
            if waits and case.accepted_level is not None and _is_over(rule, CaseState(command.decision)):
                yield ev.Closed(round=state.round, level=case.accepted_level, opinion=case.accepted_opinion)


def may_follow(command: Command) -> tuple[CaseState, ...]:
    """Where the case must stand for a step; nothing for a command that is none."""
    match command:
        case TransferCase():
            return (CaseState.TO_TRANSFER,)
        case AcceptCase():
            return (CaseState.TRANSFERRED,)
        case DecideCase():
            return _MAY_DECIDE[command.decision]
        case _:
            return ()


def _case(terms: SiteTerms, state: SiteState, command: CaseCommand) -> tuple[PoliceTerms, PoliceCase]:
    if terms.police is None:
        raise Refused(
            f"{command.kind} is not foreseen: the site has no case, by the plan's police_track or without one"
        )
    if state.stage is Stage.CARRIED_OVER:
        raise Refused(f"{command.kind} is not allowed while the site is {state.stage}; allowed: nothing")
    if state.police is None:
        raise Refused(f"{command.kind} is not allowed while the site is {state.stage}; its case begins when it opens")
    if state.police.carried_over:
        raise Refused(f"{command.kind} is not allowed: the campaign ended, and the case goes on without it")
    return terms.police, state.police


def _require_step(case: PoliceCase, command: str, may: tuple[CaseState, ...]) -> None:
    if case.state not in may:
        allowed = _NEXT.get(case.state, "nothing")
        raise Refused(f"{command} is not allowed while the case is {words(case.state)}; allowed: {allowed}")


def _require_works_side(rule: PoliceTerms, actor: Actor) -> None:
    """The police do not hand a case to themselves, and of the province the works' agency does it."""
    if actor.unit in (unit_name(rule.agency), unit_name(rule.bureau)):
        raise Refused(f"a case is transferred to the police, by the works' side; {actor.id} acts for {actor.unit}")
    if actor.role is Role.PROVINCE and actor.unit != unit_name(rule.works_agency):
        raise Refused(
            f"a case is transferred by the city, or by the works' agency {rule.works_agency}; "
            f"{actor.id} acts for {actor.unit}"
        )


def is_open(terms: SiteTerms, state: SiteState) -> bool:
    """Whether the site has a case that is not over for the campaign."""
    rule, case = terms.police, state.police
    return rule is not None and case is not None and not case.carried_over and not _is_over(rule, case.state)


def _is_over(rule: PoliceTerms, state: CaseState) -> bool:
    if state is CaseState.FILED:
        return rule.ends_with is CaseEnd.DECISION
    return state in (CaseState.NOT_FILED, CaseState.CONCLUDED)


def words(state: CaseState) -> str:
    return state.value.replace("_", " ")
