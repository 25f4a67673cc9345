"""One dispatch hour of a city: what it gathers, what is drafted for approval, and what is issued with numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rules.calendar import add_clause, clause_ahead, local_date, next_working_day, start_of
from rules.city.options.registry import CITY_OPTIONS
from rules.city.overdue import overdue_documents
from rules.city.state import CityState
from rules.documents.addressing import LIFTINGS, UNSIGNED, is_told_higher, kind_spoken_of
from rules.documents.numbering import document_key, written
from rules.documents.rules import levels_for, terms_of
from rules.documents.state import PlannedDocument, TrackedDocument
from rules.effects import GatherNotices
from schemas.calendar import Calendar, ClauseNames, clause_data, named
from schemas.city import CityTerms
from schemas.documents.events import DocumentDrafted, DocumentIssued, DocumentLifted, DocumentWithdrawn
from schemas.documents.reasons import EngineReason
from schemas.documents.terms import DocumentTerms, InstrumentTerms
from schemas.ladder import Lifting
from schemas.ledger import SiteRow
from schemas.offices import AddresseeLevel
from schemas.register import Standing
from schemas.stages import Stage
from schemas.work import Gathered, Numbered


@dataclass
class Outgoing:
    """`drafts` and `events` happen at once, in this order; `specs` wait for their numbers."""

    drafts: list[DocumentDrafted] = field(default_factory=list)
    events: list[DocumentWithdrawn | DocumentLifted] = field(default_factory=list)
    specs: list[PlannedDocument] = field(default_factory=list)
    left_out: list[tuple[PlannedDocument, tuple[str, ...]]] = field(default_factory=list)
    """Lots of a rung, with those of their sites that are not overdue any more at this hour."""
    emptied: list[PlannedDocument] = field(default_factory=list)
    """Lots of which nothing is left: they are put away where people can see them."""


def outgoing(
    terms: CityTerms,
    waiting: list[PlannedDocument],
    documents: dict[str, TrackedDocument],
    gathered: Gathered,
    now: datetime,
) -> Outgoing:
    """What this dispatch does with the city's own notices (`waiting`), the gathered lots and the open documents.

    It is recorded at `now`, which may be long after its hour: no approval is due before that.
    """
    found = Outgoing()
    for spec in (*waiting, *_of_lots(terms, gathered)):
        known = terms_of(terms.documents, spec.kind, spec.rung)
        if spec.key in documents:  # an attempt that was cut off recorded its draft: its request follows below
            continue
        if spec.key in gathered.overdue and spec.sites:
            left = gathered.overdue[spec.key]
            gone = tuple(site for site in spec.sites if site not in set(left))
            if gone:
                found.left_out.append((spec, gone))
            if not left:
                found.emptied.append(spec)
                continue
            spec = spec.model_copy(update={"sites": left})
        if known is None or not known.waits:
            found.specs.append(spec)
            continue
        draft = _drafted(terms.calendar, spec, known, gathered.at, now)
        found.drafts.append(draft)
        if draft.approver is not None and draft.due is not None:
            found.specs.append(_request(spec, draft.approver, draft.due, draft.clauses))
        if draft.signing_due is not None:
            found.specs.append(_signature_request(spec, draft.agencies, draft.signing_due, draft.clauses))
    for tracked in documents.values():
        _look_after(tracked, terms.calendar, gathered, found)
    return found


def _drafted(
    calendar: Calendar, spec: PlannedDocument, known: InstrumentTerms, at: datetime, now: datetime
) -> DocumentDrafted:
    """The draft of a document that waits for its approver, for the agencies of a joint one, or for both."""
    approval = known.approval if known.approver is not None else None
    return DocumentDrafted(
        key=spec.key,
        document=spec.kind,
        rung=spec.rung,
        sites=spec.sites,
        data=spec.data,
        approver=known.approver,
        due=clause_ahead(calendar, at, now, approval) if approval is not None else None,
        agencies=known.agencies,
        signing_due=clause_ahead(calendar, at, now, known.within) if known.within is not None else None,
        clauses=named(due=approval, signing_due=known.within),
        county=spec.county,
    )


def issued(terms: CityTerms, spec: PlannedDocument, numbered: Numbered, now: datetime) -> DocumentIssued:
    """The issue of a numbered document, recorded at `now`, with the deadlines that its clauses set from its day."""
    documents, calendar, at = terms.documents, terms.calendar, numbered.at
    known = terms_of(documents, spec.kind, spec.rung)
    lifted = terms_of(documents, spec.data["kind"], spec.rung) if spec.kind in LIFTINGS and spec.rung else known
    level = lifted.level if lifted is not None else AddresseeLevel.BUREAUS.value
    unsigned = spec.kind in UNSIGNED or is_told_higher(spec.kind, spec.rung)
    units = () if unsigned else levels_for(terms, spec.county).get(level, ())
    receipt = known.receipt if known is not None else documents.receipt
    within = known.lifting_within if known is not None else None
    publishes_at = None
    if known is not None and known.publication is not None:
        publishes_at = _opening(calendar, add_clause(calendar, local_date(calendar, at), known.publication))
    replies = known.reply if known is not None else None
    return DocumentIssued(
        key=spec.key,
        document=spec.kind,
        rung=spec.rung,
        sites=spec.sites,
        number=own_number(spec)
        or written(documents.language, series_for(documents, spec), numbered.year, numbered.numbers[spec.key]),
        units=units,
        receipt_due=clause_ahead(calendar, at, now, receipt) if units else None,
        reply_due=clause_ahead(calendar, at, now, replies) if replies is not None else None,
        lifting=known.lifting if known is not None else None,
        lifting_due=clause_ahead(calendar, at, now, within) if within is not None else None,
        publishes_at=publishes_at,
        answers=spec.answers,
        county=spec.county,
        clauses=named(
            receipt_due=receipt if units else None,
            reply_due=replies,
            lifting_due=within,
            publishes_at=known.publication if known is not None else None,
        ),
    )


def own_number(spec: PlannedDocument) -> str | None:
    """The number that a document brings with it: an amendment's is that of the amendment, as the plan's is its own."""
    return str(spec.data["document"]) if spec.kind == "amendment" else None


def series_for(documents: DocumentTerms, spec: PlannedDocument) -> str:
    """The series of the agency that issues this document; what answers an instrument bears its issuer's."""
    kind, rung = spec.kind, spec.rung
    if (spoken_of := kind_spoken_of(kind, spec.data)) is not None:
        kind, rung = spoken_of, int(spec.data.get("rung", rung))
    known = terms_of(documents, kind, rung)
    return known.series if known is not None else documents.series


