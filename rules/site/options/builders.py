"""Who builds a site: the enterprise of the register, another one after it, anybody, or the county in its place.

Who may report work is judged by event time: an enterprise reports what it did before it was replaced, within the plan's
tolerance for late reports, and nothing of after that. Reports that stand remain.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from rules.aggregate import EventTime, Question
from rules.calendar import clause_end, graced, last_day_of, local_date, shown_instant
from rules.site.options.protocol import Deadline, NoticeContent, SiteOption
from rules.site.reinstatement import put_off
from rules.site.state import SiteState
from schemas.actor import Actor, Role, Units, unit_name
from schemas.amendments import Reinstated
from schemas.calendar import named
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.modes import plain
from schemas.options.builders import (
    BUILDERS,
    Builder,
    BuilderFacts,
    BuilderState,
    BuilderTerms,
    ChargeCost,
    CostCharged,
    DecideReplacement,
    EnterpriseReplaced,
    ReplaceEnterprise,
    Replacement,
    ReplacementRefused,
    ReplacementRequested,
    ReplacementUndecided,
    TakeOverWorks,
    WorksTakenOver,
)
from schemas.site.commands import CompleteTask
from schemas.site.correction import Correct
from schemas.site.terms import SiteTerms
from schemas.stages import OPEN

_IN_THE_PLACE_OF_AN_ENTERPRISE = (Role.COUNTY, Role.TOWNSHIP)
"""Who works where the county has taken over."""

_AS_RESPONSIBLE = ("hand_over", "take_over")
"""What a replaced enterprise still sends: it may be the responsible unit."""


class BuilderOption(SiteOption):
    """Replacement and taking over; a site whose enterprise nobody questioned has no trace of it."""

    data = BUILDERS

    def answers(self, terms: SiteTerms, state: SiteState, command: Command) -> Question | None:
        kept = _kept(state)
        match command:
            case DecideReplacement():
                asked_at = None if kept.pending is None else kept.pending.asked_at
                return Question(asked_at, "the replacement was asked for")
            case ReplaceEnterprise() | TakeOverWorks() if kept.builders:
                return Question(kept.builders[-1].since, "the work changed hands last")
            case _:
                return None

    def judged_units(
        self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime, units: Units
    ) -> Units:
        """By who built at the event time; raises Refused for an enterprise that did not build then."""
        if terms.builder is None or not _kept(state).builders or command.kind in _AS_RESPONSIBLE:
            return units
        builder, actor = builder_at(terms, state, when.at), command.actor
        at_work = isinstance(command, CompleteTask)
        if actor.role is Role.ENTERPRISE and builder.enterprise is None:
            _require_not_replaced(terms, state, builder, actor, when.at)
        if at_work and builder.by_county and actor.role not in _IN_THE_PLACE_OF_AN_ENTERPRISE:
            raise Refused(f"the county has taken the work over; its people and its townships report it, not {actor.id}")
        return _with(units, builder)

    def check_command(self, terms: SiteTerms, state: SiteState, command: Command) -> None:
        """The enterprise of the register is corrected only while nobody has built: later it is replaced."""
        if not isinstance(command, Correct) or command.record.enterprise is None:
            return
        if _kept(state).builders or _kept(state).asked:
            raise Refused("another enterprise was asked for at this site; it is replaced by `replace-enterprise`")
        if state.reports:
            raise Refused(
                f"work was reported at this site ({len(state.reports)} reports); its enterprise is not corrected but "
                "replaced by `replace-enterprise`"
            )

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        rule = terms.builder
        if rule is None:
            raise Refused(f"{command.kind} is not known at this site: its terms name no builder")
        match command:
            case ReplaceEnterprise():
                yield decide_request(terms, rule, state, command, when)
            case DecideReplacement():
                yield decide_answer(rule, state, command)
            case TakeOverWorks():
                yield decide_taking_over(terms, state, command)
            case ChargeCost():
                yield decide_charge(terms, state, command)

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        kept, changes = _kept(state), dict[str, Any]()
        match event:
            case ReplacementRequested():
                changes["asked"] = event.request
                changes["pending"] = Replacement(
                    request=event.request,
                    old=event.old,
                    new=event.new,
                    reason=event.reason,
                    asked_at=at,
                    decision_due=event.decision_due,
                    notify_at=event.decision_due,
                    clauses=event.clauses,
                )
            case ReplacementRefused():
                changes["pending"] = None
            case ReplacementUndecided() if kept.pending is not None:
                told = {"steps": event.step, "notify_at": event.next_due}
                changes["pending"] = kept.pending.model_copy(update=told)
            case EnterpriseReplaced():
                builder = Builder(enterprise=event.new, since=at, reason=event.reason)
                changes |= {"builders": (*kept.builders, builder), "pending": None}
            case WorksTakenOver():
                builder = Builder(by_county=True, since=at, reason=event.reason)
                changes |= {"builders": (*kept.builders, builder), "pending": None}
            case CostCharged():
                changes["owed"] = {**kept.owed, event.enterprise: event.total}
            case Reinstated() if kept.pending is not None:
                dues = (kept.pending.decision_due, kept.pending.notify_at)
                due, notify_at = (put_off(terms.calendar, one, state.carry_overs[-1]) for one in dues)
                changes["pending"] = kept.pending.model_copy(update={"decision_due": due, "notify_at": notify_at})
            case _:
                return
        state.builders = kept.model_copy(update=changes)

    def notices(self, terms: SiteTerms, state: SiteState, event: Event) -> Iterable[NoticeContent]:
        def day(due: datetime) -> str:
            return last_day_of(terms.calendar, due).isoformat()

        match event:
            case ReplacementRequested():
                asked = {"old": event.old, "new": event.new, "cause": event.reason, "reason": event.words}
                due = {"due": day(event.decision_due)}
                yield NoticeContent("replacement_request", f"request-{event.request}", asked | due)
            case ReplacementUndecided():
                decider = terms.builder.decider if terms.builder is not None else None
                late = {"decider": decider, "step": event.step, "due": day(event.due)}
                yield NoticeContent("replacement_undecided", f"request-{event.request}:step-{event.step}", late)
            case ReplacementRefused():
                refused = {"approved": False, "reason": event.words}
                yield NoticeContent("replacement_decision", f"request-{event.request}", refused)
            case EnterpriseReplaced():
                approved = {"approved": True, "old": event.old, "new": event.new, "cause": event.reason}
                yield NoticeContent("replacement_decision", f"request-{event.request}", approved)
            case WorksTakenOver():
                taken = {"old": event.old, "cause": event.reason, "reason": event.words}
                yield NoticeContent("works_taken_over", f"change-{len(_kept(state).builders)}", taken)
            case CostCharged():
                cost = {"enterprise": event.enterprise, "amount": str(event.amount), "total": str(event.total)}
                yield NoticeContent("cost_notice", f"entry-{state.seq}", cost | {"voucher": event.reference})
            case _:
                pass

    def deadlines(self, terms: SiteTerms, state: SiteState, now: datetime) -> Iterable[Deadline]:
        """When the decision is overdue; the grace after that counts from `now`."""
        pending, rule = _kept(state).pending, terms.builder
        if pending is None or rule is None or state.stage not in OPEN:  # a struck-off site may wait for its police case
            return ()
        return [_undecided(terms, rule, pending, now)]

    def units(self, terms: SiteTerms, state: SiteState, units: Units) -> Units:
        """Who builds now."""
        if terms.builder is None or (not _kept(state).builders and "enterprise" not in state.corrections):
            return units
        return _with(units, builder_at(terms, state, None))

    def unit_names(self, terms: SiteTerms, state: SiteState) -> Iterable[str]:
        """Every enterprise that ever built here: a late report is of one that was replaced."""
        if terms.builder is not None:
            yield from (one.enterprise for one in _all(terms, state) if one.enterprise is not None)

    def facts(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        if terms.builder is None or state.builders is None:
            return {}
        builder, pending = builder_at(terms, state, None), state.builders.pending
        facts = BuilderFacts(
            enterprise=builder.enterprise,
            by_county=builder.by_county,
            replaced=replaced(terms, state),
            pending=None if pending is None else pending.new or "",
            decision_due=None if pending is None else pending.decision_due,
            clauses={} if pending is None else pending.clauses,
            owed=state.builders.owed,
        )
        return {"builder": facts}

    def view(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return self.facts(terms, state)


def builder_at(terms: SiteTerms, state: SiteState, at: datetime | None) -> Builder:
    """Who builds at this instant; None: now."""
    known = [one for one in _all(terms, state) if at is None or one.since is None or one.since <= at]
    return known[-1]


def replaced(terms: SiteTerms, state: SiteState) -> tuple[str, ...]:
    """The enterprises that build no longer, in their order."""
    return tuple(dict.fromkeys(one.enterprise for one in _all(terms, state)[:-1] if one.enterprise is not None))


def decide_request(
    terms: SiteTerms, rule: BuilderTerms, state: SiteState, command: ReplaceEnterprise, when: EventTime
) -> ReplacementRequested:
    """Raises Refused where none is to be replaced, by one that was replaced before, and while a request is pending."""
    kept, now = _kept(state), builder_at(terms, state, None)
    if kept.pending is not None:
        asked_on = local_date(terms.calendar, kept.pending.asked_at)
        raise Refused(f"the replacement asked for on {asked_on} waits for the province; one is decided before the next")
    if now.enterprise is None and not kept.builders:
        raise Refused("the register names no building enterprise for this site: any may report, and none is replaced")
    if command.new is not None and command.new == now.enterprise:
        raise Refused(f"{command.new} builds this site already")
    if command.new is not None and command.new in replaced(terms, state):
        raise Refused(f"{command.new} was replaced at this site before and does not come back")
    return ReplacementRequested(
        request=kept.asked + 1,
        old=now.enterprise,
        new=command.new,
        reason=command.reason,
        words=command.words,
        decision_due=clause_end(terms.calendar, when.heard_at, rule.decision),
        clauses=named(decision_due=rule.decision),
    )


def decide_answer(
    rule: BuilderTerms, state: SiteState, command: DecideReplacement
) -> EnterpriseReplaced | ReplacementRefused:
    """The decision on the pending request; raises Refused where there is none, or for another office."""
    actor, pending = command.actor, _kept(state).pending
    if rule.decider is not None and actor.unit not in (unit_name(rule.decider), unit_name(rule.superior or "")):
        raise Refused(
            f"replacements are decided by {rule.decider}, or by its superior {rule.superior}; {actor.id} acts for "
            f"{actor.unit}"
        )
    if pending is None:
        raise Refused("no replacement is asked for; there is nothing to decide")
    if not command.approved:
        return ReplacementRefused(request=pending.request, words=command.words or "")
    return EnterpriseReplaced(request=pending.request, old=pending.old, new=pending.new, reason=pending.reason)


def decide_taking_over(terms: SiteTerms, state: SiteState, command: TakeOverWorks) -> WorksTakenOver:
    """Needs no approval: it is the county's own duty. Raises Refused where no enterprise builds."""
    now = builder_at(terms, state, None)
    if now.enterprise is None:
        raise Refused("no enterprise builds this site; there is none in whose place the county would work")
    return WorksTakenOver(old=now.enterprise, reason=command.reason, words=command.words)


