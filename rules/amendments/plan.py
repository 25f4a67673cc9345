"""The plan as an amendment leaves it, and what changes of the terms of the campaign, its cities and its sites."""

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
"""When a campaign was started matters to `issues_at` alone, which no amendment moves."""

_OF_THE_CAMPAIGN = frozenset({"campaign_id", "plan_digest", "issues_at", "clock"})
_OF_THE_SITE = frozenset(
    {"campaign_id", "site_id", "city", "opened_at", "due", "clock", "amendment", "wake_spread_seconds"}
)
"""What no amendment changes, or what the subject keeps itself."""


def amended_calendar(
    calendar: Calendar, off_days: Collection[date], work_days: Collection[date], published_until: date | None
) -> Calendar:
    """The days with a newly published notice laid over them."""
    known = [day for day in (calendar.published_until, published_until) if day is not None]
    return calendar.model_copy(
        update={
            "off_days": frozenset(calendar.off_days - set(work_days) | set(off_days)),
            "work_days": frozenset(calendar.work_days - set(off_days) | set(work_days)),
            "published_until": max(known, default=None),
        }
    )


def campaign_changes(versions: Sequence[FrozenPlan]) -> Changes:
    """What the last of these plans changes of the campaign's terms under any before it."""
    terms = [campaign_terms(frozen, _ANY_TIME, Clock()) for frozen in versions]
    return changed(terms, _OF_THE_CAMPAIGN)


def added_cities(versions: Sequence[FrozenPlan]) -> tuple[str, ...]:
    """The cities that the last of these plans has and the one before it has not."""
    before = {city.code for city in versions[-2].plan.cities}
    return tuple(city.code for city in versions[-1].plan.cities if city.code not in before)


def site_changes(versions: Sequence[FrozenPlan], site: Site) -> Changes:
    """What the last of these plans changes of a site's terms under any before it that has its city."""
    knowing = [f for f in versions if any(city.code == site.city for city in f.plan.cities)]
    terms = [site_terms(frozen, site, None, Clock()) for frozen in knowing]
    return changed(terms, _OF_THE_SITE)


class SiteChanges:
    """What the last of these plans changes of the terms of sites; sites of a kind share it, thousands there may be."""

    def __init__(self, versions: Sequence[FrozenPlan]) -> None:
        self._versions = versions
        self._alike: dict[Site, Changes] = {}

    def of(self, site: Site) -> Changes:
        """As `site_changes` says."""
        kind = site.model_copy(update={"id": "", "name": "", "latitude": None, "longitude": None})
        if kind not in self._alike:
            self._alike[kind] = site_changes(self._versions, site)
        return self._alike[kind]


def in_force_at(versions: Sequence[FrozenPlan], amendment: int) -> FrozenPlan:
    """The plan as a subject knows it that received this amendment last."""
    return [frozen for frozen in versions if frozen.amendment <= amendment][-1]


def amend_site_command(amendment: int, document: str, at: Instant, stream: str, changes: Changes) -> AmendSite:
    """The command that tells one site; the same amendment is the same command."""
    return AmendSite(
        command_id=f"{stream}:amendment-{amendment}",
        actor=ENGINE,
        effective_at=at,
        amendment=amendment,
        document=document,
        terms=changes,
    )
