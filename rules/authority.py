"""The authority table: the roles that may send each command, for which units, and at which stages.

This module checks role, unit and the right of the office. The stage of a command is checked where the stages are
(`rules.site.transitions`, `rules.city.state`, the aggregates); the tests prove that the table agrees for every role,
unit, right and stage.
"""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.actor import Actor, Units
from schemas.errors import Refused
from schemas.permit import Permit, Whose
from schemas.permits import PERMITS


class Rule(NamedTuple):
    """A row with its command and its name, which refusals give."""

    name: str
    command: str
    permit: Permit


def rules_of(command: str) -> tuple[Rule, ...]:
    """The rows of a command; KeyError if there is none."""
    return tuple(Rule(f"{command}/{p.label or p.role}", command, p) for p in PERMITS[command])


def require_authority(actor: Actor, command: str, units: Units) -> None:
    """Raises Refused, naming the rule, if this actor, or the office it acts for, may not send this command."""
    rows = [rule for rule in rules_of(command) if rule.permit.role is actor.role]
    if not rows:
        roles = ", ".join(sorted({permit.role for permit in PERMITS[command]}))
        raise Refused(f"rule {command}/*: {command} is for the roles {roles}; {actor.id} acts as {actor.role}")
    if any(_holds(rule.permit, actor, units) for rule in rows):
        return
    open_ = [rule for rule in rows if not _is_closed(rule.permit, units)]
    if not open_:
        raise Refused("; ".join(_reserved(rule, actor, units) for rule in rows))
    names = ", ".join(rule.name for rule in open_)
    if lacking := [rule.permit.right for rule in open_ if _is_of(rule.permit, actor, units)]:
        raise Refused(
            f"rule {names}: {command} is for offices with the right {' or '.join(dict.fromkeys(map(str, lacking)))}; "
            f"{actor.id} acts for {actor.unit}, which has: {', '.join(units.rights[actor.unit])}"
        )
    known = ", ".join(dict.fromkeys(unit for rule in open_ for unit in _units_of(units, rule.permit.whose))) or "none"
    whose = " or ".join(rule.permit.whose for rule in open_)
    raise Refused(
        f"rule {names}: {command} by the role {actor.role} is for the {whose} of its subject ({known}); "
        f"{actor.id} acts for {actor.unit}"
    )


def _holds(permit: Permit, actor: Actor, units: Units) -> bool:
    return not _is_closed(permit, units) and _is_of(permit, actor, units) and units.has(actor.unit, permit.right)


def _is_of(permit: Permit, actor: Actor, units: Units) -> bool:
    return permit.whose is Whose.ANY or actor.unit in _units_of(units, permit.whose)


def _is_closed(permit: Permit, units: Units) -> bool:
    return permit.unless is not None and bool(_units_of(units, permit.unless))


def _reserved(rule: Rule, actor: Actor, units: Units) -> str:
    unless = rule.permit.unless
    assert unless is not None
    whose = ", ".join(_units_of(units, unless))
    return (
        f"rule {rule.name}: {rule.command} by the role {actor.role} is only where no {unless} is named; here it is for "
        f"the {unless} {whose}, and {actor.id} acts for {actor.unit}"
    )


def _units_of(units: Units, whose: Whose) -> tuple[str, ...]:
    if whose is Whose.ANY:
        return ()
    found: tuple[str, ...] = getattr(units, whose.value)
    return found


def table() -> Iterator[Rule]:
    """Every row of the table, in the order of its commands."""
    for command in PERMITS:
        yield from rules_of(command)
