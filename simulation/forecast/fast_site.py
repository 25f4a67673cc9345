"""A site's case for forecasts whose ledger nobody asked for: the same decisions without writing and hashing entries."""

from datetime import datetime, timedelta
from typing import NamedTuple, cast

from rules.aggregate import EventTime
from rules.site.aggregate import SiteAggregate
from schemas.actor import Actor
from schemas.command import Command
from schemas.event import Event
from schemas.ledger import LedgerEntry


class Trace(NamedTuple):
    """What is left of an entry: what a burn-down is counted from."""

    kind: str
    at: datetime


class FastSite(SiteAggregate):
    """Its entries are traces, and its head tells what deadlines follow from: a report alone moves none."""

    def event_time(self, command: Command, received_at: datetime) -> EventTime:
        """See `SiteAggregate.reading`; a clause of so many days, of either unit, is never shorter than they are."""
        if timedelta() <= received_at - command.effective_at <= timedelta(days=self.terms.late_report.amount):
            return EventTime(command.effective_at, None)
        return super().event_time(command, received_at)

    def record_event(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        """Apply an event without sealing it."""
        kind = event.kind
        state = self.state
        state.seq += 1
        if kind != "task_reported":
            state.head = str(state.seq)
        self._outcome.entries.append(cast(LedgerEntry, Trace(kind, at)))
        self._remember(event)
        self.apply(event, at, actor)
