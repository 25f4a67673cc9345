"""Modes (修复模式, 资金模式): what they ask for, who switches them, and what waits for them.

A switch takes nothing away: quantities done stay with their requirement. The deadline stands: switching is no
extension. A site that is being verified goes back to rectifying, and is verified from the first level.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from rules.aggregate import EventTime, Question
from rules.site.options.protocol import SiteOption
from rules.site.state import SiteState
from rules.site.work import modes_in_force, requirements_under
from schemas.actor import Actor
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.modes import (
    MODES,
    DecideMode,
    ModeProposed,
    ModeRefused,
    ModeSet,
    ModeState,
    ModeTerms,
    ModeWithdrawn,
    Pair,
    SetMode,
    is_allowed,
    pairs_in_words,
)
from schemas.site.terms import SiteTerms
from schemas.stages import Stage


class ModesOption(SiteOption):
    """The plan's option `modes`."""

    data = MODES

    def answers(self, terms: SiteTerms, state: SiteState, command: Command) -> Question | None:
        if not isinstance(command, DecideMode):
            return None
        return Question(None if state.modes is None else state.modes.proposed_at, "the mode was proposed")

    def decide(self, terms: SiteTerms, state: SiteState, command: Command, when: EventTime) -> Iterable[Event]:
        match command:
            case SetMode():
                yield from decide_mode(terms, state, command)
            case DecideMode():
                yield from decide_proposal(terms, state, command)

    def apply(self, terms: SiteTerms, state: SiteState, event: Event, at: datetime, actor: Actor) -> None:
        if not isinstance(event, MODES.events):
            return
        # A model of its own each time, so that no other state is changed with it.
        modes = (state.modes or ModeState()).model_copy()
        match event:
            case ModeProposed():
                modes.proposed, modes.proposed_at = event.modes, at
            case ModeWithdrawn() | ModeRefused():
                modes.proposed = modes.proposed_at = None
            case ModeSet():
                modes.modes, modes.proposed, modes.proposed_at = event.modes, None, None
                state.proceed(at)
                modes.switches += event.before.restoration is not None or event.before.funding is not None
                for requirement in event.comes:
                    state.done.setdefault(requirement, Decimal())
                    state.evidence.setdefault(requirement, [])
                state.level = state.level_due = None  # of a site that was being verified
        state.modes = modes

    def blocks_verification(self, terms: SiteTerms, state: SiteState) -> bool:
        return bool(withheld(terms, state))

    def facts(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return mode_facts(terms, state)

    def view(self, terms: SiteTerms, state: SiteState) -> dict[str, Any]:
        return mode_view(terms, state)


def withheld(terms: SiteTerms, state: SiteState) -> tuple[str, ...]:
    """What keeps a site from asking for verification although its work is done: `restoration_mode`, `funding_mode`
    that the plan requires and nobody set, or the `mode_decision` of the province."""
    if terms.modes is None:
        return ()
    modes = modes_in_force(terms, state)
    lacks = [
        f"{name}_mode" for name in ("restoration", "funding") if terms.modes.required and getattr(modes, name) is None
    ]
    if pending(state) is not None:
        lacks.append("mode_decision")
    return tuple(lacks)


def pending(state: SiteState) -> Pair | None:
    """The modes that wait for the province."""
    return None if state.modes is None else state.modes.proposed


def decide_mode(terms: SiteTerms, state: SiteState, command: SetMode) -> Iterator[Event]:
    """A mode is set, switched, proposed, or a proposal is taken back; raises Refused, naming what the plan allows."""
    known = _option(terms, "set_mode")
    if state.stage is Stage.VERIFYING and known.until != Stage.VERIFYING:
        raise Refused(
            "set_mode is not allowed while the site is verifying: this plan (`modes.until`) has modes switched while a "
            "site is rectifying; it is that again when a level has failed it"
        )
    now, waits = modes_in_force(terms, state), pending(state)
    wanted = Pair(
        restoration=_said(command.restoration_mode) or now.restoration,
        funding=_said(command.funding_mode) or now.funding,
    )
    if not is_allowed(known.allowed, wanted.restoration, wanted.funding):
        raise Refused(f"{_words(wanted)} is not allowed by this plan; allowed: {pairs_in_words(known.allowed)}")
    if wanted == now:
        if waits is None:
            raise Refused(f"the site is under {_words(now)} already")
        yield ModeWithdrawn(modes=waits, reason=command.reason)
    elif wanted == waits:
        raise Refused(f"{_words(wanted)} is proposed already and waits for the province")
    elif known.confirmed_by_province:
        yield ModeProposed(modes=wanted, reason=command.reason)
    else:
        yield _set(terms, now, wanted, command.reason)


def decide_proposal(terms: SiteTerms, state: SiteState, command: DecideMode) -> Iterator[Event]:
    """The province confirms or refuses a proposal; raises Refused where there is none, or another one."""
    _option(terms, "decide_mode")
    waits = pending(state)
    if waits is None:
        raise Refused("no mode of the site waits for a decision")
    for named, proposed in ((command.restoration_mode, waits.restoration), (command.funding_mode, waits.funding)):
        if named is not None and named != proposed:
            raise Refused(f"the site proposes {_words(waits)}, not {named}")
    if command.confirmed:
        yield _set(terms, modes_in_force(terms, state), waits, command.reason)
    else:
        yield ModeRefused(modes=waits, reason=command.reason or "")


def _option(terms: SiteTerms, command: str) -> ModeTerms:
    if terms.modes is None:
        raise Refused(f"{command} is not known in this campaign: its plan has no modes (`modes`)")
    return terms.modes


def _set(terms: SiteTerms, before: Pair, after: Pair, reason: str | None) -> ModeSet:
    old, new = ({r.id: r for r in requirements_under(terms, modes)} for modes in (before, after))
    return ModeSet(
        modes=after,
        before=before,
        comes=tuple(r for r in new if r not in old),
        falls_away=tuple(r for r in old if r not in new),
        reason=reason,
    )


def _said(mode: str | None) -> str | None:
    return None if mode is None else str(mode)


def _words(modes: Pair) -> str:
    return f"{modes.restoration or 'no restoration mode'} with {modes.funding or 'no funding mode'}"


def mode_facts(terms: SiteTerms, state: SiteState) -> dict[str, Any]:
    """Fields of `SiteFacts`: the modes that hold, and whether a proposal waits."""
    if terms.modes is None:
        return {}
    modes = modes_in_force(terms, state)
    return {
        "restoration_mode": modes.restoration,
        "funding_mode": modes.funding,
        "mode_waits": pending(state) is not None,
    }


def mode_view(terms: SiteTerms, state: SiteState) -> dict[str, Any]:
    """Fields of `SiteView`: beside the facts, the proposal and what keeps the site from asking for verification."""
    if terms.modes is None:
        return {}
    waits = pending(state)
    facts = mode_facts(terms, state)
    return {
        "restoration_mode": facts["restoration_mode"],
        "funding_mode": facts["funding_mode"],
        "proposed_modes": None if waits is None else waits.model_dump(),
        "withheld": withheld(terms, state),
    }
