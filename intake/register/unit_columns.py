"""Columns of one field in several units (`面积(公顷)` and `面积(亩)`): one is read, the others must agree with it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from intake.register import wording
from intake.register.headers import UNITS
from intake.register.mapping import Source
from intake.register.numbers import AREA, YUAN, exact_number, resolution

_WORTH = {"area_ha": (AREA, "公顷"), "planned_cny": (YUAN, "元")}
_CONVERTED = Decimal("0.000001")
"""To what a unit's conversion rounds (numbers.read_number)."""


def merge_unit_columns(
    sources: Mapping[str, Source], texts: Sequence[str], values: dict[str, Any], faulty: dict[str, str]
) -> None:
    """Moves the value of a column in another unit to its field in `values`; a contradiction is added to `faulty`.

    Values agree if they differ by no more than the digits that are written may have been rounded.
    """
    read = {field: field for field in _WORTH}
    for column, (field, _) in UNITS.items():
        if column not in values:
            continue
        value = values.pop(column)
        if values.get(field) is None:
            values[field], read[field] = value, column
        elif _differ(sources, texts, (read[field], values[field]), (column, value)):
            faulty[f"{read[field]}+{column}"] = wording.same_amount(values[field], value)


def exact_area(sources: Mapping[str, Source], texts: Sequence[str]) -> Fraction | None:
    """The hectares of a sound row as they follow from what is written, not rounded; None without an area."""
    for column in ("area_ha", *UNITS):
        field, unit = UNITS.get(column, (column, "公顷"))
        if field == "area_ha" and column in sources and (text := sources[column].value(texts)):
            return exact_number(text, AREA, unit)
    return None


def _differ(
    sources: Mapping[str, Source], texts: Sequence[str], first: tuple[str, Decimal], other: tuple[str, Decimal]
) -> bool:
    allowed = sum((_resolution(sources[column], column, texts) for column, _ in (first, other)), _CONVERTED)
    return abs(first[1] - other[1]) > allowed


def _resolution(source: Source, column: str, texts: Sequence[str]) -> Decimal:
    field, unit = UNITS.get(column, (column, None))
    units, own = _WORTH[field]
    times = source.rule.times if source.rule is not None else None
    return resolution(source.name(texts), units, unit or own) * (times or 1)
