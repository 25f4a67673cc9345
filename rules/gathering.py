"""What a desk asks to be gathered for one dispatch."""

from datetime import datetime

from rules.city_state import CityState
from rules.effects import GatherNotices
from rules.silences import chased
from schemas.ladder import Lifting
from schemas.terms import CityTerms


def gathering(terms: CityTerms, state: CityState, at: datetime) -> GatherNotices:
    """The dispatch at `at`: what waits, and how the sites of drafts, listings and rungs stand."""
    papers = state.papers.values()
    listing = (p.key for p in papers if p.progress.lifting == Lifting.SITES_CLOSED and p.progress.lifted_at is None)
    known = terms.papers.instruments if terms.papers is not None else ()
    rungs = tuple((one.kind, one.rung) for one in known if one.rung)
    approved = tuple(p.key for p in papers if p.may_issue and p.sites)
    look_backs = terms.patrol is not None and (state.patrol is None or not state.patrol.is_over)
    return GatherNotices(at, approved, tuple(listing), rungs, chased(state), look_backs)
