"""`SiteCase`: the life of one site, from opening to strike-off or carry-over.

Commands are judged by event time within the plan's tolerance for late reports; deadlines happen in between, in the
order of campaign time, so that a report of last night counts before this morning's rung even if it arrives later
in the same batch.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import ClassVar

from rules.authority import require_authority
from rules.calendar import clause_end, end_of, is_too_late, last_day_of
from rules.core import Core, Reading
from rules.rung_news import on_news
from rules.site_deadlines import next_of_site
from rules.site_notices import notice_of
from rules.site_state import OPEN, SETTLED, SiteState, Stage, applied, require_stage
from rules.suspension import resumption, suspension
from schemas import commands as cmd
from schemas import events as ev
from schemas.actor import ENGINE, Actor
from schemas.answers import SiteView
from schemas.errors import Refused
from schemas.ledger import SiteRow
from schemas.terms import SiteTerms

_EPSILON = 1e-9


def site_stream(campaign_id: str, site_id: str) -> str:
    """The workflow id and ledger stream of a site."""
    return f"site/{campaign_id}/{site_id}"


class SiteCase(Core[SiteState]):
    """One site: state + `advance()` + `next_due()` + `settled`."""

    events: ClassVar = {e.model_fields["kind"].default: e for e in ev.SITE_EVENTS}

    def __init__(self, terms: SiteTerms, state: SiteState | None = None) -> None:
        super().__init__(site_stream(terms.campaign_id, terms.site_id), state or SiteState())
        self.terms = terms
        self._requirements = {r.id: r for r in terms.requirements}
        self._ahead: tuple[str, tuple[datetime, ev.Event]] | None = None

    # -- what others ask -------------------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        return self.state.stage in SETTLED

    def begin(self, now: datetime) -> None:
        """A site opens at the approval of its city's deployment; one that never opens has no such moment."""
        terms = self.terms
        if self.state.stage is Stage.REGISTERED and terms.opened_at is not None and terms.due is not None:
            opened = ev.Opened(due=terms.due, requirements={r.id: r.quantity for r in terms.requirements})
            self.happen(opened, terms.opened_at, now, ENGINE)
            self.follow(terms.opened_at, now, ENGINE)  # a site with nothing to do is verified at once

    def outstanding(self) -> dict[str, float]:
        """Requirement to the quantity still to do; 0 where only evidence is missing."""
        left = {}
        for r in self.terms.requirements:
            missing = r.quantity - self.state.done.get(r.id, 0.0)
            if missing > _EPSILON or any(phase not in self.state.evidence.get(r.id, ()) for phase in r.evidence):
                left[r.id] = max(0.0, round(missing, 6))
        return left

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
        s = self.state
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
            requirements=len(self.terms.requirements),
            requirements_done=len(self.terms.requirements) - len(self.outstanding()),
            extensions=s.extensions,
            suspensions=len(s.suspensions),
            rung_waits=s.rung_waits and not self.settled,
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
        kind: str = command.kind  # type: ignore[attr-defined]
        require_authority(command.actor, kind)
        if isinstance(command, cmd.RungIssued | cmd.RungWithdrawn | cmd.HoldClimb):
            if self.state.stage in OPEN:
                yield from on_news(self.terms, self.state, command)
            return
        require_stage(self.state.stage, kind)
        match command:
            case cmd.CompleteTask():
                yield self._reported(command)
            case cmd.Verify():
                yield self._verdict(command, at)
            case cmd.Extend():
                yield self._extension(command, at)
            case cmd.Suspend():
                yield suspension(self.state, command.reason, at)
            case cmd.Resume():
                yield resumption(self.terms, self.state, command.reason, at)
            case cmd.CarryOver():
                yield ev.CarriedOver(reason=command.reason)

    def _reported(self, command: cmd.CompleteTask) -> ev.TaskReported:
        self._require_known((command.requirement,))
        if self.state.stage is Stage.VERIFYING and command.actor.id in self.state.verifiers.values():
            raise Refused(f"{command.actor.id} passed a level in this round and reports no work until it is decided")
        return ev.TaskReported(
            requirement=command.requirement,
            quantity=command.quantity,
            evidence=tuple(ev.EvidenceRef(phase=e.phase, ref=e.ref) for e in command.evidence),
            note=command.note,
        )

    def _verdict(self, command: cmd.Verify, at: datetime) -> ev.Event:
        s, t = self.state, self.terms
        if s.suspended:
            raise Refused("the site is suspended; it is verified after it is resumed")
        if command.level != s.level:
            raise Refused(f"the site awaits level {s.level!r}, not {command.level!r}")
        self._require_other_hands(command.actor)
        levels = [level.id for level in t.levels]
        if not command.passed:
            if not command.opinion:
                raise Refused("a failed verification needs its written rectification opinion")
            self._require_known(command.failed_requirements)
            failed = command.failed_requirements or tuple(self._requirements)
            return ev.LevelFailed(
                round=s.round,
                level=command.level,
                opinion=command.opinion,
                failed_requirements=failed,
                due=min(clause_end(t.calendar, at, t.re_rectification), t.ends_at),
                rounds_exhausted=s.round >= t.max_rounds,
            )
        if command.failed_requirements:
            raise Refused("a passed verification names no failed requirements")
        position = levels.index(command.level)
        if position + 1 == len(levels):
            return ev.Closed(round=s.round, level=command.level, opinion=command.opinion)
        following = t.levels[position + 1]
        return ev.LevelPassed(
            round=s.round,
            level=command.level,
            opinion=command.opinion,
            next_level=following.id,
            due=clause_end(t.calendar, at, following.due),
        )

    def _extension(self, command: cmd.Extend, at: datetime) -> ev.Extended:
        calendar = self.terms.calendar
        last = last_day_of(calendar, self.terms.ends_at)
        if command.until > last:
            raise Refused(f"the campaign ends on {last}; a site can not be extended beyond it")
        due, present = end_of(calendar, command.until), self.state.due
        if present is not None and due <= present:
            raise Refused(
                f"the site is due on {last_day_of(calendar, present)} already; an extension must end after that"
            )
        if due <= at:
            raise Refused(f"{command.until} has passed; an extension must end in the future")
        return ev.Extended(until=command.until, due=due, reason=command.reason)

    def _require_known(self, requirements: Iterable[str]) -> None:
        for requirement in requirements:
            if requirement not in self._requirements:
                known = ", ".join(self._requirements)
                raise Refused(f"the site has no requirement {requirement!r}; it has: {known}")

    def _require_other_hands(self, actor: Actor) -> None:
        """The one who did the work never verifies it, and each level is a different person."""
        if actor.id in self.state.reporters:
            raise Refused(f"{actor.id} reported work at this site and can not verify it")
        for level, verifier in self.state.verifiers.items():
            if verifier == actor.id:
                raise Refused(f"{actor.id} passed level {level!r} already; each level is judged by another person")

    def follow(self, at: datetime, received_at: datetime, actor: Actor) -> None:
        if self.state.stage is Stage.RECTIFYING and self.state.opened_at is not None and not self.outstanding():
            first = self.terms.levels[0]
            # The level hears of it now, however long ago the last report's work was done.
            due = clause_end(self.terms.calendar, max(at, received_at), first.due)
            asked = ev.VerificationRequested(round=self.state.round, level=first.id, due=due)
            self.happen(asked, at, received_at, ENGINE)

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
