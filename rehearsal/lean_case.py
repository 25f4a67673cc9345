"""A site's case for forecasts whose ledger nobody asked for: the same decisions without writing and hashing entries."""

from datetime import datetime
from typing import NamedTuple, cast

from rules.lifecycle import SiteCase
from schemas.actor import Actor
from schemas.events import Event
from schemas.ledger import LedgerEntry


class Trace(NamedTuple):
    """What is left of an entry: what a burn-down is counted from."""

    kind: str
    at: datetime


class LeanCase(SiteCase):
    """Its entries are traces, and its head tells what deadlines follow from: a report alone moves none."""

    def happen(self, event: Event, at: datetime, received_at: datetime, actor: Actor) -> None:
        """Apply an event without sealing it."""
        kind: str = event.kind  # type: ignore[attr-defined]
        state = self.state
        state.seq += 1
        if kind != "task_reported":
            state.head = str(state.seq)
        self._outcome.entries.append(cast(LedgerEntry, Trace(kind, at)))
        self._remember(event)
        self.apply(event, at, actor)
