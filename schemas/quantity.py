"""Quantities of work, counts and areas: exact decimals, so that ten parts of a quantity add up to it.

At most 9 digits before the point and 6 after it. Every reader of JSON keeps fifteen digits, also one that reads
numbers as doubles: so a quantity is a plain number there, and its text is that of the decimal (0.3, never
0.30000000000000004).
"""

from decimal import ROUND_CEILING, Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer

LARGEST = Decimal("999999999.999999")
"""The largest quantity, and the largest sum of the reports of one requirement."""

_STEP = Decimal("0.000001")

_AS_NUMBER = PlainSerializer(float, return_type=float, when_used="json")


Sum = Annotated[Decimal, _AS_NUMBER]
"""A sum of quantities or areas, or a share of them; a JSON number.

With at most 6 decimals and below 2**33 it is the same decimal after JSON: such doubles lie less than 0.000001 apart.
"""

Quantity = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=6), _AS_NUMBER]
"""One quantity as somebody gives it, 0 or more; a JSON number. NaN and infinity are refused."""

Area = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=15, decimal_places=6), _AS_NUMBER]
"""The hectares of one site, to a hundredth of a square metre; a JSON number.

Finer areas are refused: their sums would have more digits than a number of JSON keeps, and differ after it.
"""


def product(quantity: Decimal, count: Decimal) -> Decimal:
    """A quantity so many times; digits beyond the sixth decimal are rounded up, so that nothing is asked as 0."""
    exact = quantity * count
    rounded = exact.quantize(_STEP, rounding=ROUND_CEILING)
    return exact if exact == rounded else rounded


def to_six_decimals(area: Decimal) -> Decimal:
    """An area to the sixth decimal, half to even; unchanged if it is not finer, or beyond every quantity."""
    return area if abs(area) > LARGEST or area == (fine := area.quantize(_STEP)) else fine


def exact(number: Decimal | float) -> Decimal:
    """The decimal that a number of JSON stands for: 0.3 of 0.3, not the double nearest to it."""
    return number if isinstance(number, Decimal) else Decimal(repr(number))


def written(quantity: Decimal) -> str:
    """Without trailing zeros and exponent: `8400000.3`."""
    return _shortened(f"{quantity:f}")


def grouped(quantity: Decimal) -> str:
    """The same with thousands separators, for tables: `8,400,000.3`."""
    return _shortened(f"{quantity:,f}")


def _shortened(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
