"""What moved a site's deadlines: its suspensions and extensions."""

from datetime import date
from enum import StrEnum

from schemas.base import InputModel, Instant, StoredModel
from schemas.event import new_field


class SuspensionBasis(StrEnum):
    """The legal basis of a suspension (中止)."""

    STOP_WORK_ORDER = "stop_work_order"
    """停工令"""
    FLOOD = "flood"
    """汛情"""
    PLANTING_SEASON = "planting_season"
    """等待栽植季节"""
    OTHER = "other"


class SuspensionRule(InputModel):
    """What a plan says of suspensions; without it work that is done while a site stands still does not count."""

    work_counts: bool = False


class UnmovedDeadline(StoredModel):
    """A deadline as it was set, before suspensions moved it; what stands still counts for it from `since` on."""

    due: Instant
    since: Instant


class Deferrals(StoredModel):
    """Counts of a site's suspensions and extensions; empty fields are left out.

    `days_suspended` are the days of ended suspensions, to one decimal. The running one has `suspended_since`,
    and `suspended_until` if its last day is known.
    """

    suspensions: int = 0
    days_suspended: float = 0.0
    suspensions_by_city: int = new_field(0)
    """How many of them the site's own city ordered, and their days; the others are the province's."""
    days_suspended_by_city: float = new_field(0.0)
    suspended_since: Instant | None = None
    suspended_until: date | None = None
    basis: str | None = None
    """The basis of the running suspension."""
    suspended_by: str | None = new_field(None)
    """The unit that ordered the running suspension, and whether it is the site's own city."""
    suspended_by_city: bool = new_field(False)
    extensions: int = 0
    """Granted extensions, requested or not."""
    extensions_refused: int = 0
    extensions_lapsed: int = 0
    """Requests that lapsed undecided: the work was done, or the province extended without them."""
    extension_pending: bool = False
    extensions_left: int | None = None
    """How many may still be granted, if the plan has a limit."""
