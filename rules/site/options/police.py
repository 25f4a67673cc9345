"""The police track: a case beside a site's works, transferred, accepted and decided, each step in its time.

The transfer stops nothing: deadlines and ladder of the works are what they are without a case. Where closure needs
both tracks, a site that passed its last acceptance level waits for its case, and does not climb for that.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rules.aggregate import EventTime, Question
from rules.calendar import due_by, graced, last_day_of
from rules.site.options.police_steps import CaseCommand, decide_case_step, is_open, may_follow, words
from rules.site.options.protocol import Deadline, NoticeContent, SiteOption
from rules.site.reinstatement import put_off
from rules.site.state import SiteState
from rules.site.transitions import COMMANDS_OF
from schemas import events as ev
from schemas.actor import Actor
from schemas.amendments import Reinstated
from schemas.calendar import Clause, clause_data, named
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.police import (
    POLICE,
    POLICE_TRACK,
    CaseAccepted,
    CaseCarriedOver,
    CaseClosure,
    CaseDecided,
    CaseFacts,
    CaseOverdue,
    CaseState,
    CaseTransferred,
    PoliceCase,
    PoliceTerms,
    WorksAccepted,
)
from schemas.phase_end import Within, own_clause
from schemas.site.terms import SiteTerms
from schemas.stages import Stage

TOLD = 3
"""How often one overdue step is reported: the city's to its government, its deputy head and its head."""


