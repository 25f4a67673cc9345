"""Faults of a table that are the same in many rows, as one; every fault stays in the list that they are made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from intake.files.faults import Fault, shown

_ROWS = 3
"""The first rows that a group names."""

_VALUES = 20
"""The maximum of groups with one column and expectation that are listed."""


@dataclass(frozen=True)
class FaultGroup:
    """Faults with one column, value and expectation: the first of them, their number, and their first rows."""

    first: Fault
    count: int
    rows: tuple[int, ...]

    @property
    def where(self) -> str:
        """`7`, or `800 rows, first 2, 3, 4`."""
        listed = ", ".join(map(str, self.rows))
        return listed if self.count <= len(self.rows) else f"{self.count:,} rows, first {listed}"


@dataclass(frozen=True)
class FaultGroups:
    """The groups in the order of their first row; at most so many of one column and expectation are listed.

    `more` says for each such column what is not listed.
    """

    listed: tuple[FaultGroup, ...]
    more: tuple[str, ...] = ()

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> Self:
        """Groups the faults of one table."""
        found: dict[tuple[str | None, str, str], list[Fault]] = {}
        for fault in sorted(faults, key=lambda fault: fault.row or 0):
            found.setdefault((fault.column, fault.value, fault.expected), []).append(fault)
        groups = [
            FaultGroup(same[0], len(same), tuple(f.row for f in same[:_ROWS] if f.row is not None))
            for same in found.values()
        ]
        causes: dict[tuple[str | None, str], list[FaultGroup]] = {}
        for group in groups:
            causes.setdefault((group.first.column, group.first.expected), []).append(group)
        listed = {id(group) for cause in causes.values() for group in cause[:_VALUES]}
        more = tuple(
            f"column {shown(column or '')}: and {len(cause) - _VALUES:,} more values in "
            f"{sum(group.count for group in cause[_VALUES:]):,} rows, expected {expected}"
            for (column, expected), cause in causes.items()
            if len(cause) > _VALUES
        )
        return cls(tuple(group for group in groups if id(group) in listed), more)
