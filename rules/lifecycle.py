"""`SiteCase`: the life of one site, from opening to strike-off or carry-over.

Commands are judged by event time within the plan's tolerance for late reports; deadlines happen in between, in the
order of campaign time, so that a report of last night counts before this morning's rung even if it arrives later
in the same batch.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from rules.acceptance import asked, judged
from rules.authority import require_authority
from rules.calendar import is_too_late
from rules.core import Core, Reading
from rules.extension import extended
from rules.rung_news import on_news
from rules.site_deadlines import next_of_site
from rules.site_facts import facts_of
from rules.site_folding import applied
from rules.site_notices import notice_of
from rules.site_state import OPEN, SETTLED, SiteState, Stage, require_stage
from rules.site_work import in_force, outstanding, reported
from rules.suspension import resumption, suspension
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import ENGINE, Actor
from schemas.answers import SiteView
from schemas.ledger import SiteRow
from schemas.terms import SiteTerms


def site_stream(campaign_id: str, site_id: str) -> str:
    """The workflow id and ledger stream of a site."""
    return f"site/{campaign_id}/{site_id}"


class SiteCase(Core[SiteState]):
    """One site: state + `advance()` + `next_due()` + `settled`."""

    events: ClassVar = {e.model_fields["kind"].default: e for e in ev.SITE_EVENTS}

    def __init__(self, terms: SiteTerms, state: SiteState | None = None) -> None:
        super().__init__(site_stream(terms.campaign_id, terms.site_id), state or SiteState())
        self.terms = terms
        self._ahead: tuple[str, tuple[datetime, ev.Event]] | None = None

    # -- what others ask -------------------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        return self.state.stage in SETTLED

    def begin(self, now: datetime) -> None:
        """A site opens at the approval of its city's deployment; one that never opens has no such moment."""
        terms = self.terms
        if self.state.stage is Stage.REGISTERED and terms.opened_at is not None and terms.due is not None:
            opened = ev.Opened(due=terms.due, requirements={r.id: r.quantity for r in in_force(terms, self.state)})
            self.happen(opened, terms.opened_at, now, ENGINE)
            self.follow(terms.opened_at, now, ENGINE)  # a site with nothing to do is verified at once

    def outstanding(self) -> dict[str, float]:
        """Requirement to the quantity still to do; 0 where only evidence is missing."""
        return outstanding(self.terms, self.state)

    def current_due(self) -> datetime | None:
        """The deadline of what is awaited now: the work's, or the verdict's."""
        if self.state.stage is Stage.RECTIFYING:
            return self.state.due
        return self.state.level_due if self.state.stage is Stage.VERIFYING else None

    def is_overdue(self, now: datetime) -> bool:
        """Derived, never stored: open, not suspended, and past what is awaited now."""
        due = self.current_due()
        return due is not None and not self.state.suspended and due < now

    def next_due(self, now: datetime) -> datetime | None:
        """The next instant at which something happens by itself; None once settled."""
        found = self._next(now)
        return found[0] if found else None

    def row(self) -> SiteRow:
        """The current state as the state table keeps it."""
        s, needed = self.state, in_force(self.terms, self.state)
        return SiteRow(
            site_id=self.terms.site_id,
            seq=s.seq,
            stage=s.stage,
            round=s.round,
            level=s.level,
            rung=s.rung,
            suspended=s.suspended and not self.settled,
            due_at=self.current_due(),
            opened_at=s.opened_at,
            settled_at=s.settled_at,
            requirements=len(needed),
            requirements_done=len(needed) - len(self.outstanding()),
            extensions=s.extensions,
            suspensions=len(s.suspensions),
            rung_waits=s.rung_waits and not self.settled,
            facts=facts_of(self.terms, s),
        )

    def view(self, now: datetime) -> SiteView:
        """What the `status` query and an accepted update say."""
        s = self.state
        return SiteView(
            campaign_id=self.terms.campaign_id,
            site_id=self.terms.site_id,
            city=self.terms.city,
            stage=s.stage,
            round=s.round,
            level=s.level,
            outstanding=self.outstanding(),
            done=dict(s.done),
            due=self.current_due(),
            overdue=self.is_overdue(now),
            rung=s.rung,
            suspended=s.suspended and not self.settled,
            as_of=now,
            refused=tuple(s.refusals),
        )

    # -- commands --------------------------------------------------------------------------------------------------

    def reading(self, command: cmd.Command, received_at: datetime) -> Reading:
        """The event time, unless it is in the future, before the opening, or beyond the tolerance for late reports."""
        claimed, opened_at = command.effective_at, self.terms.opened_at
        early = opened_at is not None and claimed < opened_at
        if early or claimed > received_at:
            return Reading(received_at, claimed)
        if is_too_late(self.terms.calendar, claimed, received_at, self.terms.late_report):
            return Reading(received_at, claimed)
        return Reading(claimed, None)

    def decide(self, command: cmd.Command, at: datetime) -> Iterator[ev.Event]:
        terms, state = self.terms, self.state
        kind: str = command.kind  # type: ignore[attr-defined]
        require_authority(command.actor, kind, terms.units)
        if isinstance(command, cmd.RungIssued | cmd.RungWithdrawn | cmd.HoldClimb):
            if state.stage in OPEN:
                yield from on_news(terms, state, command)
            return
        require_stage(state.stage, kind)
        match command:
            case cmd.CompleteTask():
                yield reported(terms, state, command)
            case cmd.Verify():
                yield from judged(terms, state, command, at)
            case cmd.Extend():
                yield extended(terms, state, command, at)
            case cmd.Suspend():
                yield suspension(state, command.reason, at)
            case cmd.Resume():
                yield resumption(terms, state, command.reason, at)
            case cmd.CarryOver():
                yield ev.CarriedOver(reason=command.reason)

    def follow(self, at: datetime, received_at: datetime, actor: Actor) -> None:
        if self.state.stage is Stage.RECTIFYING and self.state.opened_at is not None and not self.outstanding():
            # The level hears of it now, however long ago the last report's work was done.
            self.happen(asked(self.terms, self.state, max(at, received_at)), at, received_at, ENGINE)

    # -- deadlines -------------------------------------------------------------------------------------------------

    def fire_until(self, limit: datetime, now: datetime) -> None:
        while (found := self._next(now)) is not None and found[0] <= limit:
            self.happen(found[1], found[0], now, ENGINE)

    def _next(self, now: datetime) -> tuple[datetime, ev.Event] | None:
        """The next thing that happens by itself, seen from `now`.

        Kept with the head it follows from: while nothing happens, what lies ahead stays where it is.
        """
        if self.settled:
            return None
        if self._ahead is not None and self._ahead[0] == self.state.head and self._ahead[1][0] > now:
            return self._ahead[1]
        ahead = next_of_site(self.terms, self.state, lambda: len(self.outstanding()), now)
        self._ahead = (self.state.head, ahead)
        return ahead

    def apply(self, event: ev.Event, at: datetime, actor: Actor) -> None:
        applied(self.state, self.terms, event, at, actor.id)
        self._outcome.notices.extend(notice_of(self.terms, self.state, event, at))
