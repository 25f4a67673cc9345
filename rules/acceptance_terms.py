"""What a plan's acceptance asks of one site, resolved for its terms."""

from schemas.acceptance import AcceptanceTerms, LevelAsks, Member
from schemas.plan import Plan, Verification
from schemas.site import Site


def acceptance_of(plan: Plan, site: Site) -> AcceptanceTerms | None:
    """None where the plan asks for nothing beyond its levels."""
    asked = plan.verification
    levels = {
        level.id: LevelAsks(by=level.by, self_check=level.self_check, experts=level.experts)
        for level in asked.levels
        if level.by is not None or level.self_check or level.experts is not None
    }
    parts_level = parts_level_of(asked)
    terms = AcceptanceTerms(
        levels=levels,
        separate_units=asked.separate_units,
        exhausted_rung=asked.exhausted_rung,
        parts_level=parts_level,
        problems=problems_of(site) if parts_level is not None else (),
        pool=tuple(Member(id=e.id, unit=e.unit) for e in asked.pool if e.city in (None, site.city)),
    )
    return terms if terms != AcceptanceTerms() else None


def parts_level_of(asked: Verification) -> str | None:
    """The level that accepts problems by themselves; None where the plan closes sites as a whole."""
    if asked.closure is None:
        return None
    return asked.closure.level or next((level.id for level in asked.levels if not level.self_check), None)


def problems_of(site: Site) -> tuple[str, ...]:
    """The kinds of a site's problems, each once, as the register has them."""
    return tuple(dict.fromkeys(problem.kind for problem in site.problems))
