"""Who is responsible for a site and its requirements: assigned, handed over and receipted; a silence is told upward.

At every moment exactly one unit is responsible for a site: that of the register, until another one was assigned or has
receipted. A requirement without one of its own has that of its site.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rules.aggregate import EventTime, Question
from rules.calendar import clause_end, graced, last_day_of, local_date
from rules.site.options.protocol import Deadline, NoticeContent, SiteOption
from rules.site.reinstatement import put_off
from rules.site.state import SiteState
from rules.site.work import require_known
from schemas import events as ev
from schemas.actor import Actor, Units, unit_name
from schemas.amendments import Reinstated, SiteAmended
from schemas.calendar import Clause, NamedClause, named
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.responsible import (
    RESPONSIBILITY,
    Assign,
    Charge,
    HandOver,
    HandOverBegun,
    Pending,
    Responsibility,
    ResponsibleAssigned,
    ResponsibleFacts,
    ResponsibleMissing,
    ResponsibleTerms,
    TakenOver,
    TakeOver,
    TakeOverOverdue,
)
from schemas.phase_end import Within
from schemas.site.terms import SiteTerms
from schemas.stages import OPEN


class ResponsibleOption(SiteOption):
    """The plan's option `responsible`, which every plan has as far as it requires nothing."""

    data = RESPONSIBILITY

    def answers(self, terms: SiteTerms, state: SiteState, command: Command) -> Question | None:
        if not isinstance(command, TakeOver):
            return None
        pending = _kept(state).pending.get(command.requirement or "")
        return Question(None if pending is None else pending.asked_at, "it was handed over")

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        rule = _rule(terms, command.kind)
        match command:
            case Assign():
                yield decide_assignment(terms, state, command)
            case HandOver():
                yield decide_handing_over(terms, rule, state, command, when)
            case TakeOver():
                yield decide_receipt(terms, state, command)

    def due_from_opening(self, terms: SiteTerms, since: datetime) -> datetime | None:
        rule = terms.responsible
        if rule is None or rule.due is None or rule.person is not None:
            return None
        return clause_end(terms.calendar, since, rule.due)

    def clauses_from_opening(self, terms: SiteTerms) -> Mapping[str, Within]:
        rule = terms.responsible
        if rule is None or rule.due is None or rule.person is not None:
            return {}
        return {self.data.name: rule.due}

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        kept = _kept(state).model_copy(deep=True)
        match event:
            case ev.Opened() if (due := event.option_dues.get(self.data.name)) is not None:
                kept.due = kept.notify_at = due
                kept.clauses = named(due=event.clauses.get(self.data.name))
            case ResponsibleAssigned() | TakenOver():
                charge = Charge(unit=event.unit, person=event.person)
                if event.requirement is None:
                    kept.charge, kept.due, kept.notify_at, kept.steps, kept.clauses = charge, None, None, 0, {}
                else:
                    kept.requirements[event.requirement] = charge
                kept.pending.pop(event.requirement or "", None)
            case HandOverBegun():
                kept.handed_over = event.number
                kept.pending[event.requirement or ""] = Pending(
                    number=event.number,
                    unit=event.unit,
                    person=event.person,
                    asked_at=at,
                    due=event.due,
                    notify_at=event.due,
                    clauses=event.clauses,
                )
            case TakeOverOverdue():
                pending = kept.pending[event.requirement or ""]
                pending.steps, pending.notify_at = event.step, event.next_due
            case ResponsibleMissing():
                kept.steps, kept.notify_at = event.step, event.next_due
            case SiteAmended() if _is_newly_required(terms, state):
                assert terms.responsible is not None and terms.responsible.due is not None
                kept.due = kept.notify_at = clause_end(terms.calendar, at, terms.responsible.due)
                kept.clauses = named(due=terms.responsible.due)
            case Reinstated():
                _put_off(terms, state, kept)
            case _:
                return
        if kept != Responsibility():
            state.responsibility = kept

    def notices(self, terms: SiteTerms, state: SiteState, event: Event) -> Iterable[NoticeContent]:
        if isinstance(event, TakeOverOverdue | ResponsibleMissing) and terms.responsible is not None:
            due = last_day_of(terms.calendar, event.due).isoformat()
            data: dict[str, Any] = {"due": due, "step": event.step}
            which = f"step-{event.step}:{due}"
            if isinstance(event, TakeOverOverdue):
                data |= {"unit": event.unit, "person": event.person, "requirement": event.requirement}
                which = f"{event.number}:{which}"
            yield NoticeContent(event.kind, which, data, rung=terms.responsible.rungs[event.step - 1])

    def adjust_notice(self, terms: SiteTerms, state: SiteState, event: Event, notice: NoticeContent) -> NoticeContent:
        """Every notice of a site names its responsible unit and person, where somebody named one."""
        if terms.responsible is None or not is_named(terms, state):
            return notice
        charge = in_charge(terms, state)
        return notice._replace(data=notice.data | {"responsible": [charge.unit, charge.person or ""]})

    def deadlines(self, terms: SiteTerms, state: SiteState, now: datetime) -> Iterable[Deadline]:
        rule, kept = terms.responsible, state.responsibility
        if rule is None or kept is None or state.stage not in OPEN:  # a struck-off site may wait for its police case
            return
        if rule.due is not None and kept.due is not None and kept.notify_at is not None:
            yield _missing(terms, rule, rule.due, state, kept, now)
        for requirement, pending in kept.pending.items():
            if pending.notify_at is not None:
                yield _overdue(terms, rule, requirement, pending, pending.notify_at, now)

    def units(self, terms: SiteTerms, state: SiteState, units: Units) -> Units:
        """With those that are responsible for it or a requirement, and those that are asked to take over."""
        if terms.responsible is None:
            return units
        kept = _kept(state)
        found = [in_charge(terms, state).unit, *(one.unit for one in kept.requirements.values())]
        found += [one.unit for one in kept.pending.values()]
        return units.model_copy(update={"responsible": tuple(dict.fromkeys(map(unit_name, found)))})

    def facts(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        """Nothing while there is nothing beyond the units of the register."""
        if terms.responsible is None or (state.responsibility is None and terms.responsible.person is None):
            return {}
        charge, kept = in_charge(terms, state), _kept(state)
        pending = {name: Charge(unit=one.unit, person=one.person) for name, one in kept.pending.items()}
        facts = ResponsibleFacts(**charge.model_dump(), requirements=kept.requirements, pending=pending)
        return {"responsible": facts}

    def view(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return self.facts(terms, state)


def in_charge(terms: SiteTerms, state: SiteState, requirement: str | None = None) -> Charge:
    """Who is responsible for the site or a requirement; a corrected register row replaces the one of the start."""
    kept, rule = _kept(state), terms.responsible
    own = kept.requirements.get(requirement) if requirement is not None else None
    if own is not None or kept.charge is not None:
        return own or kept.charge or Charge(unit="")
    assert rule is not None  # every site has it that was made from a plan
    corrected = state.corrections.get("responsible")
    return Charge(unit=corrected[0] if corrected else rule.unit, person=rule.person)


def is_named(terms: SiteTerms, state: SiteState) -> bool:
    """Whether the register or somebody since named the responsible unit; else it is the county's."""
    rule = terms.responsible
    named = rule is not None and rule.named
    return named or _kept(state).charge is not None or bool(state.corrections.get("responsible"))


def listed(terms: SiteTerms, state: SiteState) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The responsible units and persons of a site and its requirements, that of the site first; for lists."""
    if terms.responsible is None:
        return (), ()
    site = in_charge(terms, state)
    others = tuple(_kept(state).requirements.values())
    # The county is known by its code and by its names.
    alias = terms.units.county if site.unit in terms.units.county else ()
    units = dict.fromkeys((site.unit, *alias, *(one.unit for one in others)))
    people = dict.fromkeys(one.person for one in (site, *others) if one.person is not None)
    return tuple(units), tuple(people)


def decide_assignment(terms: SiteTerms, state: SiteState, command: Assign) -> ResponsibleAssigned:
    """It holds at once, and ends a handing over that was not receipted; raises Refused where it changes nothing."""
    if command.requirement is not None:
        require_known(terms, state, (command.requirement,))
    new = Charge(unit=command.unit, person=command.person)
    own = command.requirement is None or command.requirement in _kept(state).requirements
    waits = (command.requirement or "") in _kept(state).pending
    if own and not waits and in_charge(terms, state, command.requirement) == new:
        raise Refused(f"{new.person} of {new.unit} is responsible already")
    return ResponsibleAssigned(unit=new.unit, person=command.person, requirement=command.requirement)


def decide_handing_over(
    terms: SiteTerms, rule: ResponsibleTerms, state: SiteState, command: HandOver, when: EventTime
) -> HandOverBegun:
    """Raises Refused for a unit that is neither responsible nor above, and while another one is not receipted."""
    if command.requirement is not None:
        require_known(terms, state, (command.requirement,))
    charge = in_charge(terms, state, command.requirement)
    above = (*terms.units.city, *terms.units.county)
    if command.actor.unit not in (unit_name(charge.unit), *above):
        raise Refused(
            f"{_what(command.requirement)} is handed over by its responsible unit {charge.unit}, its county or its "
            f"city; {command.actor.id} acts for {command.actor.unit}"
        )
    pending = _kept(state).pending.get(command.requirement or "")
    if pending is not None:
        asked = local_date(terms.calendar, pending.asked_at)
        raise Refused(
            f"{_what(command.requirement)} was handed over to {pending.person} of {pending.unit} on {asked} and is "
            "not receipted; `assign` ends that"
        )
    if (charge.unit, charge.person) == (command.unit, command.person):
        raise Refused(f"{command.person} of {command.unit} is responsible already")
    return HandOverBegun(
        number=_kept(state).handed_over + 1,
        unit=command.unit,
        person=command.person,
        reason=command.reason,
        due=clause_end(terms.calendar, when.heard_at, rule.receipt),
        clauses=named(due=rule.receipt),
        requirement=command.requirement,
    )


def decide_receipt(terms: SiteTerms, state: SiteState, command: TakeOver) -> TakenOver:
    """Raises Refused where nothing is handed over, or by another person than the one who takes over."""
    pending = _kept(state).pending.get(command.requirement or "")
    if pending is None:
        raise Refused(f"{_what(command.requirement)} is not handed over; there is nothing to receipt")
    if (command.actor.unit, command.actor.id) != (unit_name(pending.unit), pending.person):
        raise Refused(
            f"{_what(command.requirement)} is taken over by {pending.person} of {pending.unit}; {command.actor.id} "
            f"acts for {command.actor.unit}"
        )
    return TakenOver(number=pending.number, unit=pending.unit, person=pending.person, requirement=command.requirement)


def _kept(state: SiteState) -> Responsibility:
    return state.responsibility or Responsibility()


def _rule(terms: SiteTerms, command: str) -> ResponsibleTerms:
    if terms.responsible is None:
        raise Refused(f"{command} is not known at this site: its terms name nobody responsible")
    return terms.responsible


def _what(requirement: str | None) -> str:
    return "the site" if requirement is None else f"requirement {requirement!r}"


def _is_newly_required(terms: SiteTerms, state: SiteState) -> bool:
    rule = terms.responsible
    if rule is None or rule.due is None or _kept(state).due is not None:
        return False
    return in_charge(terms, state).person is None


def _again(
    terms: SiteTerms, rule: ResponsibleTerms, step: int, told: datetime, clause: Clause, due: NamedClause | None
) -> dict[str, Any]:
    """When the next level is told, if there is one, and the clauses of an event of silence."""
    if step >= len(rule.rungs):
        return {"next_due": None, "clauses": named(due=due)}
    return {"next_due": graced(terms.calendar, told, clause), "clauses": named(due=due, next_due=clause)}


def _missing(
    terms: SiteTerms, rule: ResponsibleTerms, clause: Clause, state: SiteState, kept: Responsibility, now: datetime
) -> Deadline:
    at, due, step = kept.notify_at, kept.due, kept.steps + 1
    assert at is not None and due is not None
    return at, lambda: ResponsibleMissing(
        unit=in_charge(terms, state).unit,
        step=step,
        due=due,
        **_again(terms, rule, step, max(at, now), clause, kept.clauses.get("due")),
    )


def _overdue(
    terms: SiteTerms, rule: ResponsibleTerms, requirement: str, pending: Pending, at: datetime, now: datetime
) -> Deadline:
    step = pending.steps + 1
    return at, lambda: TakeOverOverdue(
        number=pending.number,
        unit=pending.unit,
        person=pending.person,
        step=step,
        due=pending.due,
        **_again(terms, rule, step, max(at, now), rule.receipt, pending.clauses.get("due")),
        requirement=requirement or None,
    )


def _put_off(terms: SiteTerms, state: SiteState, kept: Responsibility) -> None:
    """A carried-over site runs again: what was due meanwhile is due by as much later."""

    def later(due: datetime | None) -> datetime | None:
        return None if due is None else put_off(terms.calendar, due, state.carry_overs[-1])

    kept.due, kept.notify_at = later(kept.due), later(kept.notify_at)
    for pending in kept.pending.values():
        pending.due = later(pending.due) or pending.due
        pending.notify_at = later(pending.notify_at)
