"""The documents of a city: drafts, numbers, receipts, replies, liftings, and the notices about sites that follow.

A dispatch has two steps: what waits is gathered, and what is to be issued is numbered before it is issued, so that the
number stands in the ledger. A draft has no number: a rejected one leaves no gap.
"""

from datetime import datetime
from typing import Any, Protocol

from rules.aggregate import Outcome
from rules.calendar import graced, local_date
from rules.city.dispatch import Outgoing, issued, outgoing, own_number, series_for
from rules.city.options.registry import CITY_OPTIONS
from rules.city.overdue import answered_in_time, cured_drafts, cured_in_time, is_asked_to_sign, note_overdue
from rules.city.state import CityState
from rules.documents.holds import still_answerable
from rules.documents.numbering import document_key, year_of
from rules.documents.rules import terms_of
from rules.documents.state import PlannedDocument, TrackedDocument, apply_to_documents, row_of
from rules.effects import NotifySites, NumberDocuments
from schemas import events as ev
from schemas.actor import ENGINE, Actor
from schemas.calendar import named
from schemas.city import CityTerms
from schemas.documents.document import DocumentRow, DocumentState, Progress
from schemas.documents.events import (
    DocumentDrafted,
    DocumentIssued,
    DocumentRejected,
    DocumentReplied,
    DocumentWithdrawn,
    OverduePutOff,
)
from schemas.documents.reasons import EngineReason
from schemas.event import Event
from schemas.ledger import DocumentDraft
from schemas.work import EscalationUpdate, Gathered, Numbered


