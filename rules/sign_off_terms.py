"""What a plan's sign-off comes to for one site: whom it asks, and over which steps silence goes upward."""

from rules.addressing import LEVELS
from rules.paper_terms import levels_of
from schemas.plan import Plan
from schemas.sign_off_rule import SignOffTerms
from schemas.site import Site


def sign_off_of(plan: Plan, site: Site) -> SignOffTerms | None:
    """None where the plan asks for no sign-off, or the register names no department of this site."""
    rule = plan.sign_off
    if rule is None or not site.departments:
        return None
    return SignOffTerms(
        due=rule.due,
        upward=rule.upward or rule.due,
        departments=site.departments,
        lead_government=site.lead_government,
        rungs=_steps(plan, site),
    )


def _steps(plan: Plan, site: Site) -> tuple[int, ...]:
    """The lead government first, then each higher level of the city that is another office than the one before."""
    levels = levels_of(plan.city(site.city))
    steps: list[int] = []
    below: tuple[str, ...] | None = None
    if site.lead_government is not None:
        steps, below = [0], (site.lead_government,)
    for rung, level in enumerate(LEVELS[1:], 1):
        if levels[level] != below:
            steps.append(rung)
        below = levels[level]
    return tuple(steps)
