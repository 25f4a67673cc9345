"""References to evidence as people type them."""

from schemas.evidence import Evidence, EvidencePhase

_PHASES = {phase.value for phase in EvidencePhase}


def read_evidence(text: str) -> Evidence:
    """`phase:reference`; a reference without a phase was taken after the work. A URL's scheme is no phase.

    ValueError for another word before the colon (a misspelt phase would stand in the ledger) and for no reference.
    """
    phase, colon, reference = text.partition(":")
    if not colon or reference.startswith("//"):
        phase, reference = EvidencePhase.AFTER, text
    if phase not in _PHASES:
        raise ValueError(f"expected before:, during: or after: and a reference, not {text!r}")
    if not reference.strip():
        raise ValueError(f"{text!r} names no photo or file; expected a reference such as after:IMG_0231.jpg")
    return Evidence(phase=EvidencePhase(phase), ref=reference)
