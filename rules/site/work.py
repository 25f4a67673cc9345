"""The work at a site: which requirements are in force, what is still to do, and what a report says."""

from collections.abc import Iterable
from decimal import Decimal

from rules.site.state import SiteState
from schemas import commands as cmd
from schemas import events as ev
from schemas.errors import Refused
from schemas.options.modes import Pair, holds
from schemas.site.terms import Requirement, SiteTerms
from schemas.stages import Stage

_NONE = Decimal()


def in_force(terms: SiteTerms, state: SiteState) -> tuple[Requirement, ...]:
    """The requirements that apply to the site as it stands, under the modes that hold there."""
    return requirements_under(terms, modes_in_force(terms, state)) if terms.modes is not None else terms.requirements


def outstanding(terms: SiteTerms, state: SiteState) -> dict[str, Decimal]:
    """Requirement to the quantity still to do; 0 where only evidence is missing."""
    left = {}
    for r in in_force(terms, state):
        missing = r.quantity - state.done.get(r.id, _NONE)
        if missing > _NONE or any(phase not in state.evidence.get(r.id, ()) for phase in r.evidence):
            left[r.id] = max(_NONE, missing)
    return left


def evidence_missing(terms: SiteTerms, state: SiteState) -> dict[str, tuple[str, ...]]:
    """Requirement to the phases of evidence that it still lacks; what lacks none is left out."""
    lacking = {
        r.id: tuple(p for p in r.evidence if p not in state.evidence.get(r.id, ())) for r in in_force(terms, state)
    }
    return {name: phases for name, phases in lacking.items() if phases}


def task_reported(terms: SiteTerms, state: SiteState, command: cmd.CompleteTask) -> ev.TaskReported:
    """A report of work; raises Refused where the site has no such requirement, or the reporter judges it."""
    require_known(terms, state, (command.requirement,))
    if state.stage is Stage.VERIFYING and command.actor.id in state.verifiers.values():
        raise Refused(f"{command.actor.id} passed a level in this round and reports no work until it is decided")
    return ev.TaskReported(
        requirement=command.requirement,
        quantity=command.quantity,
        evidence=tuple(ev.EvidenceRef(phase=e.phase, ref=e.ref) for e in command.evidence),
        note=command.note,
    )


def require_known(terms: SiteTerms, state: SiteState, requirements: Iterable[str]) -> None:
    """Raises Refused, naming those there are, for a requirement that the site does not have."""
    known = [r.id for r in in_force(terms, state)]
    for requirement in requirements:
        if requirement not in known:
            raise Refused(f"the site has no requirement {requirement!r}; it has: {', '.join(known)}")


def modes_in_force(terms: SiteTerms, state: SiteState) -> Pair:
    """The modes that hold: those set last, else those of the register."""
    if state.modes is not None and state.modes.modes is not None:
        return state.modes.modes
    known = terms.modes
    return Pair() if known is None else Pair(restoration=known.restoration, funding=known.funding)


def requirements_under(terms: SiteTerms, modes: Pair) -> tuple[Requirement, ...]:
    """The requirements that hold under these modes; all of them where the plan has none."""
    if terms.modes is None:
        return terms.requirements
    return tuple(r for r in terms.requirements if holds(r, modes.restoration, modes.funding))