class Recorder(Protocol):
    """What the documents need of their city. All of it is read anew at each use: terms are amended, states replaced."""

    @property
    def terms(self) -> CityTerms:
        """The terms that are in force."""

    @property
    def state(self) -> CityState:
        """The state, which `record_event` changes."""

    @property
    def outcome(self) -> Outcome:
        """Where documents, their rows and effects are added."""

    def record_event(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        """Record an event in the city's ledger, and apply it."""


class CityDocuments:
    """A component of `rules.city.aggregate.CityAggregate`: it keeps `CityState.documents`."""

    def __init__(self, city: Recorder) -> None:
        self._city = city

    @property
    def quiet(self) -> bool:
        """Whether no document will change by itself any more, and none waits to be issued."""
        s = self._city.state
        return not s.waiting and all(tracked.quiet for tracked in s.documents.values())

    # -- a dispatch ------------------------------------------------------------------------------------------------

    def draft_and_number(self, gathered: Gathered, now: datetime) -> None:
        """The first step of a dispatch: drafts are laid before their approvers, the rest asks for its numbers."""
        s, t = self._city.state, self._city.terms
        self._note_reach(gathered, now)
        for tracked in cured_drafts(s):
            self._withdraw(tracked.key, EngineReason.CURED, gathered.at, now)
        found = outgoing(t, self._waiting_specs(gathered.at), s.documents, gathered, now)
        self._note_left_out(found, gathered.at, now)
        for draft in found.drafts:
            self._draft(draft, gathered.at, now)
        for emptied in [p for p in s.documents.values() if p.state is DocumentState.DRAFTED and p.rung and not p.sites]:
            self._withdraw(emptied.key, EngineReason.PROPOSED_AGAIN, gathered.at, now)
        for event in found.events:
            if event.key in s.documents:
                self._record(event, gathered.at, now)
        requests = {"approval_request", "signature_request"}
        specs = [spec for spec in found.specs if spec.kind not in requests or spec.answers in s.documents]
        if specs:
            self._number(specs, gathered.at)

    def _note_reach(self, gathered: Gathered, now: datetime) -> None:
        """How many listed sites are open, and a fresh clause for documents that no channel has brought to anybody."""
        s, t = self._city.state, self._city.terms
        for key, left in gathered.open_sites.items():
            if key in s.documents:
                s.documents[key].open_sites = left
        if self._nothing_climbs:
            return
        for tracked in [s.documents[key] for key in gathered.unreached if key in s.documents]:
            known = terms_of(t.documents, tracked.kind, tracked.rung)
            clause = known.receipt if known is not None else t.documents.receipt
            next_due = graced(t.calendar, max(gathered.at, now), clause) if is_asked_to_sign(s, tracked) else None
            clauses = named(next_due=clause if next_due is not None else None)
            self._record(OverduePutOff(key=tracked.key, next_due=next_due, clauses=clauses), gathered.at, now)

    @property
    def _nothing_climbs(self) -> bool:
        """Whether no site climbs any more, although documents may still be issued."""
        s = self._city.state
        return s.sites_settled and not any(option.keeps_climbing(s) for option in CITY_OPTIONS)

    def _waiting_specs(self, at: datetime) -> list[PlannedDocument]:
        t = self._city.terms
        return [
            PlannedDocument(
                key=notice.key
                or document_key(t.campaign_id, t.code, notice.kind, notice.rung, t.calendar, at, notice.county),
                kind=notice.kind,
                rung=notice.rung,
                data=notice.data,
                answers=notice.answers,
                approver=notice.approver,
                county=notice.county,
            )
            for notice in self._city.state.waiting
            if notice.at <= at
        ]

    def _note_left_out(self, found: Outgoing, at: datetime, now: datetime) -> None:
        """Sites that are not overdue any more are told; a lot without sites is kept as a withdrawn document."""
        day, reason = local_date(self._city.terms.calendar, at), EngineReason.NOT_OVERDUE_AT_ISSUE
        for spec, gone in found.left_out:
            told = NotifySites(at, EscalationUpdate.RUNG_WITHDRAWN, spec.key, spec.rung, day, gone, reason)
            self._city.outcome.effects.append(told)
        for spec in found.emptied:
            self._withdraw(spec.key, EngineReason.NONE_OVERDUE, at, now)
            progress = Progress(decision_reason=EngineReason.NONE_OVERDUE)
            self._keep(spec, at, state=DocumentState.WITHDRAWN, progress=progress)

    def _draft(self, draft: DocumentDrafted, at: datetime, now: datetime) -> None:
        """A draft is kept where its approver and everybody else can see it."""
        self._record(draft, at, now)
        tracked = self._city.state.documents[draft.key]
        if self._nothing_climbs:  # it climbed before the end, and comes too late for an approval
            self.withdraw_drafts(at, now)
        self._city.outcome.document_rows.pop(tracked.key, None)
        self._keep(tracked, at, state=tracked.state, progress=tracked.progress)

    def _number(self, specs: list[PlannedDocument], at: datetime) -> None:
        s, t = self._city.state, self._city.terms
        s.issuing, s.issuing_at = specs, at
        wanted = tuple((spec.key, series_for(t.documents, spec)) for spec in specs if own_number(spec) is None)
        self._city.outcome.effects.append(NumberDocuments(at, year_of(t.calendar, at), wanted))

    def issue(self, numbered: Numbered, now: datetime) -> None:
        """The second step: what was numbered is issued."""
        s, rows = self._city.state, self._city.outcome.document_rows
        specs, s.issuing = s.issuing, []
        for spec in specs:
            self._record(issued(self._city.terms, spec, numbered, now), numbered.at, now)
            row = rows.pop(spec.key)
            progress = row.progress
            if spec.approver is not None:
                progress = progress.model_copy(update={"approver": spec.approver})
            self._keep(spec, numbered.at, number=row.number, progress=progress)
        self._record(ev.Dispatched(documents=len(specs)), numbered.at, now)

    def withdraw_drafts(self, at: datetime, now: datetime) -> None:
        """No site climbs any more: what still waits for an approval is withdrawn."""
        waiting = [p for p in self._city.state.documents.values() if p.state is DocumentState.DRAFTED]
        for tracked in [p for p in waiting if p.rung or not p.may_issue]:  # conduct that was approved is still issued
            self._withdraw(tracked.key, EngineReason.SITES_SETTLED, at, now)

    def _withdraw(self, key: str, reason: EngineReason, at: datetime, now: datetime) -> None:
        self._record(DocumentWithdrawn(key=key, reason=reason), at, now)

    def _keep(self, what: PlannedDocument | TrackedDocument, at: datetime, **more: Any) -> None:
        """Add a document to the outcome: its number, state and progress are `more`."""
        self._city.outcome.documents.append(
            DocumentDraft(
                key=what.key,
                city=self._city.terms.code,
                kind=what.kind,
                rung=what.rung,
                issued_at=at,
                sites=what.sites,
                data=what.data,
                **more,
            )
        )

    def _record(self, event: Event, at: datetime, now: datetime) -> None:
        self._city.record_event(event, at, now, ENGINE)

    # -- applying --------------------------------------------------------------------------------------------------

    def apply(self, event: Event, at: datetime, actor: Actor) -> None:
        """Apply an event to the documents; the rows of those that it changes are added to the outcome."""
        s, t = self._city.state, self._city.terms
        cured_in_time(s, event)
        if isinstance(event, ev.ReceiptSigned | ev.ReceiptOverdue):
            self._note_plan(event, at)
            return
        before = s.documents.get(getattr(event, "key", ""))
        drafted_sites = before.sites if before is not None else ()
        key = apply_to_documents(s.documents, event, at, actor.id)
        if isinstance(event, ev.Dispatched | ev.CityClosed):
            self._drop_settled(at, closed=isinstance(event, ev.CityClosed))
        if key is None:
            return
        tracked, rows = s.documents[key], self._city.outcome.document_rows
        note_overdue(s, tracked, event, at, local_date(t.calendar, tracked.since))
        answered_in_time(s, tracked, event)
        self._tell_sites(tracked, drafted_sites, event, at)
        rows[key] = row_of(tracked, s.seq)
        answered = s.documents.get(tracked.progress.answers or "")
        if answered is not None and isinstance(event, DocumentIssued):
            rows[answered.key] = row_of(answered, s.seq)
        for one in (tracked, answered):
            if one is not None and one.settled and not self._is_answerable(one, at):
                s.documents.pop(one.key, None)

    def _is_answerable(self, tracked: TrackedDocument, at: datetime) -> bool:
        """Whether a further reply may still move the day until which its sites are held."""
        t, p = self._city.terms, tracked.progress
        known = terms_of(t.documents, tracked.kind, tracked.rung)
        return p.lifted_at is None and still_answerable(t.calendar, known, p.replies, at)

    def _drop_settled(self, at: datetime, *, closed: bool) -> None:
        """Remove documents that were kept for a further reply only, once it would change nothing any more."""
        documents = self._city.state.documents
        for tracked in [one for one in documents.values() if one.settled]:
            if closed or not self._is_answerable(tracked, at):
                del documents[tracked.key]

    def _note_plan(self, event: Event, at: datetime) -> None:
        """The plan's own receipt, as its document shows it."""
        s, t = self._city.state, self._city.terms
        key, signed = plan_key(t), isinstance(event, ev.ReceiptSigned)
        progress = Progress(
            units=(t.name,),
            signed={t.name: at} if signed else {},
            receipt_due=t.receipt_due,
            clauses=named(receipt_due=t.receipt),
            receipt_steps=int(s.receipt_late),
        )
        state = DocumentState.RECEIPTED if signed else DocumentState.ISSUED
        self._city.outcome.document_rows[key] = DocumentRow(key=key, seq=s.seq, state=state, progress=progress)

    def _tell_sites(self, tracked: TrackedDocument, drafted: tuple[str, ...], event: Event, at: datetime) -> None:
        """Notify sites of the result of the approval they wait for, or of the day until which a reply holds them."""
        day, found = local_date(self._city.terms.calendar, at), self._city.outcome.effects

        def tell(news: EscalationUpdate, sites: tuple[str, ...], reason: str = "") -> None:
            if sites:
                found.append(NotifySites(at, news, tracked.key, tracked.rung, day, sites, reason))

        match event:
            case DocumentIssued() if drafted:
                tell(EscalationUpdate.RUNG_ISSUED, event.sites)
                gone = tuple(site for site in drafted if site not in set(event.sites))
                tell(EscalationUpdate.RUNG_WITHDRAWN, gone, EngineReason.NOT_OVERDUE_AT_ISSUE)
            case DocumentRejected() | DocumentWithdrawn():
                tell(EscalationUpdate.RUNG_WITHDRAWN, drafted, event.reason)
            case DocumentReplied(held_until=until) if until is not None and tracked.rung > 0:
                number = len(tracked.progress.replies)
                found.append(
                    NotifySites(at, EscalationUpdate.HOLD_CLIMB, tracked.key, tracked.rung, until, reply=number)
                )
            case _:
                pass


def plan_key(terms: CityTerms) -> str:
    """The key of the plan as this city received it."""
    return document_key(terms.campaign_id, terms.code, "plan_issue", 0, terms.calendar, terms.issued_at)
