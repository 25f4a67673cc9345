"""What a site's state row says beyond where it stands (schemas.facts), and what options add to that and to its view."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rules.site.deferrals import deferrals_of
from rules.site.options.registry import SITE_OPTIONS
from rules.site.state import SiteState
from schemas.facts import SiteFacts
from schemas.site.terms import SiteTerms


def facts_of(terms: SiteTerms, state: SiteState) -> SiteFacts | None:
    """None for a site of which there is nothing to say beyond its row."""
    facts = SiteFacts(
        corrections=state.corrections,
        deferrals=deferrals_of(terms, state),
        reopened=dict(Counter(state.reopened.values())),
        **_together(option.facts(terms, state) for option in SITE_OPTIONS),
    )
    return facts if facts != SiteFacts() else None


def view_of_options(terms: SiteTerms, state: SiteState) -> dict[str, Any]:
    """The fields of `schemas.answers.SiteView` that options fill."""
    return _together(option.view(terms, state) for option in SITE_OPTIONS)


def _together(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The fields of all options; under `options` those of every option outside the tree."""
    fields: dict[str, Any] = {}
    for part in parts:
        fields |= part | {"options": fields.get("options", {}) | part.get("options", {})}
    return fields
