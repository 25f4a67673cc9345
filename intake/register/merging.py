"""Rows with one id as one site, for registers with a row for each problem (`rows: {merge: problems}` of a mapping)."""

from collections.abc import Sequence
from decimal import Decimal

from pydantic import ValidationError

from intake.register import wording
from intake.register.row_check import ReadRow, RowCheck
from schemas.identity import folded
from schemas.register import Problem, Site

_OWN = "problems"
"""The field that differs between the rows of a site."""


def grouped(reads: Sequence[ReadRow]) -> list[list[ReadRow]]:
    """The rows of each id, in the order of the file; a row without a readable id stands alone."""
    groups: dict[object, list[ReadRow]] = {}
    for read in reads:
        groups.setdefault(folded(read.values["id"]) if "id" in read.values else read.row, []).append(read)
    return list(groups.values())


def merged_site(check: RowCheck, rows: Sequence[ReadRow]) -> Site | None:
    """The site of rows with one id; None if any of them is faulty, then each row has a fault.

    The rows must agree in all but their problems, whose counts add up by kind.
    """
    first, *others = rows
    for read in rows:
        check.validate(read)
    for other in others:
        _compare(check, first, other)
    site = None
    if not any(read.faulty or read.cell_faults for read in rows):
        try:
            first.values[_OWN] = _added_up([problem for read in rows for problem in read.values.get(_OWN, ())])
        except ValidationError:
            first.faulty[_OWN] = wording.SITE_FIELDS[_OWN]
        site = check.site(first)
    bad = [read for read in rows if check.faults(read)]
    for read in rows:
        if bad and read not in bad:
            read.faulty["id"] = wording.rows_of_site(bad[0].row)
    return None if bad else site


def _compare(check: RowCheck, first: ReadRow, other: ReadRow) -> None:
    faulty = {name for read in (first, other) for field in read.faulty for name in field.split("+")}
    for field in sorted((first.values.keys() | other.values.keys()) - faulty - {_OWN, "id"}):
        unknown = first.cell_faults or other.cell_faults
        if unknown and None in (first.values.get(field), other.values.get(field)):
            continue  # a cell without a value is a fault of its own
        if first.values.get(field) != other.values.get(field):
            other.faulty[field] = wording.same_in_rows(first.row, check.written(field, first.texts))


def _added_up(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems by kind, their counts added as decimals: 0.1 and 0.2 are 0.3."""
    counts: dict[str, Decimal] = {}
    for problem in problems:
        counts[problem.kind] = counts.get(problem.kind, Decimal(0)) + problem.count
    return tuple(Problem(kind=kind, count=count) for kind, count in counts.items())
