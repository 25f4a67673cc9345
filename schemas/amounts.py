"""Money and land as exact decimals: on the wire they are texts, and no sum is ever rounded.

Money is counted in yuan to the fen. Land is kept in mu, because 1 ha is exactly 15 mu, and 1 mu no finite decimal of
a hectare: a register may say either, and hectares are worked out where people read them.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

MU_PER_HA = 15
_SQUARE_METRE_OF_HA = Decimal("0.0001")


class Measure(StrEnum):
    """What is counted: money, or land in one of its two units."""

    CNY = "cny"
    HA = "ha"
    MU = "mu"


def plain(value: Decimal) -> Decimal:
    """The same number without zeros behind the point: 1.50 and 1.5 are written alike."""
    return Decimal(f"{value.normalize():f}")


Yuan = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2), AfterValidator(plain)]
"""An amount of money, 0 or more."""

Land = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4), AfterValidator(plain)]
"""An area in hectares or mu, 0 or more, to the ten-thousandth (of a hectare: a square metre)."""


def in_mu(amount: Decimal, measure: Measure) -> Decimal:
    """An area in mu, exactly."""
    return plain(amount * MU_PER_HA) if measure is Measure.HA else amount


def in_ha(mu: Decimal) -> Decimal:
    """An area in hectares, rounded to the square metre: for people, never for a sum."""
    return plain((mu / MU_PER_HA).quantize(_SQUARE_METRE_OF_HA))
