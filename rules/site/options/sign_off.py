"""Sign-off (会签): after the last level of acceptance every coordinating department of the site signs.

All of them agree: the site is struck off. One does not: the site goes back as from a failed level. Departments that are
overdue are reported to the site's lead government, and then one step higher, each time with a new grace.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rules.aggregate import EventTime, Question
from rules.calendar import clause_end, due_by, graced, last_day_of, local_date
from rules.site.options.acceptance.state import acceptance_state
from rules.site.options.protocol import Deadline, NoticeContent, SiteOption
from rules.site.reinstatement import put_off
from rules.site.reopening import bounded
from rules.site.standing_time import moved
from rules.site.state import SiteState
from rules.site.variations import re_rectification
from rules.site.verdicts import level_question
from rules.site.work import in_force, require_known
from schemas import events as ev
from schemas.actor import Actor
from schemas.amendments import Reinstated, VerificationRecalled
from schemas.calendar import clause_data, named
from schemas.command import Command
from schemas.deferrals import UnmovedDeadline
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.modes import ModeSet
from schemas.options.sign_off import (
    SIGN_OFF,
    SIGN_OFF_OPTION,
    Signature,
    SignedOff,
    SigningOff,
    SignOff,
    SignOffOverdue,
    SignOffRequested,
    SignOffTerms,
)
from schemas.reopening import Reopened
from schemas.site.commands import Verify
from schemas.site.terms import SiteTerms


class SignOffOption(SiteOption):
    """The plan's option `sign_off`: it asks a level of its own after the last one, named `SIGN_OFF`."""

    data = SIGN_OFF_OPTION

    def check_command(self, terms: SiteTerms, state: SiteState, command: Command) -> None:
        """Raises Refused for a verdict in place of the signatures."""
        if terms.sign_off is not None and isinstance(command, Verify) and command.level == SIGN_OFF:
            whose = ", ".join(terms.sign_off.departments)
            raise Refused(f"{SIGN_OFF} is no level to verify: {whose} sign for themselves, by the command sign_off")

    def answers(self, terms: SiteTerms, state: SiteState, command: Command) -> Question | None:
        return level_question(state, SIGN_OFF) if isinstance(command, SignOff) else None

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        assert isinstance(command, SignOff)
        return decide_signature(terms, state, command, when)

    def filter_events(
        self, terms: SiteTerms, state: SiteState, events: Iterable[Event], when: EventTime
    ) -> Iterable[Event]:
        """Where the last level would strike the site off, its departments are asked instead."""
        asking = terms.sign_off
        return events if asking is None else _ask_departments(terms, asking, events, when)

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        """After the strike-off the signatures stay."""
        match event:
            case SignOffRequested():
                state.sign_off = SigningOff(departments=event.departments)
            case SignedOff() if state.sign_off is not None:
                signed = {**state.sign_off.signed, event.department: Signature(by=actor.id, at=at)}
                state.sign_off = state.sign_off.model_copy(update={"signed": signed})
                state.proceed(at)
            case SignOffOverdue() if state.sign_off is not None:
                unmoved = state.unmoved(event.next_due, at) if event.next_due is not None else None
                told = {"steps": event.step, "next_due": event.next_due, "unmoved": unmoved, "clauses": event.clauses}
                state.sign_off = state.sign_off.model_copy(update=told)
            case ev.Resumed() if state.sign_off is not None and terms.sign_off is not None:
                state.sign_off = _resumed(terms, terms.sign_off, state, state.sign_off, event, at)
            case Reinstated() if state.sign_off is not None:
                state.sign_off = _reinstated(terms, state, state.sign_off, event)
            case ev.LevelFailed() | ev.VerificationRequested() | VerificationRecalled() | ModeSet() | Reopened():
                state.sign_off = None  # it is signed anew, after the last level of the next time
            case _:
                pass

    def notices(self, terms: SiteTerms, state: SiteState, event: Event) -> Iterable[NoticeContent]:
        if isinstance(event, SignOffOverdue) and terms.sign_off is not None:
            due_on = last_day_of(terms.calendar, event.due)
            data = {
                "departments": list(event.departments),
                "lead_government": terms.sign_off.lead_government,
                "due": due_on.isoformat(),
                "round": event.round,
                **clause_data(event.clauses),
            }
            # With its day: a site that was recalled from its sign-off is signed anew in the same round.
            which = f"step-{event.step}:{due_on}:round-{event.round}"
            yield NoticeContent("sign_off_overdue", which, data, rung=terms.sign_off.rungs[event.step - 1])

    def level_deadlines(self, terms: SiteTerms, state: SiteState, now: datetime) -> Iterable[Deadline] | None:
        """When departments are overdue, or overdue again: the grace after that counts from `now`."""
        asking = terms.sign_off
        return _next_of_sign_off(terms, asking, state, now) if asking is not None and state.level == SIGN_OFF else None

    def facts(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return {"signatures": signatures(state)}

    def view(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return {"signatures": signatures(state)}


def _resumed(
    terms: SiteTerms, asking: SignOffTerms, state: SiteState, signing: SigningOff, event: ev.Resumed, at: datetime
) -> SigningOff:
    """The next report moves by what stood still; the grace of one that fell meanwhile counts from the resumption.

    Where the deadline itself moved, departments that were reported meanwhile are not overdue yet, and no step is made.
    """
    if event.level_due is not None:
        return signing.model_copy(update={"steps": 0, "next_due": None, "unmoved": None})
    if signing.next_due is None or signing.unmoved is None:
        return signing
    if signing.unmoved.since >= state.suspensions[-1].since:
        again = graced(terms.calendar, at, asking.upward)
        return signing.model_copy(update={"next_due": again, "unmoved": UnmovedDeadline(due=again, since=at)})
    again = moved(terms.calendar, signing.unmoved, state.standing)
    return signing.model_copy(update={"next_due": max(again, signing.next_due)})


def _reinstated(terms: SiteTerms, state: SiteState, signing: SigningOff, event: Reinstated) -> SigningOff:
    if event.level_due is not None:
        return signing.model_copy(update={"steps": 0, "next_due": None, "unmoved": None})
    if signing.next_due is None:
        return signing
    return signing.model_copy(update={"next_due": put_off(terms.calendar, signing.next_due, state.carry_overs[-1])})


def signatures(state: SiteState) -> dict[str, datetime | None]:
    """Department to the moment it signed, None while it has not; empty where none is asked."""
    signing = state.sign_off
    if signing is None:
        return {}
    return {one: signing.signed[one].at if one in signing.signed else None for one in signing.departments}


def _ask_departments(
    terms: SiteTerms, asking: SignOffTerms, events: Iterable[Event], when: EventTime
) -> Iterator[Event]:
    for event in events:
        if not isinstance(event, ev.Closed):
            yield event
            continue
        due = clause_end(terms.calendar, when.heard_at, asking.due)
        clauses = named(due=asking.due)
        yield ev.LevelPassed(
            round=event.round,
            level=event.level,
            opinion=event.opinion,
            next_level=SIGN_OFF,
            due=due,
            clauses=clauses,
        )
        yield SignOffRequested(round=event.round, departments=asking.departments, due=due, clauses=clauses)


def decide_signature(terms: SiteTerms, state: SiteState, command: SignOff, when: EventTime) -> Iterator[Event]:
    """The events of a department's decision; raises Refused if it is not that department's turn, or that person's."""
    if terms.sign_off is None:
        raise Refused("this site has no sign-off: the plan asks for none, or the register names no department")
    signing = state.sign_off
    if state.level != SIGN_OFF or signing is None:
        awaited = f"it awaits level {state.level!r}" if state.level else "it awaits no level"
        raise Refused(f"departments sign after the last level of acceptance has passed the site; {awaited}")
    if state.suspended:
        raise Refused("the site is suspended; it is signed off after it is resumed")
    department, actor = command.actor.unit, command.actor
    if department not in signing.departments:
        raise Refused(
            f"{department} does not sign for this site; its departments are: {', '.join(signing.departments)}"
        )
    if department in signing.signed:
        signed_on = local_date(terms.calendar, signing.signed[department].at)
        raise Refused(f"{department} signed already, on {signed_on}; still to sign: {', '.join(signing.unsigned)}")
    _require_other_person(state, signing, actor.id)
    if not command.passed:
        yield _gone_back(terms, state, command, when)
        return
    if command.failed_requirements:
        raise Refused("a department that agrees names no failed requirements")
    yield SignedOff(round=state.round, department=department, opinion=command.opinion)
    if signing.unsigned == (department,):
        yield ev.Closed(round=state.round, level=SIGN_OFF, opinion=command.opinion)


def _gone_back(terms: SiteTerms, state: SiteState, command: SignOff, when: EventTime) -> ev.LevelFailed:
    if not command.opinion:
        raise Refused("a department that does not agree gives its opinion in writing")
    require_known(terms, state, command.failed_requirements)
    clause = re_rectification(terms, state, when.heard_at)
    return ev.LevelFailed(
        round=state.round,
        level=SIGN_OFF,
        opinion=command.opinion,
        failed_requirements=command.failed_requirements or tuple(r.id for r in in_force(terms, state)),
        due=bounded(terms, state, due_by(terms.calendar, when.heard_at, clause)),
        clauses=named(due=clause),
        rounds_exhausted=state.round >= terms.max_rounds,
        department=command.actor.unit,
    )


def _require_other_person(state: SiteState, signing: SigningOff, person: str) -> None:
    """Who did the work or judged it does not sign it off, and nobody signs for two departments."""
    if person in state.reporters:
        raise Refused(f"{person} reported work at this site and can not sign it off")
    for level, verifier in state.verifiers.items():
        if verifier == person:
            raise Refused(f"{person} passed level {level!r} in this round; a department signs by another person")
    for problem, part in acceptance_state(state).accepted_problems.items():
        if part.by == person:
            raise Refused(f"{person} accepted the problem {problem!r}; a department signs by another person")
    for department, signature in signing.signed.items():
        if signature.by == person:
            raise Refused(f"{person} signed for {department} already; each department signs by its own person")


def _next_of_sign_off(terms: SiteTerms, asking: SignOffTerms, state: SiteState, now: datetime) -> Iterator[Deadline]:
    signing, due = state.sign_off, state.level_due
    if signing is None or due is None or signing.steps >= len(asking.rungs):
        return
    step, when = signing.steps + 1, due if signing.steps == 0 else signing.next_due
    if when is None:
        return
    again = None if step == len(asking.rungs) else graced(terms.calendar, max(when, now), asking.upward)
    overdue = SignOffOverdue(
        round=state.round,
        step=step,
        departments=signing.unsigned,
        due=due,
        next_due=again,
        clauses=named(due=state.clauses.get("level_due"), next_due=asking.upward if again is not None else None),
    )
    yield when, lambda: overdue
