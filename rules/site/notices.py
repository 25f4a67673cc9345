"""Which of a site's events become notices to its city, and in which document each will be listed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rules.calendar import last_day_of, local_date
from rules.documents.addressing import TO_THE_LEAD_COUNTY
from rules.look_backs import look_back_lines
from rules.site.options.acceptance.separation_of_duties import names_that_worked
from rules.site.options.protocol import NoticeContent
from rules.site.options.registry import SITE_OPTIONS
from rules.site.state import SiteState
from rules.site.work import in_force
from schemas import events as ev
from schemas.base import iso_utc
from schemas.calendar import clause_data
from schemas.ledger import LEAD_COUNTY, Notice
from schemas.reopening import Reopened
from schemas.site.terms import SiteTerms


def notices_of_event(
    terms: SiteTerms, state: SiteState, event: ev.Event, at: datetime, received_at: datetime
) -> Iterator[Notice]:
    """The notices that follow from one event, after it was applied; each key is unique in a campaign.

    Deadlines that a notice sets count from `received_at`, when the engine heard of the event.
    """
    for one in _notices_of_core(terms, state, event, at, received_at):
        yield _sealed(terms, _adjusted(terms, state, event, one), at)
    for option in SITE_OPTIONS.having("notices"):
        for one in option.notices(terms, state, event):
            yield _sealed(terms, _adjusted(terms, state, event, one), at)


def _adjusted(terms: SiteTerms, state: SiteState, event: ev.Event, one: NoticeContent) -> NoticeContent:
    for option in SITE_OPTIONS.having("adjust_notice"):
        one = option.adjust_notice(terms, state, event, one)
    return one


def _sealed(terms: SiteTerms, one: NoticeContent, at: datetime) -> Notice:
    key = f"{terms.site_id}:{one.kind}:{one.which}"
    leads = terms.lead_county is not None and one.kind in TO_THE_LEAD_COUNTY
    data = {**one.data, LEAD_COUNTY: terms.lead_county} if leads else one.data
    return Notice(key=key, site_id=terms.site_id, kind=one.kind, rung=one.rung, at=at, data=data)


def _notices_of_core(
    terms: SiteTerms, state: SiteState, event: ev.Event, at: datetime, received_at: datetime
) -> Iterator[NoticeContent]:
    match event:
        case ev.Reminded():
            due_on = _day(terms, event.due)
            which = f"{due_on}:{event.days_before}-days:round-{event.round}"
            data: dict[str, Any] = {"due": due_on, "days_before": event.days_before, "round": event.round}
            data |= clause_data(event.clauses)
            kind = "reminder" if event.sheet == "blue" else "reminder_yellow"
            yield NoticeContent(kind, which, data, rung=1)
        case ev.Climbed():
            again = {"proposal": event.proposal} if event.proposal > 1 else {}
            data = {"due": _day(terms, event.due), "round": event.round, **again, **clause_data(event.clauses)}
            if event.exhausted:
                data["exhausted"] = True
            which = f"rung-{event.rung}:round-{event.round}" + (f":proposal-{event.proposal}" if again else "")
            yield NoticeContent(event.instrument, which, data, rung=event.rung)
        case ev.LevelFailed():
            data = {
                "opinion": event.opinion,
                "failed_requirements": list(event.failed_requirements),
                "due": _day(terms, event.due),
                "round": event.round,
                "level": event.level,
                **clause_data(event.clauses),
            }
            if event.department is not None:
                data["department"] = event.department
            yield NoticeContent("rectification_opinion", f"round-{event.round}", data)
            if event.rounds_exhausted:
                yield NoticeContent("rounds_exhausted", f"round-{event.round}", {"round": event.round})
        case ev.AcceptanceOverdue():
            due_on = _day(terms, event.due)
            data = {"level": event.level, "due": due_on, "round": event.round, **clause_data(event.clauses)}
            if event.missing:
                data["missing"] = list(event.missing)
            yield NoticeContent("acceptance_overdue", f"{event.level}:{due_on}:round-{event.round}", data)
        case ev.Closed():
            which = f"closed:round-{event.round}" if state.reopened else "closed"
            data = {"level": event.level, "round": event.round}
            if due := look_back_lines(terms.calendar, in_force(terms, state), received_at, terms.patrol_until):
                worked = list(names_that_worked(terms, state))
                data["look_backs"] = [{**line, "closed_at": iso_utc(at), "worked": worked} for line in due]
            yield NoticeContent("closure", which, data)
        case Reopened():
            data = {
                "cause": event.cause,
                "reason": event.reason,
                "failed_requirements": list(event.failed_requirements),
                "due": _day(terms, event.due),
                "round": event.round,
                **clause_data(event.clauses),
            }
            yield NoticeContent("reopening", f"round-{event.round}", data)
        case ev.Suspended():
            yield from _of_suspension(terms, state, event, at)
        case ev.Resumed() if event.order is not None:
            data = {"resumed_on": local_date(terms.calendar, at).isoformat(), "reason": event.reason}
            if state.due is not None:
                data["due"] = _day(terms, state.due)
            yield NoticeContent("resumption_order", f"order-{event.order}", data, rung=event.order)
        case ev.CarriedOver():
            which = f"carried-over:amendment-{state.reinstated}" if state.reinstated else "carried-over"
            yield NoticeContent("carry_over", which, {"reason": event.reason, "round": state.round})


def _of_suspension(terms: SiteTerms, state: SiteState, event: ev.Suspended, at: datetime) -> Iterator[NoticeContent]:
    """The province is told of what a city stops itself; an order for many sites is one document that lists them.

    Each order has a lot of its own: its number stands where other documents have their rung.
    """
    stopped: dict[str, Any] = {"suspended_on": local_date(terms.calendar, at).isoformat(), "reason": event.reason}
    if event.basis is not None:
        stopped["basis"] = event.basis
    if event.until is not None:
        stopped["suspended_to"] = event.until.isoformat()
    if state.suspensions[-1].by_city:
        times = {"times": sum(one.by_city for one in state.suspensions)}
        yield NoticeContent("city_suspension", f"suspension-{len(state.suspensions)}", stopped | times)
    if event.order is not None:
        order = {"order": event.document}
        yield NoticeContent("suspension_order", f"order-{event.order}", stopped | order, rung=event.order)


def _day(terms: SiteTerms, due: datetime) -> str:
    return last_day_of(terms.calendar, due).isoformat()
