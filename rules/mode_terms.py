"""What a plan's modes come to for one site."""

from schemas.modes import ModeTerms, allowed_by
from schemas.plan import Plan
from schemas.site import Site


def modes_of(plan: Plan, site: Site) -> ModeTerms | None:
    """None where the plan has no modes."""
    modes = plan.modes
    if modes is None:
        return None
    return ModeTerms(
        allowed=allowed_by(modes),
        until=modes.until,
        confirmed_by_province=modes.confirmed_by_province,
        required=modes.required,
        restoration=None if site.restoration_mode is None else site.restoration_mode.value,
        funding=None if site.funding_mode is None else site.funding_mode.value,
    )
