"""Reports of more than is asked: accepted with a warning to the sender, and refused where only a slip explains them.

Much more is a slipped point, a wrong unit, or a total sent as a part. A few more than few is not: where one sign is
asked two may have been put up, so a small surplus is never refused. Nor is more of what is done and awaits a verdict:
it may be the rework after a failed one that arrives later, and the order of arrival decides nothing.
"""

from collections.abc import Iterator
from decimal import Decimal

from rules.site.state import SiteState
from rules.site.work import in_force
from schemas.errors import Refused
from schemas.plan import REFUSE_BEYOND
from schemas.quantity import LARGEST, written
from schemas.site.commands import CompleteTask
from schemas.site.terms import Requirement, SiteTerms
from schemas.stages import Stage

SURPLUS = Decimal(2)
"""What may be done beyond any quantity, in its unit, before a report is refused."""


def most_taken(terms: SiteTerms, asked: Decimal) -> Decimal:
    """The largest total of reports for a requirement that asks for so much."""
    return min(max(asked * (terms.refuse_beyond or REFUSE_BEYOND), asked + SURPLUS), LARGEST)


def quantity_warnings(terms: SiteTerms, state: SiteState, command: CompleteTask) -> Iterator[str]:
    """A warning where the total is more than is asked; raises Refused where it is more than `most_taken`.

    Of what awaits a verdict only a total above `LARGEST` is refused, which no sum may be. The site has the requirement.
    """
    requirement = next(r for r in in_force(terms, state) if r.id == command.requirement)
    asked, before, now = requirement.quantity, state.done.get(requirement.id, Decimal()), command.quantity
    total = before + now
    if not now or total <= asked:
        return
    unit = requirement.unit
    sums = f"{written(now)} {unit} now and {written(before)} {unit} before make {written(total)} {unit}"
    most = LARGEST if before >= asked and _is_judged(terms, state, requirement) else most_taken(terms, asked)
    if total > most:
        raise Refused(
            f"{requirement.id!r} asks for {written(asked)} {unit}; {sums}, and a total above {written(most)} {unit} is "
            f"refused. Report what was done since the last report, in {unit}, with a command id of its own; evidence "
            "alone is sent with quantity 0, and where more work is needed an amendment raises what is asked"
        )
    yield (
        f"{written(total)} of {written(asked)} {unit} of {requirement.id!r}: {sums}, more than is asked; "
        f"is {written(now)} what you meant?"
    )


def _is_judged(terms: SiteTerms, state: SiteState, requirement: Requirement) -> bool:
    """Whether a verdict may send this requirement back as things stand: on the site, or on one of its problems."""
    by_problem = terms.acceptance is not None and terms.acceptance.problems_level is not None
    return state.stage is Stage.VERIFYING or (by_problem and bool(requirement.problems))
