"""Parsers of typed evidence, modes and amounts."""

from decimal import Decimal, InvalidOperation
from typing import Any

from schemas.evidence import Evidence, EvidencePhase
from schemas.modes import (
    FUNDING_WORDS,
    RESTORATION_WORDS,
    FundingMode,
    Measure,
    RestorationMode,
    known_modes,
    read_mode,
)

_PHASES = {phase.value for phase in EvidencePhase}


def read_evidence(text: str) -> Evidence:
    """`phase:reference`; a reference without a phase was taken after the work. A URL's scheme is no phase.

    ValueError for another word before the colon (it may be a misspelt phase) and for an empty reference.
    """
    phase, colon, reference = text.partition(":")
    if not colon or reference.startswith("//"):
        phase, reference = EvidencePhase.AFTER, text
    if phase not in _PHASES:
        raise ValueError(f"expected before:, during: or after: and a reference, not {text!r}")
    if not reference.strip():
        raise ValueError(f"{text!r} names no photo or file; expected a reference such as after:IMG_0231.jpg")
    return Evidence(phase=EvidencePhase(phase), ref=reference)


def restoration(text: str) -> RestorationMode:
    """A restoration mode by its English or Chinese word; ValueError names the known ones."""
    found = read_mode(RESTORATION_WORDS, text)
    if found is None:
        raise ValueError(f"expected one of {known_modes(RESTORATION_WORDS)}, not {text!r}")
    return found


def funding(text: str) -> FundingMode:
    """A funding mode by its English or Chinese word; ValueError names the known ones."""
    found = read_mode(FUNDING_WORDS, text)
    if found is None:
        raise ValueError(f"expected one of {known_modes(FUNDING_WORDS)}, not {text!r}")
    return found


def booking(cny: str | None, ha: str | None, mu: str | None, t: str | None) -> dict[str, Any]:
    """The given amount with its unit; ValueError for none, for several, and for invalid numbers."""
    given = [(measure, text) for measure, text in zip(Measure, (cny, ha, mu, t), strict=True) if text is not None]
    if len(given) != 1:
        raise ValueError("say one of --cny, --ha, --mu, --tonnes")
    measure, text = given[0]
    return {"unit": measure, "amount": number("tonnes" if measure is Measure.TONNES else measure, text)}


def number(name: str, text: str) -> Decimal:
    """A typed number, commas between thousands or none; ValueError names the argument."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError(f"--{name}: expected a number such as 1250000.50, not {text!r}") from None