def decide_charge(terms: SiteTerms, state: SiteState, command: ChargeCost) -> CostCharged:
    """Raises Refused for an enterprise in whose place the county never worked, and where its sum would go below 0."""
    owed, builders = _kept(state).owed, _all(terms, state)
    debtors = [one.enterprise for one, after in pairwise(builders) if after.by_county]
    if command.enterprise not in debtors:
        known = ", ".join(one for one in debtors if one is not None) or "nobody"
        raise Refused(
            f"the county has not taken the work over from {command.enterprise}; costs are charged to: {known}"
        )
    total = owed.get(command.enterprise, Decimal()) + command.amount
    if total < 0:
        raise Refused(
            f"{command.amount} cny would bring what {command.enterprise} owes below 0; "
            f"{owed.get(command.enterprise, Decimal())} cny is charged"
        )
    return CostCharged(
        enterprise=command.enterprise,
        amount=command.amount,
        total=plain(total),
        reference=command.reference,
        note=command.note,
    )


def _kept(state: SiteState) -> BuilderState:
    return state.builders or BuilderState()


def _all(terms: SiteTerms, state: SiteState) -> tuple[Builder, ...]:
    """That of the register, which may have been corrected, and those after it."""
    registered = terms.builder.enterprise if terms.builder is not None else None
    return (Builder(enterprise=state.corrections.get("enterprise", registered)), *_kept(state).builders)


def _with(units: Units, builder: Builder) -> Units:
    return units.model_copy(update={"enterprise": () if builder.enterprise is None else (builder.enterprise,)})


def _require_not_replaced(terms: SiteTerms, state: SiteState, now: Builder, actor: Actor, at: datetime) -> None:
    """Where no enterprise is named any may act, but not under the county, and none that had been replaced by then."""
    gone = [one for one in _kept(state).builders if one.since is not None and one.since <= at]
    if not gone:
        return
    since = shown_instant(terms.calendar, gone[-1].since or at)
    if now.by_county:
        raise Refused(f"the county has taken the work over on {since}; {actor.id} acts for {actor.unit}")
    if actor.unit in replaced(terms, state):
        raise Refused(f"{actor.unit} was replaced by {since} and acts no more at this site")


def _undecided(terms: SiteTerms, rule: BuilderTerms, pending: Replacement, now: datetime) -> Deadline:
    notified_at = pending.notify_at
    return notified_at, lambda: ReplacementUndecided(
        request=pending.request,
        step=pending.steps + 1,
        due=pending.decision_due,
        next_due=graced(terms.calendar, max(notified_at, now), rule.decision),
        clauses=named(due=pending.clauses.get("decision_due"), next_due=rule.decision),
    )
