"""The terms of who is responsible for a site and who builds it, and the levels that are told of a silence."""

from rules.documents.addressing import LEVELS
from rules.terms.documents import levels_of
from schemas.actor import unit_name
from schemas.options.builders import BuilderTerms
from schemas.options.responsible import ResponsibleTerms
from schemas.plan import Plan
from schemas.register import Site


def responsible_of(plan: Plan, site: Site) -> ResponsibleTerms:
    """The first responsible unit of the register row, else its county; a person is required where the plan says so."""
    rule = plan.responsible
    return ResponsibleTerms(
        unit=unit_name(site.responsible[0] if site.responsible else site.county),
        named=bool(site.responsible),
        person=site.responsible_person,
        due=rule.due if rule is not None else None,
        receipt=(rule.receipt if rule is not None else None) or plan.clauses.receipt,
        rungs=levels_told(plan, site.city),
    )


def builder_of(plan: Plan, site: Site) -> BuilderTerms:
    """The enterprise of the register row, and who decides on another one; by default any office of the province."""
    rule = plan.replacement
    decider = rule.decider if rule is not None else None
    return BuilderTerms(
        enterprise=site.enterprise,
        decision=rule.decision if rule is not None else plan.clauses.deployment_decision,
        decider=decider.name if decider is not None else None,
        superior=decider.superior.name if decider is not None else None,
    )


def levels_told(plan: Plan, city: str) -> tuple[int, ...]:
    """The places of the city's levels, lowest first, each another office than the one before; last the province's."""
    levels = levels_of(plan.city(city))
    told: list[int] = []
    below: tuple[str, ...] = ()
    for place, level in enumerate(LEVELS):
        if levels[level] != below:
            told.append(place)
        below = levels[level]
    return (*told, len(LEVELS))
