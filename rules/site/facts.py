"""What a site's state row says beyond where it stands (schemas.facts), and what options add to that and to its view."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from rules.option_rules import together
from rules.site.options.registry import SITE_OPTIONS
from rules.site.standing_time import stood_still
from rules.site.state import Interval, SiteState
from schemas.calendar import ClauseNames, named
from schemas.deferrals import Deferrals
from schemas.facts import SiteFacts
from schemas.options.extensions import ExtensionRequests
from schemas.site.terms import SiteTerms
from schemas.stages import Stage

_DAY = timedelta(days=1)


def facts_of(terms: SiteTerms, state: SiteState) -> SiteFacts | None:
    """None for a site of which there is nothing to say beyond its row."""
    facts = SiteFacts(
        corrections=state.corrections,
        clauses=current_clauses(state),
        deferrals=deferrals_of(terms, state),
        reopened=dict(Counter(state.reopened.values())),
        **together(option.facts(terms, state) for option in SITE_OPTIONS.having("facts")),
    )
    return facts if facts != SiteFacts() else None


def current_clauses(state: SiteState) -> ClauseNames:
    """The clause of the deadline that is awaited now, under `due`: the work's, or the verdict's."""
    if state.stage is Stage.RECTIFYING:
        return named(due=state.clauses.get("due"))
    awaited = state.stage is Stage.VERIFYING and state.level_due is not None
    return named(due=state.clauses.get("level_due")) if awaited else {}


def view_of_options(terms: SiteTerms, state: SiteState) -> dict[str, Any]:
    """The fields of `schemas.answers.SiteView` that options fill."""
    return together(option.view(terms, state) for option in SITE_OPTIONS.having("view"))


def deferrals_of(terms: SiteTerms, state: SiteState) -> Deferrals | None:
    """None for a site of which nothing was deferred, or asked to be."""
    asking = state.extension_requests or ExtensionRequests()
    if not (state.suspensions or state.extensions or asking.asked):
        return None
    own = [one for one in state.suspensions if one.by_city]
    runs = state.suspensions[-1] if state.suspended and state.settled_at is None else None
    return Deferrals(
        suspensions=len(state.suspensions),
        days_suspended=_days(terms, state, state.suspensions),
        suspensions_by_city=len(own),
        days_suspended_by_city=_days(terms, state, own),
        suspended_since=runs.since if runs else None,
        suspended_until=runs.planned_until if runs else None,
        basis=runs.basis if runs else None,
        suspended_by=runs.by.unit if runs and runs.by else None,
        order=runs.order if runs else None,
        orders=tuple(one.order for one in state.suspensions if one.order is not None),
        suspended_by_city=runs is not None and runs.by_city,
        extensions=state.extensions,
        extensions_refused=asking.refused,
        extensions_lapsed=asking.lapsed,
        extension_pending=asking.pending is not None,
        extensions_left=None if terms.extension is None else max(0, terms.extension.at_most - state.extensions),
    )


def _days(terms: SiteTerms, state: SiteState, suspensions: Iterable[Interval]) -> float:
    """The days of those that are over; one that still ran when the site was settled is over since then."""
    over = ((one.since, one.until or state.settled_at) for one in suspensions)
    return round(sum((stood_still(terms.calendar, a, b) for a, b in over if b is not None), timedelta()) / _DAY, 1)
