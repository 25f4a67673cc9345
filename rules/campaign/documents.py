"""The campaign's own documents: the plan for each city, what options bring, and the closing report.

The plan bears its own number. All others are numbered before their issue, so that the number stands in the ledger; what
options bring waits for the next dispatch hour, and nothing is issued after the closing report.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol

from rules.aggregate import Outcome
from rules.calendar import dispatch_due
from rules.campaign.state import CampaignState
from rules.documents.numbering import document_key, written, year_of
from rules.documents.state import PlannedDocument
from rules.effects import NumberDocuments
from schemas.actor import ENGINE, Actor
from schemas.calendar import named
from schemas.campaign import CampaignClosed, CampaignTerms
from schemas.city import CityTerms
from schemas.documents.document import Progress
from schemas.documents.events import DocumentIssued
from schemas.event import Event
from schemas.ledger import DocumentDraft
from schemas.work import CountReport, Numbered


class Recorder(Protocol):
    """What the documents need of their campaign; all of it is read anew at each use."""

    @property
    def terms(self) -> CampaignTerms:
        """The terms that are in force."""

    @property
    def state(self) -> CampaignState:
        """The state, which `record_event` changes."""

    @property
    def outcome(self) -> Outcome:
        """Where documents and effects are added."""

    def record_event(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        """Record an event in the campaign's ledger, and apply it."""


class CampaignDocuments:
    """A component of `rules.campaign.aggregate.CampaignAggregate`."""

    def __init__(self, campaign: Recorder) -> None:
        self._campaign = campaign

    def issue_plan(self, code: str, terms: CityTerms, at: datetime, now: datetime) -> None:
        """The plan bears its own number, which is the campaign's; its city signs for it."""
        t = self._campaign.terms
        clauses = named(receipt_due=terms.receipt, deployment_due=terms.deployment)
        data = {
            "receipt_due": terms.receipt_due.isoformat(),
            "deployment_due": terms.deployment_due.isoformat(),
            "clauses": {name: one.model_dump(mode="json") for name, one in clauses.items()},
        }
        signing = named(receipt_due=terms.receipt)
        awaited = Progress(units=(terms.name,), receipt_due=terms.receipt_due, clauses=signing)
        key = document_key(t.campaign_id, code, "plan_issue", 0, t.calendar, at)
        what = PlannedDocument(key=key, kind="plan_issue", data=data)
        self._issue(what, at, now, t.documents.plan_number, code, awaited)

    def bring(self, documents: Iterable[PlannedDocument], at: datetime) -> None:
        """Keep what an event brings until it is issued."""
        if found := list(documents):
            s = self._campaign.state
            s.unissued, s.unissued_at = [*s.unissued, *found], at

    def number_at_once(self, known: int, at: datetime) -> None:
        """Ask for the numbers of what an option has added since there were `known`: it waits for no dispatch hour."""
        t, s = self._campaign.terms, self._campaign.state
        new = [one.model_copy(update={"key": f"{t.campaign_id}/province:{one.key}"}) for one in s.unissued[known:]]
        if new:
            s.unissued, s.unissued_at = [*s.unissued[:known], *new], at
            asked = self._numbering([one.key for one in new], at)
            self.note_asked(asked)
            self._campaign.outcome.effects.append(asked)

    def deadline(self, now: datetime) -> Iterator[tuple[datetime, NumberDocuments]]:
        """The dispatch hour at which the waiting documents are numbered."""
        s = self._campaign.state
        waiting = [one.key for one in s.unissued if one.key not in s.numbering]
        if s.unissued_at is not None and waiting:
            at = dispatch_due(self._campaign.terms.calendar, s.unissued_at, now)
            yield at, self._numbering(waiting, at)

    def note_asked(self, effect: NumberDocuments) -> None:
        """A number is asked for once."""
        s = self._campaign.state
        waiting = {one.key for one in s.unissued}
        s.numbering = tuple(key for key in dict.fromkeys((*s.numbering, *dict(effect.wanted))) if key in waiting)

    def number_closing_report(self, counted: CountReport) -> None:
        """Ask for the number of the closing report; what still waits is issued before it."""
        t = self._campaign.terms
        self._campaign.state.counted = counted
        if waiting := [one.key for one in self._campaign.state.unissued]:  # an answer that comes twice changes nothing
            before = self._numbering(waiting, counted.at)
            self.note_asked(before)
            self._campaign.outcome.effects.append(before)
        wanted = ((self._closing_key(counted), t.documents.series),)
        self._campaign.outcome.effects.append(NumberDocuments(counted.at, year_of(t.calendar, counted.at), wanted))

    def issue_numbered(self, numbered: Numbered, now: datetime) -> None:
        """Issue what was numbered; the closing report closes the campaign."""
        s = self._campaign.state
        for what in [one for one in s.unissued if one.key in numbered.numbers]:
            self._issue(what, numbered.at, now, self._written(numbered, what.key))
        counted = s.counted
        if counted is None or (key := self._closing_key(counted)) not in numbered.numbers:
            return
        counts = {"closed": counted.closed, "carried_over": counted.carried_over}
        what = PlannedDocument(key=key, kind="closing_report", data=counts)
        self._issue(what, counted.at, now, self._written(numbered, key))
        self._campaign.record_event(CampaignClosed(**counts), counted.at, now, ENGINE)

    def _numbering(self, keys: list[str], at: datetime) -> NumberDocuments:
        t = self._campaign.terms
        return NumberDocuments(at, year_of(t.calendar, at), tuple((key, t.documents.series) for key in keys))

    def _closing_key(self, counted: CountReport) -> str:
        t = self._campaign.terms
        return document_key(t.campaign_id, "", "closing_report", 0, t.calendar, counted.at)

    def _written(self, numbered: Numbered, key: str) -> str:
        documents = self._campaign.terms.documents
        return written(documents.language, documents.series, numbered.year, numbered.numbers[key])

    def _issue(
        self,
        what: PlannedDocument,
        at: datetime,
        now: datetime,
        number: str,
        city: str = "",
        progress: Progress | None = None,
    ) -> None:
        issued = DocumentIssued(key=what.key, document=what.kind, rung=what.rung, number=number)
        self._campaign.record_event(issued, at, now, ENGINE)
        fields: dict[str, Any] = {"kind": what.kind, "rung": what.rung, "data": what.data}
        self._campaign.outcome.documents.append(
            DocumentDraft(
                key=what.key, city=city, issued_at=at, number=number, progress=progress or Progress(), **fields
            )
        )
