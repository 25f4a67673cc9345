"""The tables of a programme's documents: the year's task and its result by county, and the years."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rendering.facts import Facts
from rendering.letter import Table, one_line
from schemas.quantity import written

_PLACES = (0, 3, 3, 2, 2, 2)
_YEARS = (4, 3, 3, 3, 2)


def _year_task(facts: Facts) -> Table:
    """The hectares that are asked of each county, and what was chosen there."""
    return Table("", facts.wording.words.year_tasks, _by_county(facts, "chosen", ("target", "sites", "ha")), _PLACES)


def _year_report(facts: Facts) -> Table:
    """The hectares that were asked of each county, and what is closed there."""
    return Table("", facts.wording.words.year_results, _by_county(facts, "closed", ("target", "sites", "ha")), _PLACES)


def _by_county(facts: Facts, amount: str, columns: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    places = facts.draft.data["places"]
    numbers = [{"target": one["target"], **one[amount]} for one in places]
    rows = [
        (str(place), one_line(one["city"]), one_line(one["county"]), *(str(own[name]) for name in columns))
        for place, (one, own) in enumerate(zip(places, numbers, strict=True), 1)
    ]
    if rows:
        sums = (written(sum((Decimal(str(own[name])) for own in numbers), Decimal())) for name in columns)
        rows.append(("", facts.wording.words.total, "", *sums))
    return tuple(rows)


def _programme_report(facts: Facts) -> Table:
    """The years: the stock, what was treated of it, what was left, and whether the target was reached."""
    words = facts.wording.words

    def said(amount: Mapping[str, Any]) -> str:
        return f"{amount['sites']} / {amount['ha']}"

    rows = tuple(
        (
            one_line(one["campaign"]),
            *(said(one[name]) for name in ("stock", "closed", "carried_over")),
            words.kept if one["met"] else words.missed,
        )
        for one in facts.draft.data["years"]
    )
    return Table("", words.programme_years, rows, _YEARS)


PROGRAMME_TABLES: Mapping[str, Callable[[Facts], Table]] = {
    "year_task": _year_task,
    "year_report": _year_report,
    "programme_report": _programme_report,
}
"""Kind of document to its table."""
