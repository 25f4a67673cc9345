"""Requests for an extension (申请延期): until when one may ask, who decides, and an overdue decider.

While a request is pending the clock of the work runs on, but the site does not climb: an open decision is not the
city's fault. An overdue decider is reported to its superior, again after each further clause, never to the city.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from rules.aggregate import EventTime, Question
from rules.calendar import (
    clause_end,
    graced,
    last_day_of,
    latest_occasion,
    local_date,
    next_working_day,
)
from rules.site.deferrals import may_be_due, used_up
from rules.site.options.protocol import Deadline, NoticeContent, SiteOption
from rules.site.reinstatement import put_off
from rules.site.state import SiteState
from rules.site.verdicts import round_question
from schemas import events as ev
from schemas.actor import Actor, unit_name
from schemas.amendments import Reinstated
from schemas.calendar import EXTENSION, clause_data, named
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.extensions import (
    EXTENSIONS,
    DecideExtension,
    ExtensionRefused,
    ExtensionRequest,
    ExtensionRequested,
    ExtensionRequests,
    ExtensionTerms,
    ExtensionUndecided,
    RequestExtension,
)
from schemas.site.terms import SiteTerms

_DAY = timedelta(days=1)


class ExtensionsOption(SiteOption):
    """The plan's option `extension`: requests, their decision, and a decider that is overdue."""

    data = EXTENSIONS

    def answers(self, terms: SiteTerms, state: SiteState, command: Command) -> Question | None:
        match command:
            case RequestExtension():
                return round_question(state)
            case DecideExtension():
                pending = _pending(state)
                return Question(None if pending is None else pending.asked_at, "the extension was asked for")
            case _:
                return None

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        match command:
            case RequestExtension():
                yield decide_request(terms, state, command, when)
            case DecideExtension():
                yield decide_answer(terms, state, command, when)

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        asking = state.extension_requests
        match event:
            case ExtensionRequested():
                asking = asking or ExtensionRequests()
                pending = ExtensionRequest(
                    request=event.request,
                    until=event.until,
                    reason=event.reason,
                    asked_at=at,
                    decision_due=event.decision_due,
                    clauses=event.clauses,
                    notify_at=event.decision_due,
                )
                state.extension_requests = asking.model_copy(update={"asked": event.request, "pending": pending})
            case ExtensionRefused() if asking is not None:
                state.extension_requests = asking.model_copy(update={"refused": asking.refused + 1, "pending": None})
                state.climb_from(event.climbs_from)
            case ExtensionUndecided() if asking is not None and asking.pending is not None:
                pending = asking.pending.model_copy(update={"steps": event.step, "notify_at": event.next_due})
                state.extension_requests = asking.model_copy(update={"pending": pending})
            case ev.Extended() if asking is not None and asking.pending is not None:
                # The province may extend by itself meanwhile: then nothing is left to decide.
                lapsed = asking.lapsed + (event.request is None)
                state.extension_requests = asking.model_copy(update={"lapsed": lapsed, "pending": None})
            case ev.VerificationRequested() | ev.CarriedOver() if asking is not None and asking.pending is not None:
                state.extension_requests = asking.model_copy(update={"lapsed": asking.lapsed + 1, "pending": None})
            case Reinstated() if asking is not None and asking.pending is not None:
                dues = (asking.pending.decision_due, asking.pending.notify_at)
                due, notify_at = (put_off(terms.calendar, one, state.carry_overs[-1]) for one in dues)
                pending = asking.pending.model_copy(update={"decision_due": due, "notify_at": notify_at})
                state.extension_requests = asking.model_copy(update={"pending": pending})
            case _:
                pass

    def notices(self, terms: SiteTerms, state: SiteState, event: Event) -> Iterable[NoticeContent]:
        def day(due: datetime) -> str:
            return last_day_of(terms.calendar, due).isoformat()

        match event:
            case ExtensionRequested():
                asked = {"asked_until": event.until.isoformat(), "reason": event.reason, "due": day(event.decision_due)}
                asked |= clause_data(event.clauses, "decision_due")
                yield NoticeContent("extension_request", f"request-{event.request}", asked)
            case ExtensionUndecided():
                decider = terms.extension.decider if terms.extension is not None else ""
                overdue = {"decider": decider, "step": event.step, "due": day(event.due)}
                overdue |= clause_data(event.clauses)
                yield NoticeContent("extension_overdue", f"request-{event.request}:step-{event.step}", overdue)
            case ExtensionRefused():
                refused = {"granted": False, "reason": event.reason, "due": day(state.due) if state.due else None}
                refused |= clause_data(state.clauses)
                yield NoticeContent("extension_decision", f"request-{event.request}", refused)
            case ev.Extended() if event.request is not None:
                granted = {"granted": True, "reason": event.reason, "due": day(event.due)}
                granted |= clause_data(event.clauses)
                yield NoticeContent("extension_decision", f"request-{event.request}", granted)
            case _:
                pass

    def deadlines(self, terms: SiteTerms, state: SiteState, now: datetime) -> Iterable[Deadline]:
        """When the decider is overdue; the grace after that counts from `now`."""
        pending, rule = _pending(state), terms.extension
        return () if pending is None or rule is None else [_undecided(terms, rule, pending, now)]

    def blocks_escalation(self, terms: SiteTerms, state: SiteState) -> bool:
        """While a request is undecided the site does not climb."""
        return _pending(state) is not None


