"""Which of its plan's values hold for a site: the general ones, or those of the narrowest variation that holds.

A variation holds by the site's present hazard, and by the phase in which the deadline begins to count.
"""

from datetime import datetime

from rules.calendar import counts_from
from rules.site.state import SiteState
from rules.terms.variations import varied, varied_grace
from schemas.options.grading import Grade
from schemas.phase_end import Within
from schemas.site.terms import RungTerms, SiteTerms


def grade_in_force(terms: SiteTerms, state: SiteState) -> Grade | None:
    """The site's grade: by the last order, else by the plan's rules or the register; None if nothing depends on it."""
    return state.grade or terms.grade


def rectification(terms: SiteTerms, state: SiteState, at: datetime) -> Within:
    """Within what the work is due whose deadline counts from `at`."""
    since = counts_from(at, terms.rectification)
    found: Within | None = varied(terms.variations, _hazard(terms, state), since, "rectification")
    return found or terms.rectification


def re_rectification(terms: SiteTerms, state: SiteState, at: datetime) -> Within:
    """Within what work is done again."""
    found: Within | None = varied(terms.variations, _hazard(terms, state), at, "re_rectification")
    return found or terms.re_rectification


def reminder_days(terms: SiteTerms, state: SiteState) -> tuple[int, ...]:
    """The days of the reminders before the present deadline."""
    since = _counted_since(terms, state)
    if not terms.variations or since is None:
        return terms.reminder_days
    found: tuple[int, ...] | None = varied(terms.variations, _hazard(terms, state), since, "reminder_days")
    return terms.reminder_days if found is None else found


def ladder(terms: SiteTerms, state: SiteState) -> tuple[RungTerms, ...]:
    """The ladder with the graces that hold after the present deadline."""
    since, hazard = _counted_since(terms, state), _hazard(terms, state)
    if not terms.variations or since is None:
        return terms.ladder
    graces = ((rung, varied_grace(terms.variations, hazard, since, rung.rung)) for rung in terms.ladder)
    return tuple(rung if after is None else rung.model_copy(update={"after": after}) for rung, after in graces)


def _counted_since(terms: SiteTerms, state: SiteState) -> datetime | None:
    """When the present deadline began to count: that of the first round not before the phase that opens the work."""
    since = state.due_since
    return since if since is None or state.round > 1 else counts_from(since, terms.rectification)


def _hazard(terms: SiteTerms, state: SiteState) -> str | None:
    grade = grade_in_force(terms, state)
    return None if grade is None else grade.hazard.value
