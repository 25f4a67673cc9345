"""The programme's own documents: the year's task, missing surveys, the reports of each year and of the whole."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from rules.calendar import dispatch_due, last_day_of, local_date
from rules.documents.numbering import document_key, written
from rules.effects import NumberDocuments
from rules.programme.places import differing
from rules.programme.state import ProgrammeState, WaitingDocument
from schemas.base import iso_utc
from schemas.documents.events import DocumentIssued
from schemas.event import Event
from schemas.ledger import DocumentDraft
from schemas.programme import Amount, ProgrammeTerms
from schemas.programme_events import PlaceAmounts, ProgrammeEnded, SurveyOverdue, YearClosed, YearStarted
from schemas.quantity import written as written_amount
from schemas.work import Numbered

YEAR_TASK = "year_task"
STOCK_SURVEY_OVERDUE = "stock_survey_overdue"
YEAR_REPORT = "year_report"
PROGRAMME_REPORT = "programme_report"


def document_of(
    terms: ProgrammeTerms, state: ProgrammeState, event: Event, at: datetime, heard_at: datetime
) -> WaitingDocument | None:
    """The document that reports an event, by the state after it; None for most events."""
    since = max(at, heard_at)
    match event:
        case YearStarted():
            data = _of_year(terms, event.year, event.places) | {
                "stock": _amount(event.stock),
                "chosen": _amount(event.chosen),
                "carried_in": _amount(event.carried_over),
                "share": written_amount(terms.share * 100),
                "last": event.year + 1 == len(terms.years),
                "silent": [_city(terms, code) for code in event.silent],
                "differing": [_place(terms, one) for one in differing(event.places)],
                "cities": list(dict.fromkeys(one.city for one in event.places)),
            }
            return WaitingDocument(kind=YEAR_TASK, rung=event.year + 1, since=since, data=data)
        case SurveyOverdue():
            data = {
                "campaign": terms.years[event.year].campaign_id,
                "year_no": event.year + 1,
                "cities": list(event.cities),
                "names": [_city(terms, code) for code in event.cities],
                "due": iso_utc(event.due),
                "year_starts_on": _day(terms, terms.years[event.year].starts_at),
                "running": state.running,
            }
            return WaitingDocument(kind=STOCK_SURVEY_OVERDUE, rung=event.step, since=since, data=data)
        case YearClosed():
            data = _of_year(terms, event.year, event.places) | {
                "stock": _amount(state.results[-1].stock),
                "closed": _amount(event.closed),
                "carried_over": _amount(event.carried_over),
                "found": _amount(event.found),
                "left": _amount(event.left),
                "year_share": written_amount(event.share * 100),
                "met": event.met,
                "missed": [_place(terms, one) for one in event.places if one.closed.area_ha < one.target],
            }
            return WaitingDocument(kind=YEAR_REPORT, rung=event.year + 1, since=since, data=data)
        case ProgrammeEnded():
            data = {
                "treated": _amount(event.treated),
                "left": _amount(event.left),
                "in_time": event.in_time,
                "stopped": state.stopped,
                "years": [
                    {
                        "campaign": one.campaign,
                        "stock": _amount(one.stock),
                        "closed": _amount(one.closed),
                        "carried_over": _amount(one.carried_over),
                        "met": one.met,
                    }
                    for one in state.results
                ],
            }
            return WaitingDocument(kind=PROGRAMME_REPORT, since=since, data=data)
        case _:
            return None


def next_numbering(terms: ProgrammeTerms, state: ProgrammeState, now: datetime) -> NumberDocuments | None:
    """The numbers to be given at the next dispatch hour, for every document that waits for it by then."""
    if not state.waiting or state.numbering:
        return None
    at = dispatch_due(terms.calendar, state.waiting[0].since, now)
    wanted = tuple((_key(terms, one, at), terms.series) for one in _ready(state.waiting, at))
    return NumberDocuments(at, int(_day(terms, at)[:4]), wanted)


def issued(
    terms: ProgrammeTerms, state: ProgrammeState, numbered: Numbered
) -> list[tuple[DocumentIssued, DocumentDraft]]:
    """The numbered documents: the event of each, and its draft."""
    found = []
    for one in _ready(state.waiting, numbered.at):
        key = _key(terms, one, numbered.at)
        if key not in numbered.numbers:
            continue
        number = written(terms.language, terms.series, numbered.year, numbered.numbers[key])
        draft = DocumentDraft(
            key=key, city="", kind=one.kind, rung=one.rung, issued_at=numbered.at, data=dict(one.data), number=number
        )
        found.append((DocumentIssued(key=key, document=one.kind, rung=one.rung, number=number), draft))
    return found


def _ready(waiting: Iterable[WaitingDocument], at: datetime) -> list[WaitingDocument]:
    return [one for one in waiting if one.since < at]


def _key(terms: ProgrammeTerms, one: WaitingDocument, at: datetime) -> str:
    return document_key(terms.programme_id, "", one.kind, one.rung, terms.calendar, at)


def _of_year(terms: ProgrammeTerms, year: int, places: Sequence[PlaceAmounts]) -> dict[str, Any]:
    own = terms.years[year]
    return {
        "campaign": own.campaign_id,
        "year_no": year + 1,
        "year_starts_on": _day(terms, own.starts_at),
        "year_ends_on": last_day_of(terms.calendar, own.ends_at).isoformat(),
        "target_ha": written_amount(sum((one.target for one in places), Decimal())),
        "places": [_place(terms, one) for one in places],
    }


def _place(terms: ProgrammeTerms, one: PlaceAmounts) -> dict[str, Any]:
    return {
        "city": _city(terms, one.city),
        "county": terms.counties.get(one.county, one.county),
        "target": written_amount(one.target),
        "chosen": _amount(one.chosen),
        "closed": _amount(one.closed),
    }


def _amount(amount: Amount) -> dict[str, Any]:
    return {"sites": amount.sites, "ha": written_amount(amount.area_ha)}


def _city(terms: ProgrammeTerms, code: str) -> str:
    return next((one.name for one in terms.cities if one.code == code), code)


def _day(terms: ProgrammeTerms, at: datetime) -> str:
    return local_date(terms.calendar, at).isoformat()
