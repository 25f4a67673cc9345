"""The modes as people write them, in Chinese and English."""

from enum import StrEnum
from typing import TypeVar

from schemas.modes import FundingMode, RestorationMode

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
