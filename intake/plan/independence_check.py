"""Checks whether every level of acceptance has a unit that may judge it at every site of the register."""

from collections.abc import Iterable

from intake.files.faults import Fault
from intake.plan import wording
from rules.terms.independence import unjudged_levels
from schemas.plan import Plan
from schemas.register import Site


def unjudged_faults(file: str, plan: Plan, sites: Iterable[Site]) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """The faults (whoever works, nobody may judge) and the warnings (nobody may, if the register's worker works)."""
    levels = {level.id: place for place, level in enumerate(plan.verification.levels)}
    faults: list[Fault] = []
    warnings: list[Fault] = []
    for one in unjudged_levels(plan, sites):
        expected = wording.another_judge(
            one.level, one.by, f"{one.city}/{one.county}", one.sites[0], len(one.sites), one.named, one.worker
        )
        path = f"verification.levels[{levels[one.level]}].by"
        (faults if one.worker is None else warnings).append(Fault(file, one.by.value, expected, path=path))
    return tuple(faults), tuple(warnings)
