"""The amended plan, and the changes of the terms of the campaign, its cities and its sites."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from rules.amendments.overlay import changed
from rules.terms.plan import campaign_terms, site_terms
from schemas.actor import ENGINE
from schemas.amendments import AmendSite, Changes
from schemas.base import Instant
from schemas.calendar import Calendar
from schemas.clock import Clock
from schemas.plan import FrozenPlan
from schemas.register import Site

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""The start of a campaign affects only `issues_at`, which no amendment changes."""

_OF_THE_CAMPAIGN = frozenset({"campaign_id", "plan_digest", "issues_at", "clock"})
_OF_THE_SITE = frozenset(
    {"campaign_id", "site_id", "city", "opened_at", "due", "clock", "amendment", "wake_spread_seconds"}
)
"""Fields that no amendment changes, or that the subject keeps itself."""


def amended_calendar(
    calendar: Calendar, off_days: Collection[date], work_days: Collection[date], published_until: date | None
) -> Calendar:
    """The calendar with a newly published notice of holidays."""
    known = [day for day in (calendar.published_until, published_until) if day is not None]
    return calendar.model_copy(
        update={
            "off_days": frozenset(calendar.off_days - set(work_days) | set(off_days)),
            "work_days": frozenset(calendar.work_days - set(off_days) | set(work_days)),
            "published_until": max(known, default=None),
        }
    )


def campaign_changes(versions: Sequence[FrozenPlan]) -> Changes:
    """The changes of the campaign's terms from any of these plans to the last one."""
    terms = [campaign_terms(frozen, _ANY_TIME, Clock()) for frozen in versions]
    return changed(terms, _OF_THE_CAMPAIGN)


def added_cities(versions: Sequence[FrozenPlan]) -> tuple[str, ...]:
    """The cities that the last of these plans adds to the one before it."""
    before = {city.code for city in versions[-2].plan.cities}
    return tuple(city.code for city in versions[-1].plan.cities if city.code not in before)


def site_changes(versions: Sequence[FrozenPlan], site: Site) -> Changes:
    """The changes of a site's terms from any of these plans that has its city to the last one."""
    knowing = [f for f in versions if any(city.code == site.city for city in f.plan.cities)]
    terms = [site_terms(frozen, site, None, Clock()) for frozen in knowing]
    return changed(terms, _OF_THE_SITE)


class SiteChanges:
    """The changes of the terms of many sites to the last of these plans; cached by kind of site."""

    def __init__(self, versions: Sequence[FrozenPlan]) -> None:
        self._versions = versions
        self._alike: dict[Site, Changes] = {}

    def of(self, site: Site) -> Changes:
        """As `site_changes`."""
        kind = site.model_copy(update={"id": "", "name": "", "latitude": None, "longitude": None})
        if kind not in self._alike:
            self._alike[kind] = site_changes(self._versions, site)
        return self._alike[kind]


def in_force_at(versions: Sequence[FrozenPlan], amendment: int) -> FrozenPlan:
    """The plan with the amendments up to this one, the last that a subject received."""
    return [frozen for frozen in versions if frozen.amendment <= amendment][-1]


def amend_site_command(amendment: int, document: str, at: Instant, stream: str, changes: Changes) -> AmendSite:
    """The command for one site; the same amendment has the same command id."""
    return AmendSite(
        command_id=f"{stream}:amendment-{amendment}",
        actor=ENGINE,
        effective_at=at,
        amendment=amendment,
        document=document,
        terms=changes,
    )
