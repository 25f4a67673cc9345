"""Where clauses stand in a plan: the path of each, as the faults of `check` give it."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from schemas.calendar import Clause
from schemas.phase_end import PhaseEnd


def clauses_in(value: Any, path: str = "") -> Iterator[tuple[str, Clause]]:
    """Every clause of a plan, or of a part of it, with its path: `ladder[3].reply`, `verification.levels[1].due`."""
    for step, one in deadlines_in(value, path):
        yield (f"{step}.or_at_least", one.or_at_least) if isinstance(one, PhaseEnd) else (step, one)


def deadlines_in(value: Any, path: str = "") -> Iterator[tuple[str, Clause | PhaseEnd]]:
    """The same, with the ends of phases themselves."""
    if isinstance(value, Clause | PhaseEnd):
        yield path, value
        return
    for step, part in parts_of(value, path):
        yield from deadlines_in(part, step)


def parts_of(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The parts of a model, a tuple or a mapping, each with its path; none of any other value."""
    dotted = f"{path}." if path else ""
    match value:
        case BaseModel():
            for field in type(value).model_fields:
                yield f"{dotted}{field}", getattr(value, field)
        case tuple():
            for index, part in enumerate(value):
                yield f"{path}[{index}]", part
        case dict():
            for key, part in value.items():
                yield f"{dotted}{key}", part
