"""What a site's state row says beyond where it stands: schemas.facts."""

from rules.site_state import SiteState
from schemas.facts import SiteFacts
from schemas.terms import SiteTerms


def facts_of(terms: SiteTerms, state: SiteState) -> SiteFacts | None:
    """None for a site of which there is nothing to say beyond its row."""
    return None
