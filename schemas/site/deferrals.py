"""What moved a site's deadlines: why its time stood still, and how it stands with extensions."""

from datetime import date
from enum import StrEnum

from schemas.base import Instant, StoredModel


class SuspensionBasis(StrEnum):
    """On what a suspension (中止) rests."""

    STOP_WORK_ORDER = "stop_work_order"
    """停工令"""
    FLOOD = "flood"
    """汛情"""
    PLANTING_SEASON = "planting_season"
    """等待栽植季节"""
    OTHER = "other"


class Deferrals(StoredModel):
    """Counts of what was deferred at a site; a field that says nothing is left out.

    `days_suspended` are days of 24 hours of the suspensions that are over, to one decimal; one that runs on is
    `suspended_since`, with the last day that it was given (`suspended_until`), if it was.
    """

    suspensions: int = 0
    days_suspended: float = 0.0
    suspended_since: Instant | None = None
    suspended_until: date | None = None
    basis: str | None = None
    """That of the suspension that runs."""
    extensions: int = 0
    """Granted, whether they were asked for or not."""
    extensions_refused: int = 0
    extensions_lapsed: int = 0
    """Requests that fell away before they were decided: the work was done, or the province extended by itself."""
    extension_pending: bool = False
    extensions_left: int | None = None
    """How many may still be granted, where the plan says how many."""
