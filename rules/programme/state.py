"""The state of a programme, and how its events change it."""

from datetime import datetime
from decimal import Decimal

from rules.ledger_state import AggregateState
from schemas.base import Instant, StoredModel
from schemas.documents.events import DocumentIssued
from schemas.event import Event
from schemas.programme import Amount
from schemas.programme_events import (
    PlaceAmounts,
    ProgrammeBegan,
    ProgrammeEnded,
    ProgrammeStopped,
    SurveyHandedIn,
    SurveyOverdue,
    SurveyTaken,
    YearClosed,
    YearStarted,
)
from schemas.quantity import Sum


class HandedIn(StoredModel):
    """A city's survey of the open year; `asked`: it was requested to be taken into the stock."""

    at: Instant
    sites: int
    digest: str | None = None
    asked: bool = False
    taken: bool = False


class WaitingDocument(StoredModel):
    """A document of the programme that is issued at the next dispatch hour after `since`."""

    kind: str
    rung: int = 0
    since: Instant
    data: dict[str, object] = {}


class YearResult(StoredModel):
    """A year that is over, for the closing report."""

    campaign: str
    stock: Amount
    target: Sum
    closed: Amount
    carried_over: Amount
    met: bool


class ProgrammeState(AggregateState):
    """The state of a programme: `left` is untreated, `treated` is done; together they are the whole stock.

    What is left is known from the first survey or the first year on.
    """

    began_at: Instant | None = None
    year: int = 0
    """The running year, or the next one; the first is 0."""
    running: bool = False
    asked: bool = False
    """Whether the start of the year was requested."""
    opened_at: Instant | None = None
    """Since when the survey of the year may be handed in."""
    counted_at: Instant | None = None
    """When the campaign's state was last requested."""
    left: Amount = Amount()
    treated: Amount = Amount()
    year_stock: Amount = Amount()
    target: Sum = Decimal()
    places: tuple[PlaceAmounts, ...] = ()
    surveys: dict[str, HandedIn] = {}
    """City to its survey of the open year."""
    survey_steps: int = 0
    survey_next: Instant | None = None
    waiting: tuple[WaitingDocument, ...] = ()
    """Documents that are not issued yet, oldest first."""
    numbering: bool = False
    """Whether numbers for the waiting documents were requested."""
    results: tuple[YearResult, ...] = ()
    stopped: str | None = None
    ended_at: Instant | None = None


def apply_event(state: ProgrammeState, event: Event, at: datetime, years: int) -> None:
    """Apply one event to the state, in place; `years` is their number."""
    match event:
        case ProgrammeBegan():
            state.began_at = state.opened_at = at
        case SurveyHandedIn():
            handed = HandedIn(at=at, sites=event.sites, digest=event.digest)
            state.surveys = {**state.surveys, event.city: handed}
        case SurveyTaken():
            taken = state.surveys[event.city].model_copy(update={"taken": True})
            state.surveys = {**state.surveys, event.city: taken}
            state.left = event.stock
        case SurveyOverdue():
            state.survey_steps, state.survey_next = event.step, event.next_due
        case YearStarted():
            state.running, state.asked, state.left = True, False, event.stock
            state.year_stock, state.target, state.places = event.stock, event.target, event.places
        case YearClosed():
            _close(state, event, at, years)
        case DocumentIssued():
            done = next(one for one in state.waiting if (one.kind, one.rung) == (event.document, event.rung))
            state.waiting = tuple(one for one in state.waiting if one is not done)
        case ProgrammeStopped():
            state.stopped = event.reason
        case ProgrammeEnded():
            state.ended_at = at
        case _:
            pass


def _close(state: ProgrammeState, event: YearClosed, at: datetime, years: int) -> None:
    result = YearResult(
        campaign=event.campaign,
        stock=state.year_stock,
        target=state.target,
        closed=event.closed,
        carried_over=event.carried_over,
        met=event.met,
    )
    state.results = (*state.results, result)
    state.running, state.treated, state.left = False, event.treated, event.left
    state.counted_at = max(state.counted_at or at, at)
    if event.year + 1 < years:
        state.year = event.year + 1
        state.opened_at, state.surveys, state.survey_steps, state.survey_next = at, {}, 0, None
