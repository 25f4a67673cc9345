"""References to evidence as people type them."""

from schemas.commands import Evidence
from schemas.plan import EvidencePhase

_PHASES = {phase.value for phase in EvidencePhase}


def read_evidence(text: str) -> Evidence:
    """`phase:reference`; a reference without a phase was taken after the work. A URL's scheme is no phase."""
    phase, colon, reference = text.partition(":")
    if colon and phase in _PHASES:
        return Evidence(phase=EvidencePhase(phase), ref=reference)
    return Evidence(ref=text)
