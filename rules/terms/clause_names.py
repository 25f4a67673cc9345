"""The names of a plan's clauses: each is its path in the plan's file, as the faults of `check` give it.

Terms are made of the plan with its clauses named, so that a name is given once and goes wherever its clause goes.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from schemas.calendar import Clause
from schemas.clause_paths import deadlines_in, parts_of
from schemas.phase_end import PhaseEnd
from schemas.plan import FrozenPlan, Plan


def changed_clauses(before: FrozenPlan, after: Plan, amendment: int) -> dict[str, int]:
    """Path to the amendment by which a clause has its present days, as `FrozenPlan.amended_clauses`."""
    known, kept = dict(deadlines_in(before.plan)), before.amended_clauses
    found: dict[str, int] = {}
    for path, clause in deadlines_in(after):
        if clause != known.get(path):
            found[path] = amendment
        elif path in kept:
            found[path] = kept[path]
    return found


def with_names(frozen: FrozenPlan) -> Plan:
    """The plan with a name on each clause; `amendment 2: clauses.rectification` for one that an amendment changed."""
    return _with_names(_Same(frozen))


class _Same:
    """A frozen plan by its identity: it is large, and is named once for all the sites of a campaign."""

    def __init__(self, frozen: FrozenPlan) -> None:
        self.frozen = frozen

    def __hash__(self) -> int:
        return id(self.frozen)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.frozen is self.frozen


@lru_cache(maxsize=16)
def _with_names(same: _Same) -> Plan:
    amended = same.frozen.amended_clauses
    plan = named_parts(same.frozen.plan, "", amended)
    assert isinstance(plan, Plan)
    return plan


def named_parts(value: Any, path: str, amended: Mapping[str, int] = MappingProxyType({})) -> Any:
    """The value (at `path`) with its clauses named; itself where it has none."""
    if isinstance(value, Clause | PhaseEnd):
        name = f"amendment {amended[path]}: {path}" if path in amended else path
        return value.model_copy(update={"name": name})
    parts = [(part, named_parts(part, step, amended)) for step, part in parts_of(value, path)]
    if all(old is new for old, new in parts):
        return value
    news = [new for _, new in parts]
    if isinstance(value, BaseModel):
        return value.model_copy(update=dict(zip(type(value).model_fields, news, strict=True)))
    return tuple(news) if isinstance(value, tuple) else dict(zip(value, news, strict=True))
