"""A patrol on one line."""

from schemas.patrol import PatrolFacts


def in_short(patrol: PatrolFacts) -> str:
    """A patrol on one line, for the page of its city."""
    kept, missed = sum(d.performed for d in patrol.duties), sum(d.missed for d in patrol.duties)
    return (
        f"{patrol.state}; duties {kept} kept, {missed} missed; {patrol.findings} findings, "
        f"{sum(patrol.relapses.values())} relapses; look-backs {patrol.look_backs_open} open, "
        f"{patrol.look_backs_overdue} overdue"
    )
