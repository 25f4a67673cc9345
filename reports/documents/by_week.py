"""Documents by kind, rung and week."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

MAX_COLUMNS = 18


@dataclass(frozen=True, slots=True)
class DocumentsOnDay:
    """The number of documents of one kind and rung that were issued on a day (in the campaign's time zone).

    `rung` is that of the ladder, 0 for a kind that is not on the ladder.
    """

    kind: str
    rung: int
    day: date
    count: int


@dataclass(frozen=True, slots=True)
class KindByWeek:
    kind: str
    rung: int
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """`starts` are the first days of the columns. Each covers `days` days: a week, or several if weeks do not fit."""

    starts: tuple[date, ...]
    days: int
    rows: tuple[KindByWeek, ...]

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(row.counts[column] for row in self.rows) for column in range(len(self.starts)))


def by_week(issued: Iterable[DocumentsOnDay], first: date, last: date) -> DocumentTable:
    """Counts documents by column from `first` on; documents issued outside `first` to `last` extend the table.

    Rows are ordered by rung, then kind.
    """
    issued = list(issued)
    first = min([first, *(entry.day for entry in issued)])
    last = max([last, *(entry.day for entry in issued)])
    weeks = -(-((last - first).days + 1) // 7)
    days = 7 * max(1, -(-weeks // MAX_COLUMNS))
    columns = (last - first).days // days + 1
    counted: dict[tuple[int, str], Counter[int]] = {}
    for entry in issued:
        counted.setdefault((entry.rung, entry.kind), Counter())[(entry.day - first).days // days] += entry.count
    return DocumentTable(
        starts=tuple(first + timedelta(days=days * column) for column in range(columns)),
        days=days,
        rows=tuple(
            KindByWeek(kind, rung, tuple(counts[column] for column in range(columns)))
            for (rung, kind), counts in sorted(counted.items(), key=lambda item: item[0])
        ),
    )
