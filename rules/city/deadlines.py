"""What a city does by itself: its deadlines, the effects it asks for and how it remembers that it asked."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rules.amendments.ends import CAMPAIGN_ENDED
from rules.calendar import dispatch_due, last_day_of, start_of
from rules.city.apply import conduct_key
from rules.city.dispatch import anything_goes_out, gathering
from rules.city.options.protocol import Due
from rules.city.options.registry import CITY_OPTIONS
from rules.city.state import CityState
from rules.documents.rules import next_of_documents, terms_of
from rules.effects import Effect, GatherNotices, OpenSites, ReconcileSites, SettleSites
from rules.escalation import climbs_on
from schemas import events as ev
from schemas.calendar import named
from schemas.city import CityTerms
from schemas.documents.events import UnitClimbed
from schemas.stages import Deployment

_SETTLE_FIRST, _SETTLE_LAST = timedelta(minutes=1), timedelta(hours=6)
"""Between two passes over what is still open after the end, twice as long each time; five real seconds at least."""


_SETTLING = timedelta(days=3)
"""After this the city dispatches even if a site has not settled."""


def next_deadline(terms: CityTerms, state: CityState, now: datetime) -> Due | None:
    """The first thing that is due; of two at one instant the one that stands first here."""
    if state.settled_at is not None or state.last_dispatch is None:
        return None
    found = min(_deadlines(terms, state, now), key=lambda due: due[0], default=None)
    if found is not None and isinstance(found[1], OpenSites):
        order = found[1]
        for option in CITY_OPTIONS:
            order = option.opening(terms, state, order)
        return found[0], order
    return found


def _deadlines(terms: CityTerms, state: CityState, now: datetime) -> Iterator[Due]:
    if state.ended_at is None:
        yield from _while_running(terms, state, now)
    elif not state.sites_settled:
        again = state.settle_asked > 0
        yield (
            state.settle_at or state.ended_at,
            SettleSites(state.ended_at, state.end_reason or CAMPAIGN_ENDED, again=again),
        )
    yield from next_of_documents(state.documents, terms, now)
    for option in CITY_OPTIONS:
        yield from option.deadlines(terms, state, now)
    yield from _next_dispatch(terms, state, now)


def _while_running(terms: CityTerms, state: CityState, now: datetime) -> Iterator[Due]:
    yield terms.ends_at, ev.CampaignEnded()
    yield from _conduct(terms, state, now)
    if state.receipt_signed_at is None and not state.receipt_late:
        yield terms.receipt_due, ev.ReceiptOverdue(due=terms.receipt_due, clauses=named(due=terms.receipt))
    if _awaits_deployment(state) and state.deployment_due is not None and not state.deployment_late:
        clauses = named(due=state.clauses.get("deployment_due"))
        yield state.deployment_due, ev.DeploymentOverdue(due=state.deployment_due, clauses=clauses)
    submitted = state.deployment is Deployment.SUBMITTED
    if submitted and state.decision_due is not None and not state.decision_late:
        clauses = named(due=state.clauses.get("decision_due"))
        yield state.decision_due, ev.DecisionOverdue(due=state.decision_due, clauses=clauses)
    if state.opens_at is not None and not state.opened and not state.opening:
        yield state.opens_at, OpenSites(state.opens_at)
    for option in CITY_OPTIONS:
        yield from option.running_deadlines(terms, state)
    if state.opened and state.last_reconciled is not None:
        at = state.last_reconciled + timedelta(days=terms.reconcile_every_days)
        yield at, ReconcileSites(at)


def _conduct(terms: CityTerms, state: CityState, now: datetime) -> Iterator[Due]:
    """A unit that neither signs for the plan nor deploys climbs by its own conduct."""
    overdue = [("no_receipt", terms.receipt_due, named(due=terms.receipt))] if state.receipt_signed_at is None else []
    if _awaits_deployment(state) and state.deployment_due is not None:
        clauses = named(due=state.clauses.get("deployment_due"))
        overdue.append(("no_deployment", state.deployment_due, clauses))
    for conduct, due, clauses in overdue:
        known = terms_of(terms.documents, conduct, 0)
        if known is None or known.after is None or conduct_key(conduct, due) in state.conduct:
            continue
        on = climbs_on(terms.calendar, last_day_of(terms.calendar, due), known.after, due, now)
        instrument = known.instrument
        climbed = UnitClimbed(conduct=conduct, instrument=instrument, due=due, on=on, clauses=clauses)
        yield start_of(terms.calendar, on), climbed


def _awaits_deployment(state: CityState) -> bool:
    return state.deployment in (Deployment.AWAITED, Deployment.RETURNED)


def _next_dispatch(terms: CityTerms, state: CityState, now: datetime) -> Iterator[Due]:
    last = state.last_dispatch
    assert last is not None  # the plan has reached the city
    running = state.opened and state.ended_at is None
    if state.waiting or running or state.sites_settled or anything_goes_out(state.documents):
        at = dispatch_due(terms.calendar, last, now)
        yield at, gathering(terms, state, at)
    elif state.opened and state.ended_at is not None:
        # A site that does not settle must not delay the notices of the others.
        at = dispatch_due(terms.calendar, max(last, state.ended_at + _SETTLING), now)
        yield at, gathering(terms, state, at)


def note_asked(terms: CityTerms, state: CityState, effect: Effect, at: datetime, now: datetime) -> None:
    """An effect is asked for once; a city that is restarted from its ledger asks again."""
    match effect:
        case OpenSites(survey=None, county=None):
            state.opening = True
        case SettleSites():
            wait = min(_SETTLE_FIRST * 2 ** min(state.settle_asked, 16), _SETTLE_LAST)
            state.settle_at = max(at, now) + max(wait, timedelta(seconds=5 * terms.clock.rate))
            state.settle_asked += 1
        case ReconcileSites():
            # After an outage one look stands for all that were missed.
            every = timedelta(days=terms.reconcile_every_days)
            state.last_reconciled = at + (now - at) // every * every
        case GatherNotices():
            state.last_dispatch = at
    for option in CITY_OPTIONS:
        option.note_asked(state, effect)
