"""The variations of a site: those that may hold for it, narrowest first, and which value holds at an instant.

Of two that hold the narrower one gives the value: the one that names more conditions; of as many, a problem goes before
a phase, and a phase before a hazard; else the one that stands first in the plan. One that does not give a value leaves
it to the next, and at last to the general clause of the plan.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rules.calendar import end_of, start_of
from rules.terms.clause_names import with_names
from rules.terms.phases import within
from schemas.calendar import Clause
from schemas.options.grading import Grade
from schemas.options.phases import Opened
from schemas.options.spot_checks import SpotCheckPlan
from schemas.plan import FrozenPlan, Plan
from schemas.register import Site
from schemas.variations import Variation, VariationTerms


def grade_of(plan: Plan, site: Site) -> Grade | None:
    """The grade of a site by the plan's rules or its register row; None if nothing depends on it."""
    if plan.grading is None:
        return Grade(hazard=site.hazard, by="register") if plan.variations else None
    for index, rule in enumerate(plan.grading.rules):
        if rule.matches(site):
            return Grade(hazard=rule.hazard, by=f"grading.rules[{index}]", reason=rule.title)
    return Grade(hazard=site.hazard, by="register")


def variations_of(frozen: FrozenPlan, site: Site) -> tuple[VariationTerms, ...]:
    """The variations whose problem the site has, narrowest first."""
    plan, kinds = with_names(frozen), {problem.kind for problem in site.problems}
    ours = [one for one in plan.variations if one.conditions.problem is None or one.conditions.problem in kinds]
    ours.sort(key=lambda one: one.conditions.narrowness, reverse=True)  # stable: the first in the plan stays first
    return tuple(_terms(frozen, one) for one in ours if _varies_a_site(one))


def varied(variations: Sequence[VariationTerms], hazard: str | None, at: datetime, value: str) -> Any:
    """The value that holds where a deadline begins to count at `at`; None where none of them gives it."""
    found = (getattr(one, value) for one in in_force(variations, hazard, at))
    return next((one for one in found if one is not None), None)


def varied_grace(variations: Sequence[VariationTerms], hazard: str | None, at: datetime, rung: int) -> Clause | None:
    """The grace before a rung; None where none of the variations gives it."""
    return next((one.ladder[rung] for one in in_force(variations, hazard, at) if rung in one.ladder), None)


def in_force(variations: Sequence[VariationTerms], hazard: str | None, at: datetime) -> Iterator[VariationTerms]:
    """The variations whose hazard and phase hold at `at`, narrowest first."""
    for one in variations:
        if one.hazard is not None and one.hazard != hazard:
            continue
        if (one.since is None or one.since <= at) and (one.until is None or at < one.until):
            yield one


def sampling_of(plan: Plan) -> SpotCheckPlan | None:
    """The plan's spot checks, with the shares that differ by hazard."""
    checks = plan.spot_check
    shares = {
        one.conditions.hazard.value: one.sampling_share
        for one in plan.variations
        if one.sampling_share is not None and one.conditions.hazard is not None
    }
    return checks if checks is None or not shares else checks.model_copy(update={"shares": shares})


def _varies_a_site(one: Variation) -> bool:
    """Whether it says more than the share of a sample."""
    return bool(one.ladder) or any(
        value is not None for value in (one.rectification, one.re_rectification, one.reminder_days)
    )


def _terms(frozen: FrozenPlan, one: Variation) -> VariationTerms:
    where, calendar, works, again = one.conditions, frozen.calendar, one.rectification, one.re_rectification
    phase = next((phase for phase in frozen.plan.phases if phase.id == where.phase), None)
    return VariationTerms(
        hazard=None if where.hazard is None else where.hazard.value,
        since=None if phase is None else start_of(calendar, phase.starts_on),
        until=None if phase is None else end_of(calendar, phase.ends_on),
        rectification=None if works is None else within(frozen.plan, works, Opened.WORKS),
        re_rectification=None if again is None else within(frozen.plan, again),
        reminder_days=one.reminder_days,
        ladder=one.ladder,
    )
