"""A city under an amended plan: its deadlines move by the same rule as its sites', and a document says so."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rules.amendments.deadlines import eased, moved, soonest
from rules.amendments.ends import EndMove, moved_in_time
from rules.amendments.overlay import overlaid, plain
from rules.calendar import clause_end, local_date
from rules.city.deployment import submission_clause
from rules.city.notices import put_notice
from rules.city.state import CityNotice, CityState
from rules.documents.numbering import document_key
from rules.effects import AmendSites
from schemas.actor import ENGINE
from schemas.amendments import AmendCity, CityAmended, SitesAmended
from schemas.calendar import named
from schemas.city import CityTerms
from schemas.command import Command
from schemas.event import Event
from schemas.stages import Deployment

KIND = "amendment"
"""The kind of the document that tells a city of it; it bears the amendment's own number."""

_ITS_OWN = frozenset({"campaign_id", "code", "issued_at", "receipt_due", "deployment_due", "clock"})


def city_changes(terms: CityTerms) -> dict[str, Any]:
    """All that the plan says of a city's terms; what is the city's own stays out."""
    return plain(terms, [name for name in type(terms).model_fields if name not in _ITS_OWN])


def decide_amendment(
    base: CityTerms, terms: CityTerms, state: CityState, command: AmendCity, heard_at: datetime
) -> Iterator[Event]:
    """What follows from an amendment; nothing for a city that knows it.

    `base` are the terms that the city began with, `terms` those that are in force up to now. Its deadlines leave the
    notice of an amendment from `heard_at`, when the city heard of it.
    """
    if command.amendment <= state.amendment:
        return
    new, floor = overlaid(base, command.terms), soonest(terms.calendar, heard_at)
    receipt_due = terms.receipt_due
    if state.receipt_signed_at is None:
        receipt_due = eased(receipt_due, clause_end(new.calendar, terms.issued_at, new.receipt), floor)
    deployment_due = decision_due = None
    calendars = terms.calendar, new.calendar
    if state.deployment in (Deployment.AWAITED, Deployment.RETURNED) and state.deployment_due is not None:
        since = state.deployment_due_since or state.returned_at or terms.issued_at
        deploys = submission_clause(terms, state.deployment), submission_clause(new, state.deployment)
        deployment_due = moved(calendars, deploys, since, state.deployment_due, heard_at)
    if state.deployment is Deployment.SUBMITTED and state.submitted_at and state.decision_due:
        decides = terms.deployment_decision, new.deployment_decision
        since = state.decision_due_since or state.submitted_at
        decision_due = moved(calendars, decides, since, state.decision_due, heard_at)
    moves = receipt_due != terms.receipt_due
    says = command.terms
    if receipt_due != base.receipt_due:  # what an earlier amendment moved stays moved
        says = {**says, "receipt_due": receipt_due.isoformat()}
    yield CityAmended(
        amendment=command.amendment,
        document=command.document,
        title=command.title,
        terms=says,
        receipt_due=receipt_due if moves else None,
        deployment_due=deployment_due,
        decision_due=decision_due,
        clauses=named(
            receipt_due=new.receipt if moves else None,
            deployment_due=submission_clause(new, state.deployment) if deployment_due is not None else None,
            decision_due=new.deployment_decision if decision_due is not None else None,
        ),
    )


def comes_in_time(base: CityTerms, state: CityState, command: Command) -> bool:
    """Whether it is an amendment that moved the end before the city came to it, without having heard of it."""
    if not isinstance(command, AmendCity) or state.ended_at is None or state.settled_at is not None:
        return False
    move = EndMove(command.effective_at, overlaid(base, command.terms).ends_at)
    return moved_in_time(state.ended_at, state.end_reason, [move]) is not None


def apply_amendment(state: CityState, event: Event, at: datetime, terms: CityTerms) -> None:
    """Apply an amendment to the city's state, in place; its document waits for the next dispatch."""
    if isinstance(event, SitesAmended):
        state.sites_amended = max(state.sites_amended, event.amendment)
    if not isinstance(event, CityAmended):
        return
    state.amendment, state.overlay = event.amendment, event.terms
    if state.ended_at is not None:  # the end had been moved before it came
        state.ended_at = state.end_reason = state.settle_at = None
        state.settle_asked, state.sites_settled = 0, False
    if event.receipt_due is not None:
        state.receipt_late = state.receipt_late and event.receipt_due <= at
    state.clauses = {**state.clauses, **{n: c for n, c in event.clauses.items() if n != "receipt_due"}}
    if event.deployment_due is not None:
        state.deployment_due = event.deployment_due
        state.deployment_late = state.deployment_late and event.deployment_due <= at
    if event.decision_due is not None:
        state.decision_due = event.decision_due
        state.decision_late = state.decision_late and event.decision_due <= at
    data: dict[str, Any] = {
        "document": event.document,
        "name": event.title.removeprefix("《").removesuffix("》"),
        "counts_from": local_date(terms.calendar, at).isoformat(),
        "receipt_due": event.receipt_due.isoformat() if event.receipt_due is not None else None,
        "deployment_due": event.deployment_due.isoformat() if event.deployment_due is not None else None,
        "clauses": {name: one.model_dump(mode="json") for name, one in event.clauses.items()},
    }
    # The same amendment is one document, however often the city is told; several of a day are as many.
    key = document_key(terms.campaign_id, terms.code, KIND, event.amendment, terms.calendar, at)
    put_notice(state, CityNotice(kind=KIND, data=data, at=at, key=key))


def sites_to_amend(state: CityState, event: Event, at: datetime) -> Iterator[AmendSites]:
    """Open sites are told; those that open later open under the amended plan."""
    if isinstance(event, CityAmended) and (state.opened or state.opening):
        yield AmendSites(at, event.amendment)


def amend_city_command(terms: CityTerms, amendment: int, document: str, title: str, at: datetime) -> AmendCity:
    """The command that tells one city; the same amendment is the same command."""
    return AmendCity(
        command_id=f"city/{terms.campaign_id}/{terms.code}:amendment-{amendment}",
        actor=ENGINE,
        effective_at=at,
        amendment=amendment,
        document=document,
        title=title,
        terms=city_changes(terms),
    )
