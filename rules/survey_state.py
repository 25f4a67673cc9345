"""What a city's desk remembers of a survey."""

from schemas.base import Instant, Kept


class SurveyState(Kept):
    """From when the desk heard of it until its sites run. `sites` are those of the city."""

    digest: str
    added_at: Instant
    sites: int
    newly_found: int = 0
    missed: int = 0
    opening: bool = False
    """Whether the opening of its sites has been asked for."""
    opened_at: Instant | None = None
    """From when the deadline of its sites counts."""
