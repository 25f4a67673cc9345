"""How phases stand, in the words of the report: held by which gate, and what a gate lacks."""

from collections.abc import Mapping

from reports.words.catalogue import Words
from schemas.options.phases import Missing
from schemas.phase_status import PhaseStatus
from schemas.plan import Plan
from schemas.quantity import written


def state_of(phase: PhaseStatus, plan: Plan, words: Words) -> str:
    """`held since 08-07 by the gate of Sweep`, or the state alone."""
    if phase.held_by is None:
        return words.named("phases.state", phase.state)
    holder = next((one.title for one in plan.phases if one.id == phase.held_by), phase.held_by)
    return words("phases.never_begun" if phase.never_begun else "phases.held", since=phase.held_since, by=holder)


def lacking(one: Missing, city_names: Mapping[str, str], words: Words) -> str:
    """A condition that is not met: its unit, what is asked, what there is, and who is behind."""
    unit = city_names.get(one.city, one.city) or words("phases.campaign")
    check = words(f"phases.check.{one.check}")
    if one.rounds:
        return f"{unit}: {words('phases.rounds')} {words.listed(one.rounds)}"
    asked = f" ({written(one.per_cent)}%)" if one.per_cent is not None else ""
    behind = f" ({words.listed(city_names.get(code, code) for code in one.lagging)})" if one.lagging else ""
    return f"{unit}: {check}{asked} {one.have} / {one.of}{behind}"
