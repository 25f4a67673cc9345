"""The check of a plan's acceptance options against its levels, rungs, problems and pool of experts."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from schemas.options.acceptance import AcceptanceOptions, EvidenceGate


class _Level(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def self_check(self) -> bool: ...
    @property
    def experts(self) -> int | None: ...


class _Entry(Protocol):
    @property
    def problems(self) -> Collection[str]: ...
    @property
    def evidence(self) -> Collection[str]: ...
    @property
    def evidence_gate(self) -> EvidenceGate: ...


def acceptance_contradictions(
    options: AcceptanceOptions,
    levels: Sequence[_Level],
    catalogue: Sequence[_Entry],
    cities: Collection[str],
    rungs: Collection[int],
) -> Iterator[str]:
    """Every fault as `path: what`, the path as the plan's file has it."""
    for index, entry in enumerate(catalogue):
        if entry.evidence_gate is EvidenceGate.IN_ORDER and not {"before", "during"} & set(entry.evidence):
            yield f"catalogue[{index}].evidence_gate: nothing is in order without `before` or `during` in evidence"
    for index, level in enumerate(levels):
        if level.self_check and index:
            yield f"verification.levels[{index}].self_check: a self-check comes first, {level.id} is level {index + 1}"
    if options.exhausted_rung is not None and options.exhausted_rung not in rungs:
        known = ", ".join(map(str, sorted(rungs))) or "none"
        yield f"verification.exhausted_rung: {options.exhausted_rung} is no rung of the ladder, which has: {known}"
    yield from _of_closure(options, levels, catalogue)
    yield from _of_the_pool(options, levels, cities)


def _of_closure(options: AcceptanceOptions, levels: Sequence[_Level], catalogue: Sequence[_Entry]) -> Iterator[str]:
    if options.closure is None:
        return
    able = [level.id for level in levels if not level.self_check]
    if options.closure.level is not None and options.closure.level not in able:
        yield (
            f"verification.closure.level: {options.closure.level} accepts no problems, expected a level that is no "
            f"self-check, one of {', '.join(able) or 'none'}"
        )
    if not able:
        yield "verification.closure: a self-check accepts no problems, and there is no other level"
    if not any(entry.problems for entry in catalogue):
        yield "verification.closure: no entry of the catalogue names a problem, so that none can be done by itself"


def _of_the_pool(options: AcceptanceOptions, levels: Sequence[_Level], cities: Collection[str]) -> Iterator[str]:
    twice = [one for one, times in Counter(expert.id for expert in options.pool).items() if times > 1]
    yield from (f"verification.pool: {one} stands twice, expected once" for one in sorted(twice))
    for index, expert in enumerate(options.pool):
        if expert.city is not None and expert.city not in cities:
            yield f"verification.pool[{index}].city: the plan has no city {expert.city}"
    needed = max((level.experts or 0 for level in levels), default=0)
    if options.pool and not needed:
        yield "verification.pool: nobody is drawn from it, expected a level with `experts`"
    for city in sorted(cities) if needed else ():
        number = sum(expert.city in (None, city) for expert in options.pool)
        if number < needed:
            yield f"verification.pool: {needed} experts are drawn, and {number} may judge in the city {city}"
