"""Restoration modes (修复模式) and funding modes (资金模式): their names, and exact amounts of money and land.

Amounts are decimal texts on the wire; sums are never rounded.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field


class RestorationMode(StrEnum):
    """自然恢复, 工程修复, 市场化修复, 产业导入."""

    NATURAL = "natural"
    ENGINEERING = "engineering"
    MARKET = "market"
    INDUSTRY = "industry"


class FundingMode(StrEnum):
    """指标交易, 耕地占补平衡, 剩余矿产资源利用, 财政资金, 企业自筹."""

    INDEX_TRADING = "index_trading"
    LAND_BALANCE = "land_balance"
    SURPLUS_MINERALS = "surplus_minerals"
    FISCAL = "fiscal"
    ENTERPRISE = "enterprise"


RESTORATION_WORDS: dict[RestorationMode, tuple[str, ...]] = {
    RestorationMode.NATURAL: ("自然恢复", "自然修复"),
    RestorationMode.ENGINEERING: ("工程修复", "工程治理"),
    RestorationMode.MARKET: ("市场化修复", "市场化"),
    RestorationMode.INDUSTRY: ("产业导入", "产业修复"),
}


FUNDING_WORDS: dict[FundingMode, tuple[str, ...]] = {
    FundingMode.INDEX_TRADING: ("指标交易", "土地指标交易"),
    FundingMode.LAND_BALANCE: ("耕地占补平衡", "占补平衡"),
    FundingMode.SURPLUS_MINERALS: ("剩余矿产资源", "剩余矿产资源利用", "剩余资源利用"),
    FundingMode.FISCAL: ("财政资金", "财政"),
    FundingMode.ENTERPRISE: ("企业自筹", "企业", "企业出资"),
}
"""Mode to its Chinese words, the preferred first."""


Mode = TypeVar("Mode", bound=StrEnum)


def read_mode(words: dict[Mode, tuple[str, ...]], text: str) -> Mode | None:
    """The mode that a text names by its value (`index_trading`, `Index trading`) or Chinese word; None for another."""
    plain = text.strip().casefold().replace(" ", "_").replace("-", "_")
    return next((mode for mode, chinese in words.items() if plain == mode.value or text.strip() in chinese), None)


def known_modes(words: dict[Mode, tuple[str, ...]]) -> str:
    """`natural (自然恢复), engineering (工程修复), ...`."""
    return ", ".join(f"{mode.value} ({chinese[0]})" for mode, chinese in words.items())


MU_PER_HA = 15


_SQUARE_METRE_OF_HA = Decimal("0.0001")


class Measure(StrEnum):
    """The measure of an amount: money, land in one of two units, or minerals in tonnes."""

    CNY = "cny"
    HA = "ha"
    MU = "mu"
    TONNES = "t"


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros: 1.50 and 1.5 have the same text."""
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