def anything_goes_out(documents: dict[str, TrackedDocument]) -> bool:
    """Whether a document waits for the next dispatch hour whatever else there is."""
    return any(tracked.goes_out for tracked in documents.values())


def still_overdue(rung: int, listed: Iterable[Standing | SiteRow], at: datetime) -> tuple[str, ...]:
    """Of the sites that a draft of this rung lists, those (sorted) that it still concerns at `at`.

    They are overdue with their work (or their rounds of acceptance are used up), not suspended, and stand on its rung:
    one that was extended, or begun anew, fell back and is proposed again when its time comes.
    """
    return tuple(sorted(site.site_id for site in listed if site.rung == rung and _concerned(site, at)))


def _concerned(site: Standing | SiteRow, at: datetime) -> bool:
    if site.stage != Stage.RECTIFYING or site.suspended:
        return False
    late = site.due_at is not None and site.due_at < at
    return late or (site.exhausted if isinstance(site, Standing) else bool(site.facts and site.facts.exhausted))


def _of_lots(terms: CityTerms, gathered: Gathered) -> Iterator[PlannedDocument]:
    for lot in sorted(gathered.lots, key=lambda lot: lot.rung):  # the lower rung first, though both wait
        key = lot.key or document_key(
            terms.campaign_id, terms.code, lot.kind, lot.rung, terms.calendar, gathered.at, lot.county
        )
        yield PlannedDocument(key=key, kind=lot.kind, rung=lot.rung, sites=lot.sites, data=lot.data, county=lot.county)


def _request(
    what: PlannedDocument | TrackedDocument, approver: str, due: datetime, clauses: ClauseNames
) -> PlannedDocument:
    data: dict[str, Any] = clause_data(clauses)
    data |= {
        "document": what.kind,
        "rung": what.rung,
        "count": len(what.sites),
        "due": due.isoformat(),
        "key": what.key,
    }
    return PlannedDocument(
        key=f"{what.key}:approval",
        kind="approval_request",
        rung=what.rung,
        sites=what.sites,
        data=data,
        answers=what.key,
        approver=approver,
    )


