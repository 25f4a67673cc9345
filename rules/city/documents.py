"""The part of a city's desk that keeps its documents: drafts, numbers, receipts, replies, liftings, and conduct.

A dispatch has two steps: what waits is gathered, and what goes out is numbered before it is issued, so that the
number stands in the ledger. A draft has no number: a rejected one leaves no gap.
"""

from collections.abc import Iterator
from datetime import datetime

from rules.calendar import graced, last_day_of, local_date, start_of
from rules.city.dispatch import issued, outgoing, own_number, series_for
from rules.city.overdue import answered_in_time, cured_drafts, cured_in_time, is_asked_to_sign, note_overdue
from rules.city.patrol import closing
from rules.city.state import conduct_key
from rules.city.unnumbered import UnnumberedDocuments
from rules.documents.numbering import document_key, year_of
from rules.documents.rules import next_of_papers, terms_of
from rules.documents.state import PlannedDocument, TrackedDocument, apply_to_documents, row_of
from rules.effects import NotifySites, NumberDocuments
from rules.escalation import climbs_on
from schemas import events as ev
from schemas.actor import ENGINE, Actor
from schemas.city import CityTerms
from schemas.documents import events as pe
from schemas.documents.document import DocumentRow, DocumentState, Progress
from schemas.documents.reasons import EngineReason
from schemas.event import Event
from schemas.ledger import DocumentDraft
from schemas.stages import Deployment
from schemas.work import EscalationUpdate, Gathered, Numbered


