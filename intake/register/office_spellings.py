"""Two spellings of one office in a register are one unit: the plan's holds, or the register's first."""

from collections.abc import Iterator
from typing import Any

from rules.terms.units import units_of_city
from schemas.identity import Spellings
from schemas.plan import Plan

_OFFICES = ("lead_government", "departments", "enterprise", "responsible")
"""Fields of units: people act for them by name. So does the county, where it is no code."""


class OfficeSpellings:
    """Gives each office of a register one spelling, and remembers the others."""

    def __init__(self, plan: Plan) -> None:
        units = [units_of_city(plan, city) for city in plan.cities]
        self._first = Spellings(name for one in units for name in (*one.city, *one.supervision))
        self._fields = _OFFICES if plan.division_codes == "gbt2260" else ("county", *_OFFICES)
        self._others: dict[tuple[str, str], tuple[int, str]] = {}

    def respell(self, row: int, values: dict[str, Any]) -> None:
        """Replace the names in the values of a row by their first spelling, in place."""
        for field in self._fields:
            if isinstance(written := values.get(field), str):
                values[field] = self._spelt(row, field, written)
            elif written:
                values[field] = tuple(self._spelt(row, field, one) for one in written)

    def others(self) -> Iterator[tuple[str, str, int, str]]:
        """Field, spelling, row and first spelling of each name that was replaced."""
        for (field, text), (row, first) in self._others.items():
            yield field, text, row, first

    def _spelt(self, row: int, field: str, text: str) -> str:
        first = self._first.note(text)
        if first != text:
            self._others.setdefault((field, text), (row, first))
        return first