class PoliceOption(SiteOption):
    """The plan's option `police_track`."""

    data = POLICE

    def check_command(self, terms: SiteTerms, state: SiteState, command: Command) -> None:
        """Raises Refused for a verdict while the site waits for its case alone."""
        is_verdict = command.kind not in self.data.commands and "closed" in COMMANDS_OF.get(command.kind, ())
        if is_verdict and state.level == POLICE_TRACK and terms.police is not None and state.police is not None:
            whom = _waits_for(terms, terms.police, state.police.state)
            raise Refused(f"the works are accepted at every level; the site waits for its case alone, at {whom}")

    def answers(self, terms: SiteTerms, state: SiteState, command: Command) -> Question | None:
        case, may = state.police, may_follow(command)
        if case is None or not may:
            return None
        asked = "the site was opened" if case.state is CaseState.TO_TRANSFER else f"the case was {words(case.state)}"
        return Question(case.since if case.state in may else None, asked)

    def due_from_opening(self, terms: SiteTerms, since: datetime) -> datetime | None:
        return None if terms.police is None else due_by(terms.calendar, since, terms.police.transfer)

    def clauses_from_opening(self, terms: SiteTerms) -> Mapping[str, Within]:
        return {} if terms.police is None else {self.data.name: terms.police.transfer}

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        assert isinstance(command, CaseCommand)
        return decide_case_step(terms, state, command, when)

    def filter_events(
        self, terms: SiteTerms, state: SiteState, events: Iterable[Event], when: EventTime
    ) -> Iterable[Event]:
        """Where the works would strike the site off, it waits for its case if closure needs both."""
        waits = terms.police is not None and terms.police.closure is CaseClosure.BOTH and is_open(terms, state)
        return map(_works_accepted, events) if waits else events

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        case, rule = state.police, terms.police
        match event:
            case ev.Opened() if rule is not None:
                due = event.option_dues.get(self.data.name)
                clauses = named(due=event.clauses.get(self.data.name))
                state.police = PoliceCase(since=at, due=due, clauses=clauses, notify_at=due)
            case CaseTransferred() if case is not None:
                step = _step(CaseState.TRANSFERRED, at, event)
                state.police = case.model_copy(update=step | {"reference": event.reference})
            case CaseAccepted() if case is not None:
                state.police = case.model_copy(update=_step(CaseState.ACCEPTED, at, event))
            case CaseDecided() if case is not None:
                step = _step(CaseState(event.decision), at, event)
                reference = event.reference or case.reference
                state.police = case.model_copy(update=step | {"reason": event.reason, "reference": reference})
            case CaseOverdue() if case is not None:
                state.police = case.model_copy(update={"told": event.told, "notify_at": event.next_due})
            case WorksAccepted() if case is not None:
                state.verifiers[event.level] = actor.id
                state.proceed(at)
                state.level, state.level_due, state.level_since, state.level_overdue = POLICE_TRACK, None, at, False
                accepted = {"accepted_level": event.level, "accepted_opinion": event.opinion}
                state.police = case.model_copy(update=accepted)
            case ev.Closed() if case is not None:
                state.police = case.model_copy(update={"accepted_level": None, "accepted_opinion": None})
            case ev.CarriedOver() | CaseCarriedOver() if case is not None and is_open(terms, state):
                state.police = case.model_copy(update={"carried_over": True})
            case Reinstated() if case is not None and case.due is not None and case.notify_at is not None:
                dues = {"due": case.due, "notify_at": case.notify_at}
                later = {name: put_off(terms.calendar, one, state.carry_overs[-1]) for name, one in dues.items()}
                state.police = case.model_copy(update=later)
            case _:
                pass

    def notices(self, terms: SiteTerms, state: SiteState, event: Event) -> Iterable[NoticeContent]:
        if not isinstance(event, CaseOverdue):
            return
        due = last_day_of(terms.calendar, event.due).isoformat()
        if event.state is CaseState.TO_TRANSFER:
            said = {"due": due, **clause_data(event.clauses)}
            yield NoticeContent("case_transfer_overdue", f"step-{event.told}", said, rung=event.told)
            return
        data = {
            "case": event.state.value,
            "bureau": event.waits_for,
            "reference": state.police.reference if terms.police is not None and state.police is not None else None,
            "due": due,
            **clause_data(event.clauses),
        }
        yield NoticeContent("case_decision_overdue", f"{event.state}:step-{event.told}", data)

    def adjust_notice(self, terms: SiteTerms, state: SiteState, event: Event, notice: NoticeContent) -> NoticeContent:
        """A carry-over says how a case stands that is not over."""
        case = case_facts(terms, state) if isinstance(event, ev.CarriedOver) else None
        if case is None or not case.carried_over:
            return notice
        return notice._replace(data=notice.data | {"case": case.state})

    def deadlines(self, terms: SiteTerms, state: SiteState, now: datetime) -> Iterable[Deadline]:
        """When the present step is overdue, and when the case is carried over beside a closed site."""
        rule, case = terms.police, state.police
        if rule is None or case is None or not is_open(terms, state):
            return
        if self.keeps_open(terms, state):
            ends_at = max(terms.ends_at, state.settled_at or terms.ends_at)
            yield ends_at, lambda: CaseCarriedOver(state=case.state)
        due, notified_at, clause = case.due, case.notify_at, _clause(rule, case.state)
        if due is None or notified_at is None or clause is None:
            return
        told = case.told + 1
        yield (
            notified_at,
            lambda: CaseOverdue(
                state=case.state,
                waits_for=_waits_for(terms, rule, case.state),
                told=told,
                due=due,
                next_due=graced(terms.calendar, max(notified_at, now), clause) if told < TOLD else None,
                clauses=named(due=case.clauses.get("due"), next_due=clause if told < TOLD else None),
            ),
        )

    def keeps_open(self, terms: SiteTerms, state: SiteState) -> bool:
        """The case may run on beside a closed site."""
        return state.stage is Stage.CLOSED and is_open(terms, state)

    def facts(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return {"case": case_facts(terms, state)}

    def view(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return {"case": case_facts(terms, state)}


def _works_accepted(event: Event) -> Event:
    if not isinstance(event, ev.Closed):
        return event
    return WorksAccepted(round=event.round, level=event.level, opinion=event.opinion)


def case_facts(terms: SiteTerms, state: SiteState) -> CaseFacts | None:
    """The case as status and reports show it; None for a site without one."""
    rule, case = terms.police, state.police
    if rule is None:
        return None
    known = case or PoliceCase(since=terms.ends_at)
    return CaseFacts(
        state=known.state,
        agency=rule.agency,
        works_agency=rule.works_agency,
        bureau=rule.bureau,
        reference=known.reference,
        since=case.since if case is not None else None,
        due=known.due if is_open(terms, state) else None,
        clauses=known.clauses if is_open(terms, state) else {},
        waits_for=_waits_for(terms, rule, known.state) if is_open(terms, state) else None,
        told=known.told,
        carried_over=known.carried_over,
        closure=rule.closure,
    )


def _waits_for(terms: SiteTerms, rule: PoliceTerms, state: CaseState) -> str:
    return terms.city if state is CaseState.TO_TRANSFER else rule.bureau


def _clause(rule: PoliceTerms, state: CaseState) -> Clause | None:
    """Within what the step is due that the case waits for; it is the grace of each further step."""
    clauses = {
        CaseState.TO_TRANSFER: own_clause(rule.transfer),
        CaseState.TRANSFERRED: rule.acceptance,
        CaseState.ACCEPTED: rule.decision,
        CaseState.FILED: rule.conclusion,
    }
    return clauses.get(state)


def _step(state: CaseState, at: datetime, event: CaseTransferred | CaseAccepted | CaseDecided) -> dict[str, object]:
    due = event.due
    return {"state": state, "since": at, "due": due, "clauses": event.clauses, "notify_at": due, "told": 0}
