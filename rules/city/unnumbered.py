"""The dispatches of campaigns that began before documents had numbers: theirs are issued without."""

from datetime import datetime
from typing import Any

from rules.city.documents import Recorder
from rules.documents.numbering import document_key
from schemas import events as ev
from schemas.actor import ENGINE
from schemas.ledger import DocumentDraft
from schemas.work import Gathered


class UnnumberedDocuments:
    """A component of `rules.city.aggregate.CityAggregate`."""

    def __init__(self, city: Recorder) -> None:
        self._city = city

    def dispatch(self, gathered: Gathered, now: datetime) -> None:
        """Issue what was gathered; after the last notice the city closes."""
        s = self._city.state
        waiting, issued = [n for n in s.waiting if n.at is None or n.at <= gathered.at], 0
        for notice in waiting:
            self._issue(notice.kind, 0, (), notice.data, gathered.at, now, notice.key)
            issued += 1
        for lot in gathered.lots:
            self._issue(lot.kind, lot.rung, lot.sites, {}, gathered.at, now)
            issued += 1
        if issued:
            self._city.record_event(ev.Dispatched(documents=issued), gathered.at, now, ENGINE)
        if s.sites_settled and s.settled_at is None:
            self._city.record_event(ev.CityClosed(), gathered.at, now, ENGINE)

    def _issue(
        self,
        kind: str,
        rung: int,
        sites: tuple[str, ...],
        data: dict[str, Any],
        at: datetime,
        now: datetime,
        known_as: str | None = None,
    ) -> None:
        t, documents = self._city.terms, self._city.outcome.documents
        key = known_as or document_key(t.campaign_id, t.code, kind, rung, t.calendar, at)
        if any(d.key == key for d in documents):
            return
        self._city.record_event(ev.DocumentIssued(key=key, document=kind, rung=rung, sites=sites), at, now, ENGINE)
        documents.append(
            DocumentDraft(key=key, city=t.code, kind=kind, rung=rung, issued_at=at, sites=sites, data=data)
        )
