"""Modes and amounts as people type them."""

from decimal import Decimal, InvalidOperation
from typing import Any

from schemas.modes import (
    FUNDING_WORDS,
    RESTORATION_WORDS,
    FundingMode,
    Measure,
    RestorationMode,
    known_modes,
    read_mode,
)


def restoration(text: str) -> RestorationMode:
    """A restoration mode by its English or Chinese word; ValueError names those there are."""
    found = read_mode(RESTORATION_WORDS, text)
    if found is None:
        raise ValueError(f"expected one of {known_modes(RESTORATION_WORDS)}, not {text!r}")
    return found


def funding(text: str) -> FundingMode:
    """A funding mode by its English or Chinese word; ValueError names those there are."""
    found = read_mode(FUNDING_WORDS, text)
    if found is None:
        raise ValueError(f"expected one of {known_modes(FUNDING_WORDS)}, not {text!r}")
    return found


def booking(cny: str | None, ha: str | None, mu: str | None) -> dict[str, Any]:
    """The one amount that is given, with its unit; ValueError for none, for several, and for what is no number."""
    given = [(measure, text) for measure, text in zip(Measure, (cny, ha, mu), strict=True) if text is not None]
    if len(given) != 1:
        raise ValueError("say one of --cny, --ha, --mu")
    measure, text = given[0]
    try:
        return {"unit": measure, "amount": Decimal(text.replace(",", ""))}
    except InvalidOperation:
        raise ValueError(f"--{measure}: expected a number such as 1250000.50, not {text!r}") from None
