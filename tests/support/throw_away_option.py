"""An option that is not part of the tree: the gate of a site is locked, and checked within so many days.

Everything that it adds to the engine is in this file: a command, three events, a deadline that repeats, permits,
transitions, a notice, and fields of a site's facts and view.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from rules.calendar import clause_end, last_day_of
from rules.event_time import EventTime
from rules.site.options.protocol import Deadline, NoticeContent, SiteOption
from rules.site.state import SiteState
from schemas import stages as st
from schemas.actor import Actor
from schemas.base import Instant
from schemas.calendar import Clause
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.option import Option
from schemas.permit import BY_CITY, BY_COUNTY, at
from schemas.site.terms import SiteTerms

NAME = "gate"


class LockGate(Command):
    """Somebody locked the gate, with the number of the lock."""

    kind: Literal["lock_gate"] = "lock_gate"
    lock: str


class GateLocked(Event):
    kind: Literal["gate_locked"] = "gate_locked"
    lock: str


class GateUnlocked(Event):
    """Nobody locked the gate within the clause; `due` is when that is reported again."""

    kind: Literal["gate_unlocked"] = "gate_unlocked"
    times: int
    due: Instant


GATE = Option(
    name=NAME,
    subject="site",
    commands={"lock_gate": LockGate},
    events=(GateLocked, GateUnlocked),
    permits={"lock_gate": at(st.OPEN_SITE, BY_CITY, BY_COUNTY)},
    rows_after="carry_over",
    transitions={(stage, kind): stage for stage in st.OPEN_SITE.site for kind in ("gate_locked", "gate_unlocked")},
    command_events={"lock_gate": ("gate_locked",)},
)


class GateOption(SiteOption):
    """Terms: `options["gate"] = {"within": clause}`. State: `{"lock", "times", "due"}`."""

    data = GATE

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        assert isinstance(command, LockGate)
        if NAME not in terms.options:
            raise Refused("lock_gate is not foreseen: the plan asks for no gate")
        if _state(state).get("lock") == command.lock:
            raise Refused(f"the gate is locked by {command.lock} already")
        yield GateLocked(lock=command.lock)

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        match event:
            case GateLocked():
                _keep(state, lock=event.lock)
            case GateUnlocked():
                _keep(state, times=event.times, due=event.due.isoformat())
            case _:
                pass

    def deadlines(self, terms: SiteTerms, state: SiteState, now: datetime) -> Iterable[Deadline]:
        if NAME not in terms.options or state.stage not in st.OPEN_SITE.site or "lock" in _state(state):
            return
        assert state.opened_at is not None
        within, known = Clause.model_validate(terms.options[NAME]["within"]), _state(state)
        due = (
            datetime.fromisoformat(known["due"])
            if "due" in known
            else clause_end(terms.calendar, state.opened_at, within)
        )
        times = known.get("times", 0) + 1
        yield due, lambda: GateUnlocked(times=times, due=clause_end(terms.calendar, max(due, now), within))

    def blocks_verification(self, terms: SiteTerms, state: SiteState) -> bool:
        return NAME in terms.options and "lock" not in _state(state)

    def notices(self, terms: SiteTerms, state: SiteState, event: Event) -> Iterable[NoticeContent]:
        if isinstance(event, GateUnlocked):
            next_day = last_day_of(terms.calendar, event.due).isoformat()
            yield NoticeContent("gate_unlocked", f"time-{event.times}", {"due": next_day})

    def facts(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return {"options": {NAME: _state(state)}} if NAME in terms.options else {}

    def view(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return self.facts(terms, state)


def _state(state: SiteState) -> dict[str, Any]:
    found: dict[str, Any] = state.options.get(NAME, {})
    return found


def _keep(state: SiteState, **fields: Any) -> None:
    state.options = {**state.options, NAME: _state(state) | fields}
