"""Checks that the catalogue has work for a row, and no more of it than reports can add up to."""

from collections.abc import Iterator
from typing import Any

from intake.register import wording
from schemas.plan import Plan
from schemas.quantity import LARGEST, written


class CatalogueCheck:
    """Checks the type and the problems of rows; it remembers the problems that no entry names."""

    def __init__(self, plan: Plan) -> None:
        self._entries = [(frozenset(e.site_types), frozenset(e.problems)) for e in plan.catalogue]
        self._asked = [(e.id, frozenset(e.problems), e.quantity) for e in plan.catalogue]
        self._most_asked = max(e.quantity for e in plan.catalogue)
        self._types = sorted({kind for entry in plan.catalogue for kind in entry.site_types})
        cases = plan.police_track.problems if plan.police_track is not None else ()
        self._named = frozenset(cases).union(*(entry.problems for entry in plan.catalogue))
        self._applies: dict[tuple[str, tuple[str, ...]], bool] = {}
        self._unnamed: dict[str, list[int]] = {}

    def __call__(self, row: int, values: dict[str, Any], faulty: dict[str, str]) -> None:
        """Adds the faults of the row's type and problems to `faulty`; that of both together has the key `work`."""
        if "type" in faulty or "problems" in faulty or "type" not in values:
            return
        kinds = tuple(problem.kind for problem in values.get("problems", ()))
        if not self._has_work(values["type"], kinds):
            faulty["work"] = wording.catalogue_applies(self._types)
            return
        for kind in kinds:
            if self._named and kind not in self._named:
                self._unnamed.setdefault(kind, []).append(row)
        self._check_asked(values, faulty)

    def unnamed(self) -> Iterator[tuple[str, list[int]]]:
        """Each kind of problem that no entry names, although others apply to its sites, with its rows."""
        yield from sorted(self._unnamed.items())

    def _has_work(self, site_type: str, kinds: tuple[str, ...]) -> bool:
        key = (site_type, kinds)
        if key not in self._applies:
            self._applies[key] = any(
                (not types or site_type in types) and (not problems or not problems.isdisjoint(kinds))
                for types, problems in self._entries
            )
        return self._applies[key]

    def _check_asked(self, values: dict[str, Any], faulty: dict[str, str]) -> None:
        found = values.get("problems", ())
        if sum(problem.count for problem in found) * self._most_asked <= LARGEST:
            return
        for entry, problems, quantity in self._asked:
            if quantity * sum(problem.count for problem in found if problem.kind in problems) > LARGEST:
                faulty["problems"] = wording.asked_at_most(entry, written(quantity), written(LARGEST))
