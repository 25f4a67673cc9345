"""What of a site's acceptance stands beside its row."""

from typing import Any

from rules.site.options.acceptance.max_rounds import stands_exhausted
from rules.site.options.acceptance.panel import panel_view
from rules.site.options.acceptance.problems import accepted, standing_of_problems
from rules.site.options.acceptance.state import acceptance_terms
from rules.site.state import SiteState
from schemas.site.terms import SiteTerms


def acceptance_facts(terms: SiteTerms, state: SiteState) -> dict[str, Any]:
    """Fields of `schemas.facts.SiteFacts`; none where the plan asks for nothing of this."""
    if terms.acceptance is None:
        return {}
    problems = acceptance_terms(terms).problems
    return {
        "exhausted": stands_exhausted(terms, state),
        "problems": len(problems),
        "problems_closed": len(accepted(terms, state)) if problems else 0,
        "parts": standing_of_problems(terms, state),
        "panel": panel_view(state),
    }