class CityDocuments(UnnumberedDocuments):
    """What a desk does about its documents; `rules.city.aggregate.CityAggregate` is the whole desk."""

    # -- a dispatch ------------------------------------------------------------------------------------------------

    def _draft_and_number(self, gathered: Gathered, now: datetime) -> None:
        """The first step of a dispatch: drafts are laid before their approvers, the rest asks for its numbers."""
        s, t = self.state, self.terms
        assert t.papers is not None
        for key, left in gathered.open_sites.items():
            if key in s.papers:
                s.papers[key].open_sites = left
        for paper in [s.papers[key] for key in gathered.unreached if key in s.papers and not s.nothing_climbs]:
            known = terms_of(t.papers, paper.kind, paper.rung)
            clause = known.receipt if known is not None else t.papers.receipt
            next_due = graced(t.calendar, gathered.at, clause) if is_asked_to_sign(s, paper) else None
            self.record_event(pe.SilencePutOff(key=paper.key, next_due=next_due), gathered.at, now, ENGINE)
        for paper in cured_drafts(s):
            cured = pe.DocumentWithdrawn(key=paper.key, reason=EngineReason.CURED)
            self.record_event(cured, gathered.at, now, ENGINE)
        found = outgoing(t, self._waiting_specs(gathered.at), s.papers, gathered)
        day = local_date(t.calendar, gathered.at)
        for spec, gone in found.left_out:
            told = NotifySites(
                gathered.at,
                EscalationUpdate.RUNG_WITHDRAWN,
                spec.key,
                spec.rung,
                day,
                gone,
                EngineReason.NOT_OVERDUE_AT_ISSUE,
            )
            self._outcome.effects.append(told)
        for spec in found.emptied:
            self._put_away(spec, gathered.at, now)
        for draft in found.drafts:
            self.record_event(draft, gathered.at, now, ENGINE)
            paper = s.papers[draft.key]
            if s.nothing_climbs:  # it climbed before the end, and comes too late for an approval
                self._withdraw_drafts(gathered.at, now)
            self._lay(paper, t.code, gathered.at)
        for emptied in [p for p in s.papers.values() if p.state is DocumentState.DRAFTED and p.rung and not p.sites]:
            withdrawn = pe.DocumentWithdrawn(key=emptied.key, reason=EngineReason.PROPOSED_AGAIN)
            self.record_event(withdrawn, gathered.at, now, ENGINE)
        for event in found.events:
            if event.key in s.papers:  # type: ignore[attr-defined]
                self.record_event(event, gathered.at, now, ENGINE)
        specs = [spec for spec in found.specs if spec.kind != "approval_request" or spec.answers in s.papers]
        if specs:
            s.issuing, s.issuing_at = specs, gathered.at
            wanted = tuple((spec.key, series_for(t.papers, spec)) for spec in specs if own_number(spec) is None)
            self._outcome.effects.append(NumberDocuments(gathered.at, year_of(t.calendar, gathered.at), wanted))
        elif s.sites_settled:
            self._close_when_quiet(gathered.at, now)

    def _issue_numbered(self, numbered: Numbered, now: datetime) -> None:
        """The second step: what was numbered is issued."""
        s, t = self.state, self.terms
        specs, s.issuing = s.issuing, []
        for spec in specs:
            self.record_event(issued(t, spec, numbered), numbered.at, now, ENGINE)
            paper, by_key = self._outcome.document_rows.pop(spec.key), self._outcome.documents
            progress = paper.progress
            if spec.approver is not None:
                progress = progress.model_copy(update={"approver": spec.approver})
            by_key.append(
                DocumentDraft(
                    key=spec.key,
                    city=t.code,
                    kind=spec.kind,
                    rung=spec.rung,
                    issued_at=numbered.at,
                    sites=spec.sites,
                    data=spec.data,
                    number=paper.number,
                    progress=progress,
                )
            )
        self.record_event(ev.Dispatched(documents=len(specs)), numbered.at, now, ENGINE)
        if s.sites_settled:
            self._close_when_quiet(numbered.at, now)

    def _waiting_specs(self, at: datetime) -> list[PlannedDocument]:
        t = self.terms
        return [
            PlannedDocument(
                key=notice.key or document_key(t.campaign_id, t.code, notice.kind, notice.rung, t.calendar, at),
                kind=notice.kind,
                rung=notice.rung,
                data=notice.data,
                answers=notice.answers,
                approver=notice.approver,
            )
            for notice in self.state.waiting
            if notice.at is None or notice.at <= at
        ]

    def _lay(self, paper: TrackedDocument, city: str, at: datetime) -> None:
        """A draft is kept where its approver and everybody else can see it."""
        self._outcome.document_rows.pop(paper.key, None)
        self._outcome.documents.append(
            DocumentDraft(
                key=paper.key,
                city=city,
                kind=paper.kind,
                rung=paper.rung,
                issued_at=at,
                sites=paper.sites,
                data=paper.data,
                state=paper.state,
                progress=paper.progress,
            )
        )

    def _put_away(self, spec: PlannedDocument, at: datetime, now: datetime) -> None:
        """A lot that concerns nobody any more is kept as a document that never goes out."""
        self.record_event(pe.DocumentWithdrawn(key=spec.key, reason=EngineReason.NONE_OVERDUE), at, now, ENGINE)
        self._outcome.documents.append(
            DocumentDraft(
                key=spec.key,
                city=self.terms.code,
                kind=spec.kind,
                rung=spec.rung,
                issued_at=at,
                sites=spec.sites,
                data=spec.data,
                state=DocumentState.WITHDRAWN,
                progress=Progress(decision_reason=EngineReason.NONE_OVERDUE),
            )
        )

    def _close_when_quiet(self, at: datetime, now: datetime) -> None:
        """After the end the desk stays for what its last documents ask for, until every silence is told."""
        s = self.state
        if self.settled or s.issuing:
            return
        quiet = not s.waiting and all(paper.quiet for paper in s.papers.values())
        for event in closing(self.terms, s, at, quiet):
            self.record_event(event, at, now, ENGINE)

    def _withdraw_drafts(self, at: datetime, now: datetime) -> None:
        """Nothing climbs any more: what still waits for an approval is put away."""
        waiting = [p for p in self.state.papers.values() if p.state is DocumentState.DRAFTED]
        for paper in [p for p in waiting if p.rung or not p.may_issue]:  # conduct that was approved still goes out
            self.record_event(pe.DocumentWithdrawn(key=paper.key, reason=EngineReason.SITES_SETTLED), at, now, ENGINE)

    # -- deadlines -------------------------------------------------------------------------------------------------

    def _next_of_documents(self, now: datetime) -> Iterator[tuple[datetime, Event]]:
        if self.terms.papers is not None:
            yield from next_of_papers(self.state.papers, self.terms, now)

    def _next_of_conduct(self, now: datetime) -> Iterator[tuple[datetime, Event]]:
        """A unit that neither signs for the plan nor deploys climbs by its own conduct."""
        s, t = self.state, self.terms
        if t.papers is None:
            return
        silent = [("no_receipt", t.receipt_due)] if s.receipt_signed_at is None else []
        if s.deployment in (Deployment.AWAITED, Deployment.RETURNED) and s.deployment_due is not None:
            silent.append(("no_deployment", s.deployment_due))
        for conduct, due in silent:
            known = terms_of(t.papers, conduct, 0)
            if known is None or known.after is None or conduct_key(conduct, due) in s.conduct:
                continue
            on = climbs_on(t.calendar, last_day_of(t.calendar, due), known.after, due, now)
            climbed = pe.UnitClimbed(conduct=conduct, instrument=known.instrument, due=due, on=on)
            yield start_of(t.calendar, on), climbed

    # -- folding ---------------------------------------------------------------------------------------------------

    def _apply_to_papers(self, event: Event, at: datetime, actor: Actor) -> None:
        s, t = self.state, self.terms
        if t.papers is None:
            return
        cured_in_time(s, event)
        if isinstance(event, ev.ReceiptSigned | ev.ReceiptOverdue):
            self._note_plan(event, at)
            return
        before = s.papers.get(getattr(event, "key", ""))
        drafted_sites = before.sites if before is not None else ()
        key = apply_to_documents(s.papers, event, at, actor.id)
        if key is None:
            return
        paper = s.papers[key]
        note_overdue(s, paper, event, at, local_date(t.calendar, paper.since))
        answered_in_time(s, paper, event)
        self._tell_sites(paper, drafted_sites, event, at)
        self._outcome.document_rows[key] = row_of(paper, s.seq)
        answered = s.papers.get(paper.progress.answers or "")
        if answered is not None and isinstance(event, pe.DocumentIssued):
            self._outcome.document_rows[answered.key] = row_of(answered, s.seq)
        for gone in (paper, answered):
            if gone is not None and gone.settled:
                s.papers.pop(gone.key, None)

    def _note_plan(self, event: Event, at: datetime) -> None:
        """The plan's own receipt, as its document shows it."""
        s, t = self.state, self.terms
        key = plan_key(t)
        signed = isinstance(event, ev.ReceiptSigned)
        progress = Progress(
            units=(t.name,),
            signed={t.name: at} if signed else {},
            receipt_due=t.receipt_due,
            receipt_steps=int(s.receipt_late),
        )
        state = DocumentState.RECEIPTED if signed else DocumentState.ISSUED
        self._outcome.document_rows[key] = DocumentRow(key=key, seq=s.seq, state=state, progress=progress)

    def _tell_sites(self, paper: TrackedDocument, drafted: tuple[str, ...], event: Event, at: datetime) -> None:
        """Sites that wait for an approval hear what became of it; those of an answered document are held."""
        day, found = local_date(self.terms.calendar, at), self._outcome.effects

        def tell(news: EscalationUpdate, sites: tuple[str, ...], reason: str = "") -> None:
            if sites:
                found.append(NotifySites(at, news, paper.key, paper.rung, day, sites, reason))

        match event:
            case pe.DocumentIssued() if drafted:
                tell(EscalationUpdate.RUNG_ISSUED, event.sites)
                gone = tuple(site for site in drafted if site not in set(event.sites))
                tell(EscalationUpdate.RUNG_WITHDRAWN, gone, EngineReason.NOT_OVERDUE_AT_ISSUE)
            case pe.DocumentRejected() | pe.DocumentWithdrawn():
                tell(EscalationUpdate.RUNG_WITHDRAWN, drafted, event.reason)
            case pe.DocumentReplied(held_until=until) if until is not None and paper.rung > 0:
                found.append(NotifySites(at, EscalationUpdate.HOLD_CLIMB, paper.key, paper.rung, until))
            case _:
                pass


def plan_key(terms: CityTerms) -> str:
    """The key of the plan as this city received it."""
    return document_key(terms.campaign_id, terms.code, "plan_issue", 0, terms.calendar, terms.issued_at)
