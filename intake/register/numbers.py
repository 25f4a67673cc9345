"""Numbers as offices write them, read as decimals: full-width digits, thousands, a unit in the cell."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from types import MappingProxyType

from intake.files.faults import InvalidCell
from intake.register import wording
from schemas.identity import plain
from schemas.modes import MU_PER_HA

Units = Mapping[str, Fraction]
"""Unit, in lower case after NFKC (`m2` for `㎡`), to what one of it is in the unit of the field."""

_WRITTEN = re.compile(
    r"(?:大?约为?\s*)?"
    r"(?P<number>[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?)"
    r"\s*(?P<unit>[^\W\d_]\w*)?"
)
_COMMA = re.compile(r"[0-9],[0-9]")
_ROUNDED = Decimal("0.000001")


def _units(*groups: tuple[str, Fraction | int]) -> Units:
    return MappingProxyType({name: Fraction(worth) for names, worth in groups for name in names.split()})


NO_UNITS: Units = MappingProxyType({})
HECTARES = _units(("公顷 ha hm2", 1))
MU = _units(("亩 mu", 1))
AREA = _units(
    ("公顷 ha hm2", 1),
    ("亩 mu", 1 / Fraction(MU_PER_HA)),
    ("万亩", 10_000 / Fraction(MU_PER_HA)),
    ("平方米 平米 m2", Fraction(1, 10_000)),
    ("万平方米 万平米 万m2", 1),
    ("平方公里 平方千米 km2", 100),
)
LENGTH = _units(("米 m", 1), ("公里 千米 km", 1000), ("厘米 cm", Fraction(1, 100)))
YUAN = _units(("元 cny", 1), ("万 万元", 10_000), ("亿 亿元", 100_000_000))
COUNT = _units(("个 处 座 口 眼 间 块 条 套 台", 1), ("万", 10_000), ("亿", 100_000_000))


def read_number(text: str, units: Units = NO_UNITS, expected: str = wording.NUMBER, unit: str | None = None) -> Decimal:
    """A number in the unit of the field: times what its unit is worth, which is `unit` unless the cell has one.

    Commas separate groups of three digits; `约` before the number is dropped. What a unit changed is rounded to six
    decimals. Raises InvalidCell with `expected`, or says that a comma may be a decimal or what units are known.
    """
    found = _matched(text)
    if found is None:
        raise InvalidCell(wording.decimal_comma(expected) if _COMMA.search(plain(text)) else expected)
    number, written = Decimal(found["number"].replace(",", "")), found["unit"] or unit
    if written is None:
        return number
    if written not in units:
        raise InvalidCell(wording.unit_of(expected, tuple(units)))
    return number if units[written] == 1 else _times(number, units[written], expected)


def _matched(text: str) -> re.Match[str] | None:
    return _WRITTEN.fullmatch(plain(text).strip().casefold())


def exact_number(text: str, units: Units, unit: str) -> Fraction:
    """The number of a text that `read_number` reads, not rounded."""
    found = _matched(text)
    assert found is not None  # it was read before
    return Fraction(found["number"].replace(",", "")) * units[found["unit"] or unit]


def _times(number: Decimal, worth: Fraction, expected: str) -> Decimal:
    try:
        found = (number * worth.numerator / worth.denominator).quantize(_ROUNDED).normalize()
    except InvalidOperation:
        raise InvalidCell(expected) from None  # more digits than a decimal of 28 holds
    return found


def resolution(text: str, units: Units, unit: str) -> Decimal:
    """Half of the last digit that is written, in the unit of the field: what rounding may have taken or added."""
    found = _matched(text)
    assert found is not None  # it was read before
    exponent = Decimal(found["number"].replace(",", "")).as_tuple().exponent
    worth = units[found["unit"] or unit]
    return Decimal(5).scaleb(int(exponent) - 1) * worth.numerator / worth.denominator
