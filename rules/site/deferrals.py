"""What was deferred at a site, counted: suspensions with their days, extensions granted, refused and pending."""

from datetime import timedelta

from rules.site.state import SiteState
from schemas.options.extensions import ExtensionRequests
from schemas.site.deferrals import Deferrals
from schemas.site.terms import SiteTerms

_DAY = timedelta(days=1)


def deferrals_of(terms: SiteTerms, state: SiteState) -> Deferrals | None:
    """None for a site of which nothing was deferred, or asked to be."""
    asking = state.petitions or ExtensionRequests()
    if not (state.suspensions or state.extensions or asking.asked):
        return None
    over = (one.until - one.since for one in state.suspensions if one.until is not None)
    runs = state.suspensions[-1] if state.suspended and state.settled_at is None else None
    return Deferrals(
        suspensions=len(state.suspensions),
        days_suspended=round(sum(over, timedelta()) / _DAY, 1),
        suspended_since=runs.since if runs else None,
        suspended_until=runs.planned_until if runs else None,
        basis=runs.basis if runs else None,
        extensions=state.extensions,
        extensions_refused=asking.refused,
        extensions_lapsed=asking.lapsed,
        extension_pending=asking.pending is not None,
        extensions_left=None if terms.extension is None else max(0, terms.extension.at_most - state.extensions),
    )
