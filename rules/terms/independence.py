"""Who can judge each level of a site under the plan: another unit for each level, and none that works there.

`check` names the places where a plan can never be fulfilled, and simulated people act as it says.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rules.terms.units import units_of_site
from schemas.actor import Actor, Right, Role, Units
from schemas.plan import Plan, VerificationLevel
from schemas.register import Site

EXPERTS = "专家组（示例）"
"""The unit of a simulated expert who judges a level: the plan names units of drawn experts only."""


class Unjudged(NamedTuple):
    """A level that no unit of its role can judge at these sites, beside the unit that works and the other levels."""

    level: str
    by: Role
    city: str
    county: str
    sites: tuple[str, ...]
    named: tuple[str, ...]
    """The units of the role there, each office by one name."""
    worker: str | None
    """The unit that works, where the level fails for it alone."""


def units_by_role(units: Units, role: Role) -> tuple[str, ...]:
    """The units for which a role judges a site: each office once, governments before bureaus. Experts have any unit.

    A police bureau or an office that approves is none of them (`Right.WORKS`).
    """
    if role is Role.EXPERT:
        return (EXPERTS,)
    relation = {
        Role.PROVINCE: units.province,
        Role.CITY: units.city,
        Role.COUNTY: units.county,
        Role.TOWNSHIP: units.township,
        Role.ENTERPRISE: units.enterprise,
    }[role]
    first: dict[str, str] = {}
    for name in (one for one in relation if units.has(one, Right.WORKS)):
        first.setdefault(units.office(name), name)
    return tuple(first.values())


def judges_of(plan: Plan, units: Units, worked: Iterable[str]) -> dict[str, Actor | None]:
    """A unit for each level that is no self-check: as many levels as can be judged; None for those that can not.

    The actor has the level's id for its own; whoever needs a person names one.
    """
    levels = [level for level in plan.verification.levels if not level.self_check]
    taken = {units.office(unit) for unit in worked}
    best: dict[str, str] = {}
    for chosen in _choices(levels, units, taken, {}):
        if len(chosen) > len(best):
            best = chosen
        if len(best) == len(levels):
            break
    return {
        level.id: Actor(id=level.id, role=level.by, unit=best[level.id]) if level.id in best else None
        for level in levels
    }


def _choices(
    levels: Sequence[VerificationLevel], units: Units, taken: Collection[str], chosen: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    """Every way to give the levels different units, the preferred units first; a level may stay without one."""
    if not levels:
        yield dict(chosen)
        return
    level, *others = levels
    for unit in units_by_role(units, level.by):
        if level.same_unit is not None:
            yield from _choices(others, units, taken, {**chosen, level.id: unit})
            return
        if units.office(unit) not in taken:
            yield from _choices(others, units, {*taken, units.office(unit)}, {**chosen, level.id: unit})
    yield from _choices(others, units, taken, chosen)


def worker_of(site: Site) -> str | None:
    """The unit of which the register says that it works: the building enterprise, else the responsible office."""
    if site.enterprise is not None:
        return site.enterprise
    return site.responsible[0] if site.responsible else None


def unjudged_levels(plan: Plan, sites: Iterable[Site]) -> Iterator[Unjudged]:
    """The levels that can never be judged, whoever works there; then those that fail for the register's own worker."""
    found: dict[tuple[str, Role, str, str, tuple[str, ...], str | None], list[str]] = {}
    known: dict[tuple[object, ...], list[tuple[str, Role, tuple[str, ...], str | None]]] = {}
    for site in sites:
        worker = worker_of(site)
        place = (site.city, site.county, site.township, site.enterprise, worker)
        if place not in known:
            known[place] = list(_of_site(plan, units_of_site(plan, site), worker))
        for level, by, named, fails_for in known[place]:
            found.setdefault((level, by, site.city, site.county, named, fails_for), []).append(site.id)
    for (level, by, city, county, named, fails_for), ids in found.items():
        yield Unjudged(level, by, city, county, tuple(ids), named, fails_for)


def _of_site(plan: Plan, units: Units, worker: str | None) -> Iterator[tuple[str, Role, tuple[str, ...], str | None]]:
    roles = {level.id: level.by for level in plan.verification.levels}
    for fails_for in (None, worker):
        missing = [id_ for id_, judge in judges_of(plan, units, () if fails_for is None else (fails_for,)).items()
                   if judge is None]  # fmt: skip
        if missing:
            yield from ((one, roles[one], units_by_role(units, roles[one]), fails_for) for one in missing)
            return