def _pending(state: SiteState) -> ExtensionRequest | None:
    return state.extension_requests.pending if state.extension_requests is not None else None


def _undecided(terms: SiteTerms, rule: ExtensionTerms, pending: ExtensionRequest, now: datetime) -> Deadline:
    notified_at = pending.notify_at
    return notified_at, lambda: ExtensionUndecided(
        request=pending.request,
        step=pending.steps + 1,
        due=pending.decision_due,
        next_due=graced(terms.calendar, max(notified_at, now), rule.decision),
        clauses=named(due=pending.clauses.get("decision_due"), next_due=rule.decision),
    )


def last_day_to_ask(terms: SiteTerms, due: datetime) -> date:
    """The last day on which an extension of this deadline may be asked for."""
    return latest_occasion(terms.calendar, last_day_of(terms.calendar, due), _offered(terms, "").before)


def decide_request(
    terms: SiteTerms, state: SiteState, command: RequestExtension, when: EventTime
) -> ExtensionRequested:
    """A timely request; raises Refused, naming the rule and the last day on which it could be asked."""
    rule, asking = _offered(terms, "request_extension"), state.extension_requests or ExtensionRequests()
    if asking.pending is not None:
        asked_on = local_date(terms.calendar, asking.pending.asked_at)
        raise Refused(f"the request of {asked_on} is pending at {rule.decider}; one is decided before the next is made")
    used_up(terms, state)
    # During a suspension the last day to ask does not come nearer.
    asks_at = min(when.at, state.suspensions[-1].since) if state.suspended else when.at
    if state.due is not None:
        last = last_day_to_ask(terms, state.due)
        if local_date(terms.calendar, asks_at) > last:
            clause = f"{rule.before.amount} {rule.before.unit.replace('_', ' ')}"
            raise Refused(
                f"an extension is asked for at least {clause} before the expiry; the site is due on "
                f"{last_day_of(terms.calendar, state.due)}, and the last day to ask was {last}"
            )
    may_be_due(terms, state, command.until, when.heard_at)
    return ExtensionRequested(
        request=asking.asked + 1,
        until=command.until,
        reason=command.reason,
        decision_due=clause_end(terms.calendar, when.heard_at, rule.decision),
        clauses=named(decision_due=rule.decision),
    )


def decide_answer(
    terms: SiteTerms, state: SiteState, command: DecideExtension, when: EventTime
) -> ev.Extended | ExtensionRefused:
    """The decision on the pending request; raises Refused where there is none, or for an actor who does not decide."""
    rule = _offered(terms, "decide_extension")
    _require_decider(rule, command.actor)
    pending = _pending(state)
    if pending is None:
        raise Refused("no request for an extension is pending; there is nothing to decide")
    if command.granted:
        until = command.until or pending.until
        used_up(terms, state)
        due = may_be_due(terms, state, until, when.heard_at)
        reason = command.reason or pending.reason
        clauses = named(due=EXTENSION)
        return ev.Extended(until=until, due=due, reason=reason, request=pending.request, clauses=clauses)
    if not command.reason:
        raise Refused("a refused extension needs its reason in writing")
    if command.until is not None:
        raise Refused("a refused extension names no day; until belongs to one that is granted")
    # As after a suspension: nobody climbs on the day on which the hold ends.
    first = next_working_day(terms.calendar, local_date(terms.calendar, when.heard_at) + _DAY)
    return ExtensionRefused(
        request=pending.request, reason=command.reason, climbs_from=max(first, state.climbs_from or first)
    )


def _offered(terms: SiteTerms, command: str) -> ExtensionTerms:
    if terms.extension is None:
        raise Refused(
            f"{command} is not foreseen: the plan takes no requests for extension; the province extends by itself"
        )
    return terms.extension


def _require_decider(rule: ExtensionTerms, actor: Actor) -> None:
    if actor.unit not in (unit_name(rule.decider), unit_name(rule.superior)):
        raise Refused(
            f"extensions are decided by {rule.decider}, or by its superior {rule.superior}; "
            f"{actor.id} acts for {actor.unit}"
        )
