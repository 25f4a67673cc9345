"""What moved a site's deadlines: its suspensions and extensions."""

from datetime import date
from enum import StrEnum

from schemas.base import Instant, StoredModel


class SuspensionBasis(StrEnum):
    """The legal basis of a suspension (中止)."""

    STOP_WORK_ORDER = "stop_work_order"
    """停工令"""
    FLOOD = "flood"
    """汛情"""
    PLANTING_SEASON = "planting_season"
    """等待栽植季节"""
    OTHER = "other"


class Deferrals(StoredModel):
    """Counts of a site's suspensions and extensions; empty fields are left out.

    `days_suspended` are days of 24 hours of ended suspensions, to one decimal. The running one has `suspended_since`,
    and `suspended_until` if its last day is known.
    """

    suspensions: int = 0
    days_suspended: float = 0.0
    suspended_since: Instant | None = None
    suspended_until: date | None = None
    basis: str | None = None
    """The basis of the running suspension."""
    extensions: int = 0
    """Granted extensions, requested or not."""
    extensions_refused: int = 0
    extensions_lapsed: int = 0
    """Requests that lapsed undecided: the work was done, or the province extended without them."""
    extension_pending: bool = False
    extensions_left: int | None = None
    """How many may still be granted, if the plan has a limit."""
