"""What moved a site's deadlines: its suspensions and extensions."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

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
    order: int | None = new_field(None)
    """The order of the city that the running suspension follows from; `orders` are all that the site knows."""
    orders: tuple[int, ...] = new_field(())
    extensions: int = 0
    """Granted extensions, requested or not."""
    extensions_refused: int = 0
    extensions_lapsed: int = 0
    """Requests that lapsed undecided: the work was done, or the province extended without them."""
    extension_pending: bool = False
    extensions_left: int | None = None
    """How many may still be granted, if the plan has a limit."""

    def days_at(self, at: datetime) -> tuple[float, float]:
        """Days suspended up to `at` by the city's own order and by the province's, the running suspension included."""
        runs = max(timedelta(), at - self.suspended_since) / timedelta(days=1) if self.suspended_since else 0.0
        by_city = self.days_suspended_by_city + (runs if self.suspended_by_city else 0.0)
        return by_city, self.days_suspended + runs - by_city


def read_deferrals(listed: str | None) -> list[Deferrals]:
    """The deferrals in a JSON list; none for None."""
    return [Deferrals.model_validate(one) for one in json.loads(listed or "[]")]


class SuspensionSums(StoredModel):
    """What stood still in a city or campaign: sites that were ever suspended, and their days, to one decimal.

    A site that both the city and the province suspended counts under both.
    """

    sites_by_city: int = 0
    days_by_city: float = 0.0
    sites_by_province: int = 0
    days_by_province: float = 0.0

    @classmethod
    def of(cls, sites: Iterable[Deferrals], at: datetime) -> Self | None:
        """The sums of these sites as of `at`; None if none was ever suspended."""
        stood = [one for one in sites if one.suspensions]
        if not stood:
            return None
        days = [one.days_at(at) for one in stood]
        return cls(
            sites_by_city=sum(one.suspensions_by_city > 0 for one in stood),
            days_by_city=round(sum(own for own, _ in days), 1),
            sites_by_province=sum(one.suspensions > one.suspensions_by_city for one in stood),
            days_by_province=round(sum(ordered for _, ordered in days), 1),
        )