def _signature_request(
    what: PlannedDocument | TrackedDocument, agencies: tuple[str, ...], due: datetime, clauses: ClauseNames
) -> PlannedDocument:
    """Of a draft (`signing_due`), or of a document that is signed (`due`)."""
    data: dict[str, Any] = {**clause_data(clauses), **clause_data(clauses, "signing_due")}
    data |= {
        "document": what.kind,
        "rung": what.rung,
        "count": len(what.sites),
        "agencies": list(agencies),
        "due": due.isoformat(),
        "key": what.key,
    }
    return PlannedDocument(
        key=f"{what.key}:signatures",
        kind="signature_request",
        rung=what.rung,
        sites=what.sites,
        data=data,
        answers=what.key,
    )


def _look_after(tracked: TrackedDocument, calendar: Calendar, gathered: Gathered, found: Outgoing) -> None:
    """What this dispatch brings for a document that was drafted or issued before."""
    p = tracked.progress
    if tracked.may_issue:
        # Approved after this dispatch hour, or while its sites were looked at without it: the next one takes it.
        if (p.ready_at or gathered.at) > gathered.at or (tracked.rung and tracked.key not in gathered.overdue):
            return
        again = (draft.sites for draft in found.drafts if (draft.document, draft.rung) == (tracked.kind, tracked.rung))
        own = set(tracked.sites).difference(*again)  # what is proposed again today waits for that
        left = tuple(site for site in gathered.overdue.get(tracked.key, ()) if site in own)
        if tracked.rung and not left:
            found.events.append(DocumentWithdrawn(key=tracked.key, reason=EngineReason.NONE_OVERDUE))
        else:
            found.specs.append(
                PlannedDocument(
                    key=tracked.key,
                    kind=tracked.kind,
                    rung=tracked.rung,
                    sites=left,
                    data=tracked.data,
                    county=p.county,
                )
            )
        return
    if tracked.number is None:
        if not tracked.requested and p.approver is not None and p.approval_due is not None:
            asked = named(due=p.clauses.get("approval_due"))
            found.specs.append(_request(tracked, p.approver, p.approval_due, asked))
        if not tracked.signatures_requested and p.joint is not None and p.joint.missing:
            found.specs.append(_signature_request(tracked, p.joint.missing, p.joint.due, p.joint.clauses))
        return
    if p.lifting == Lifting.SITES_CLOSED and p.lifted_at is None and gathered.open_sites.get(tracked.key) == 0:
        found.events.append(DocumentLifted(key=tracked.key))
        if tracked.shown_openly:
            found.specs.append(_lifting(tracked, calendar, gathered))
    elif tracked.lifting_to_announce and (p.lifted_at or gathered.at) <= gathered.at:
        found.specs.append(_lifting(tracked, calendar, gathered))
    elif tracked.to_publish and p.publishes_at is not None and p.publishes_at <= gathered.at:
        found.specs.append(_answer(tracked, "publication", {}))


def _lifting(tracked: TrackedDocument, calendar: Calendar, gathered: Gathered) -> PlannedDocument:
    p = tracked.progress
    on = local_date(calendar, p.lifted_at or gathered.at).isoformat()
    return _answer(tracked, "lifting", {"lifted_on": on, "reason": p.lifted_reason, "published": p.published})


def _answer(tracked: TrackedDocument, kind: str, more: dict[str, Any]) -> PlannedDocument:
    data = {"document": tracked.number, "kind": tracked.kind, "key": tracked.key, **more}
    return PlannedDocument(
        key=f"{tracked.key}:{kind}",
        kind=kind,
        rung=tracked.rung,
        data=data,
        answers=tracked.key,
        county=tracked.progress.county,
    )


def _opening(calendar: Calendar, day: date) -> datetime:
    return start_of(calendar, next_working_day(calendar, day), calendar.office.opens)


def gathering(terms: CityTerms, state: CityState, at: datetime) -> GatherNotices:
    """The dispatch at `at`: what waits, and how the sites of drafts, listings and rungs stand."""
    documents = state.documents.values()
    listing = (p.key for p in documents if p.progress.lifting == Lifting.SITES_CLOSED and p.progress.lifted_at is None)
    rungs = tuple((one.kind, one.rung) for one in terms.documents.instruments if one.rung)
    approved = tuple(p.key for p in documents if p.may_issue and p.sites)
    lists = terms.daily_list and state.opened and state.ended_at is None
    order = GatherNotices(at, approved, tuple(listing), rungs, overdue_documents(state), high_hazard=lists)
    for option in CITY_OPTIONS:
        order = option.gathering(terms, state, order)
    return order
