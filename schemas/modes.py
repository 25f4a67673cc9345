"""How a site is restored (修复模式) and who pays for it (资金模式): the plan's option, and what a site keeps of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Literal, Protocol, Self

from pydantic import model_validator

from schemas.base import Kept, Said


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


class AllowedModes(Said):
    """A restoration mode that the plan allows, with the funding modes that go with it; none named: any."""

    restoration: RestorationMode
    funding: tuple[FundingMode, ...] = ()


class Modes(Said):
    """The plan's option `modes`. Without `allowed` every pair is allowed.

    A mode may be set and switched `until` the end of that stage. With `confirmed_by_province` what a city or county
    sets is a proposal until the province confirms it. Where modes are `required`, a site without both of them can not
    ask for verification.
    """

    allowed: tuple[AllowedModes, ...] = ()
    until: Literal["rectifying", "verifying"] = "rectifying"
    confirmed_by_province: bool = False
    required: bool = True

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        twice = sorted(mode for mode, times in Counter(a.restoration for a in self.allowed).items() if times > 1)
        if twice:
            raise ValueError(f"allowed: {', '.join(twice)} stands twice, expected each restoration mode once")
        return self


class ModeTerms(Kept):
    """What a site keeps of the option, with the modes that its register row has.

    `allowed` maps a restoration mode to the funding modes that go with it (none: any); empty, every pair is allowed.
    """

    allowed: dict[str, tuple[str, ...]] = {}
    until: str = "rectifying"
    confirmed_by_province: bool = False
    required: bool = True
    restoration: str | None = None
    funding: str | None = None


class Filtered(Protocol):
    """A catalogue's entry, or a site's requirement: it holds under these modes, an empty list means any."""

    @property
    def restoration_modes(self) -> Sequence[str]: ...

    @property
    def funding_modes(self) -> Sequence[str]: ...


class Entry(Filtered, Protocol):
    @property
    def id(self) -> str: ...


def holds(one: Filtered, restoration: str | None, funding: str | None) -> bool:
    """Whether a requirement holds under these modes; one that asks for a mode does not hold while there is none."""
    return (not one.restoration_modes or restoration in one.restoration_modes) and (
        not one.funding_modes or funding in one.funding_modes
    )


def is_allowed(allowed: dict[str, tuple[str, ...]], restoration: str | None, funding: str | None) -> bool:
    """Whether the plan allows this pair; a mode that is not set yet contradicts nothing."""
    if not allowed:
        return True
    if restoration is None:
        return funding is None or any(not pays or funding in pays for pays in allowed.values())
    return restoration in allowed and (funding is None or not allowed[restoration] or funding in allowed[restoration])


def allowed_by(modes: Modes) -> dict[str, tuple[str, ...]]:
    """The allowed pairs as `ModeTerms` keeps them."""
    return {one.restoration.value: tuple(f.value for f in one.funding) for one in modes.allowed}


def pairs_in_words(allowed: dict[str, tuple[str, ...]]) -> str:
    """`natural (any funding); market with index_trading or enterprise`."""
    if not allowed:
        return "any restoration mode with any funding mode"
    return "; ".join(
        f"{restoration} with {' or '.join(pays)}" if pays else f"{restoration} (any funding)"
        for restoration, pays in allowed.items()
    )


def mode_contradictions(modes: Modes | None, catalogue: Iterable[Entry]) -> list[str]:
    """Faults of a plan: entries that ask for modes which the plan does not have, or does not allow."""
    faults = []
    for entry in catalogue:
        asked = bool(entry.restoration_modes or entry.funding_modes)
        if asked and modes is None:
            faults.append(f"catalogue: {entry.id} asks for a mode, and the plan has no `modes`")
        elif asked and modes is not None and not _can_hold(entry, allowed_by(modes)):
            faults.append(f"catalogue: {entry.id} asks for modes of which `modes.allowed` allows no pair")
    return faults


def _can_hold(entry: Entry, allowed: dict[str, tuple[str, ...]]) -> bool:
    return any(
        is_allowed(allowed, restoration, funding)
        for restoration in entry.restoration_modes or tuple(RestorationMode)
        for funding in entry.funding_modes or tuple(FundingMode)
    )
