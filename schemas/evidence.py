"""Evidence of work: its phases, and references to the files that the sender's own system keeps."""

from enum import StrEnum

from pydantic import Field

from schemas.base import InputModel


class EvidencePhase(StrEnum):
    """When a photo or file of evidence (佐证材料) was taken."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Evidence(InputModel):
    """A reference to a photo or file; the file itself is kept by the sender's own system."""

    phase: EvidencePhase = EvidencePhase.AFTER
    ref: str = Field(min_length=1, max_length=500)
