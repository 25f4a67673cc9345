"""What a site's state row says beyond where it stands: schemas.facts."""

from collections import Counter

from rules.site.deferrals import deferrals_of
from rules.site.options.acceptance.facts import acceptance_facts
from rules.site.options.mode_facts import mode_facts
from rules.site.options.police import case_facts
from rules.site.options.sign_off import signatures
from rules.site.state import SiteState
from schemas.facts import SiteFacts
from schemas.site.terms import SiteTerms


def facts_of(terms: SiteTerms, state: SiteState) -> SiteFacts | None:
    """None for a site of which there is nothing to say beyond its row."""
    deferred, case = deferrals_of(terms, state), case_facts(terms, state)
    facts = SiteFacts(
        corrections=state.corrections,
        deferrals=deferred,
        case=case,
        reopened=dict(Counter(state.reopened.values())),
        signatures=signatures(state),
        **mode_facts(terms, state),
        **acceptance_facts(terms, state),
    )
    return facts if facts != SiteFacts() else None
