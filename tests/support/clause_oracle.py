"""Which deadlines do not say which clause they follow from; written independently of the rules."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_DEADLINE = re.compile(r"(\w+_)?due")
_UNMOVED = re.compile(r"(\w+_)?unmoved|grace")
"""What a deadline was before suspensions moved it stands beside it, and has its clause."""
_PREVIOUS = "carried_over_from"
"""What a carry-over ended is kept as it was, with its clauses in the state around it."""

Known = Mapping[str, tuple[int, str]]
"""Name of each clause of the plan to its days and their unit."""


def unnamed(value: Any, known: Known, path: str = "") -> Iterator[str]:
    """The deadlines in an event or a state (as JSON) without a clause of the plan, each by its path."""
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from unnamed(part, known, f"{path}[{index}]")
    if not isinstance(value, dict):
        return
    clauses = value.get("clauses", {})
    for name, part in value.items():
        where = f"{path}.{name}"
        if _UNMOVED.fullmatch(name) or name in (_PREVIOUS, "data"):
            continue
        if _DEADLINE.fullmatch(name) and isinstance(part, dict):  # a deadline for each duty
            yield from (f"{where}.{one}" for one in part if not _is_known(clauses.get(one), known))
        elif _DEADLINE.fullmatch(name) and part is not None:
            if not _is_known(clauses.get(name), known):
                yield f"{where}: {clauses.get(name)}"
        elif name != "clauses":
            yield from unnamed(part, known, where)


def _is_known(clause: dict[str, Any] | None, known: Known) -> bool:
    if clause is None:
        return False
    days = (clause.get("amount"), clause.get("unit"))
    if days == (None, None):  # the end of a phase, or a day that a person named: in a decision, a call, a resolution
        return "phase" in clause or clause["name"] in ("extension", "day")
    return known.get(clause["name"].rpartition(": ")[2]) == days
