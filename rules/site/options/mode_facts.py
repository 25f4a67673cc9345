"""What a site's facts and its view say of its modes and bookings; nothing where the plan has no modes."""

from typing import Any

from rules.site.options.modes import pending, withheld
from rules.site.state import SiteState
from rules.site.work import modes_in_force
from schemas.site.terms import SiteTerms


def mode_facts(terms: SiteTerms, state: SiteState) -> dict[str, Any]:
    """Fields of `SiteFacts`: the modes that hold, whether a proposal waits, and the sums by account."""
    if terms.modes is None:
        return {}
    modes = modes_in_force(terms, state)
    return {
        "restoration_mode": modes.restoration,
        "funding_mode": modes.funding,
        "mode_waits": pending(state) is not None,
        "realised": {} if state.modes is None else dict(state.modes.realised),
    }


def mode_view(terms: SiteTerms, state: SiteState) -> dict[str, Any]:
    """Fields of `SiteView`: beside the facts, the proposal and what keeps the site from asking for verification."""
    if terms.modes is None:
        return {}
    waits = pending(state)
    facts = mode_facts(terms, state)
    return {
        "restoration_mode": facts["restoration_mode"],
        "funding_mode": facts["funding_mode"],
        "proposed_modes": None if waits is None else waits.model_dump(),
        "realised": facts["realised"],
        "withheld": withheld(terms, state),
    }
