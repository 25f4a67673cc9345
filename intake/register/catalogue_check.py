"""Compares the type and the problems of a site with the plan's catalogue: what is asked for there, and what is not."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from intake.files.faults import Fault
from intake.register import wording
from schemas.identity import Spellings
from schemas.plan import Plan
from schemas.quantity import LARGEST, written
from schemas.register import Problem

Label = Callable[[str], str]
"""The headers of a field's columns."""


class CatalogueCheck:
    """Checks sites in the order of the register, and counts the types and problems for which nothing is asked."""

    def __init__(self, plan: Plan) -> None:
        self._entries = [(frozenset(e.site_types), frozenset(e.problems)) for e in plan.catalogue]
        self._asked = [(e.id, frozenset(e.problems), e.quantity) for e in plan.catalogue]
        self._most_asked = max(e.quantity for e in plan.catalogue)
        self._types = sorted({kind for entry in plan.catalogue for kind in entry.site_types})
        of_catalogue = {kind for entry in plan.catalogue for kind in entry.problems}
        self._cases = frozenset(plan.police_track.problems if plan.police_track is not None else ())
        self._problems = sorted(of_catalogue | self._cases)
        self._type_spelling, self._problem_spelling = Spellings(self._types), Spellings(self._problems)
        self._applies: dict[tuple[str, tuple[str, ...]], bool] = {}
        self._without_work: dict[tuple[str, str], bool] = {}
        self._unknown_types: dict[str, list[int]] = {}
        self._unknown_problems: dict[str, list[int]] = {}
        self._idle: dict[tuple[str, str], list[int]] = {}

    def respell(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        """Gives type and problems the spelling of the catalogue: `Adit` is its `adit`."""
        kind = values.get("type")
        if kind is not None and kind not in self._types:
            values["type"] = self._type_spelling.known(kind)
        found: Sequence[Problem] = values.get("problems", ())
        if all(problem.kind in self._problems for problem in found):
            return
        respelt = tuple(
            p if p.kind in self._problems else Problem(kind=self._problem_spelling.known(p.kind), count=p.count)
            for p in found
        )
        if len({problem.kind for problem in respelt}) < len(respelt):
            faulty["problems"] = wording.PROBLEM_ONCE
        values["problems"] = respelt

    def __call__(self, row: int, values: dict[str, Any], faulty: dict[str, str]) -> None:
        """At least one entry must apply to the site, and none may ask for more than reports can add up to."""
        if "type" in faulty or "problems" in faulty or "type" not in values:
            return
        kind, problems = values["type"], tuple(problem.kind for problem in values.get("problems", ()))
        key = (kind, problems)
        if key not in self._applies:
            self._applies[key] = any(
                (not types or kind in types) and (not named or not named.isdisjoint(problems))
                for types, named in self._entries
            )
        if not self._applies[key]:
            faulty["work"] = wording.catalogue_applies(self._types)
            return
        if self._types and kind not in self._types:
            self._unknown_types.setdefault(kind, []).append(row)
        for problem in problems:
            if self._problems and problem not in self._problems:
                self._unknown_problems.setdefault(problem, []).append(row)
            elif self._is_idle(kind, problem):
                self._idle.setdefault((problem, kind), []).append(row)
        self._check_asked(values, faulty)

    def _is_idle(self, kind: str, problem: str) -> bool:
        """Whether a problem that the catalogue names asks for nothing at a site of this type."""
        key = (kind, problem)
        if key not in self._without_work:
            self._without_work[key] = problem not in self._cases and not any(
                (not types or kind in types) and problem in named for types, named in self._entries
            )
        return self._problems != [] and self._without_work[key]

    def explained(self, field: str, expected: str) -> str:
        """The expectation, with the words of the catalogue where a type, problem or hazard is none of them."""
        words = {"type": ("types", self._types), "problems": ("problems", self._problems)}.get(field)
        if field == "work":
            return f"{expected}; {wording.WITH_VALUES}"
        if field == "hazard":
            return f"{expected}; {wording.WITH_VALUES}" if expected == wording.HAZARD else expected
        if words is None or expected not in (wording.PROBLEMS, wording.SITE_FIELDS[field]):
            return expected
        known = f" (the catalogue knows the {words[0]} {wording.listed(words[1])})" if words[1] else ""
        return f"{expected}{known}; {wording.WITH_VALUES}"

    def _check_asked(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        found = values.get("problems", ())
        if sum(problem.count for problem in found) * self._most_asked <= LARGEST:
            return
        for entry, problems, quantity in self._asked:
            if quantity * sum(problem.count for problem in found if problem.kind in problems) > LARGEST:
                faulty["problems"] = wording.asked_at_most(entry, written(quantity), written(LARGEST))

    def warnings(self, file: str, label: Label) -> Iterator[Fault]:
        """One for each type and each problem that the catalogue does not name, and for each problem that asks for
        nothing at sites of a type.
        """
        for kind, rows in sorted(self._unknown_types.items()):
            yield Fault(file, kind, wording.type_known(rows, self._types), row=rows[0], column=label("type"))
        for problem, rows in sorted(self._unknown_problems.items()):
            known = wording.problem_known(rows, self._problems)
            yield Fault(file, problem, known, row=rows[0], column=label("problems"))
        for (problem, kind), rows in sorted(self._idle.items()):
            yield Fault(file, problem, wording.problem_works(kind, rows), row=rows[0], column=label("problems"))
