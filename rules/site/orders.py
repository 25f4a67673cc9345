"""What an order to suspend or resume many sites is for one site: whether it fits, and the command that it gets.

The command is the one that a person would send to that site, by the person who gave the order.
"""

from datetime import datetime

from rules.effects import TellSites
from rules.terms.options import parts_level_of
from rules.terms.plan import requirements_of
from rules.terms.units import units_of_county
from schemas.command import Command
from schemas.options.standstill import SiteScope, SuspensionOrder, TellSitesOrder
from schemas.plan import Plan
from schemas.register import Site
from schemas.site.commands import Resume, Suspend


def fits(plan: Plan, scope: SiteScope, site: Site) -> bool:
    """Whether a site of the city is in the scope: by its county, type, a problem, or a requirement of the catalogue."""
    if scope.county is not None and scope.county not in units_of_county(plan, site.city, site.county):
        return False
    if scope.type is not None and site.type != scope.type:
        return False
    if scope.problem is not None and all(problem.kind != scope.problem for problem in site.problems):
        return False
    if scope.requirement is None:
        return True
    asked = requirements_of(plan.catalogue, site, parts_level_of(plan.verification) is not None)
    return any(scope.requirement in (one.id, one.id.partition(":")[0]) for one in asked)


def order_command(told: TellSites | TellSitesOrder, opened_at: datetime | None) -> Command:
    """The command for one site; the same order is the same command, however often it is told.

    A site that opened while the order held stands still from its opening.
    """
    order = told.order
    if told.lifted_by is not None:
        return Resume(
            command_id=f"{_id(order)}:resumed",
            actor=told.lifted_by,
            effective_at=told.at,
            reason=told.reason,
            order=order.number,
        )
    return Suspend(
        command_id=_id(order),
        actor=order.by,
        effective_at=max(order.since, opened_at or order.since),
        reason=order.reason,
        basis=order.basis,
        until=order.until,
        order=order.number,
        document=order.name,
    )


def _id(order: SuspensionOrder) -> str:
    return f"suspension-order-{order.number}"
