"""The dispatches of campaigns that began before documents had numbers: theirs are issued without."""

from abc import abstractmethod
from datetime import datetime
from typing import Any

from rules.aggregate import Aggregate
from rules.city.state import CityState
from rules.documents.numbering import document_key
from schemas import events as ev
from schemas.actor import ENGINE
from schemas.city import CityTerms
from schemas.ledger import DocumentDraft
from schemas.work import Gathered


class UnnumberedDocuments(Aggregate[CityState]):
    """What a desk without papers does with what was gathered."""

    @property
    @abstractmethod
    def terms(self) -> CityTerms:
        """What the desk needs to know, as it stands now."""

    def _dispatch(self, gathered: Gathered, now: datetime) -> None:
        """What was gathered is issued, and after the last word the city closes."""
        waiting, issued = [n for n in self.state.waiting if n.at is None or n.at <= gathered.at], 0
        for notice in waiting:
            self._issue(notice.kind, 0, (), notice.data, gathered.at, now, notice.key)
            issued += 1
        for lot in gathered.lots:
            self._issue(lot.kind, lot.rung, lot.sites, {}, gathered.at, now)
            issued += 1
        if issued:
            self.record_event(ev.Dispatched(documents=issued), gathered.at, now, ENGINE)
        if self.state.sites_settled and not self.settled:
            self.record_event(ev.CityClosed(), gathered.at, now, ENGINE)

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
        t = self.terms
        key = known_as or document_key(t.campaign_id, t.code, kind, rung, t.calendar, at)
        if any(d.key == key for d in self._outcome.documents):
            return
        self.record_event(ev.DocumentIssued(key=key, document=kind, rung=rung, sites=sites), at, now, ENGINE)
        self._outcome.documents.append(
            DocumentDraft(key=key, city=t.code, kind=kind, rung=rung, issued_at=at, sites=sites, data=data)
        )
