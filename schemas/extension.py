"""Extensions on request (申请延期): the plan's option, and what it comes to for a site."""

from typing import Self

from pydantic import Field, model_validator

from schemas.base import Kept, Said
from schemas.calendar import Clause
from schemas.offices import Approver


class ExtensionRule(Said):
    """An extension is asked for at least `before` the expiry, and decided within `decision` by the `decider`.

    A site is extended `at_most` so many times, by request or without. The decider's silence goes to the superior.
    """

    before: Clause
    decision: Clause
    at_most: int = Field(ge=1, le=20)
    decider: Approver

    @model_validator(mode="after")
    def _somebody_hears(self) -> Self:
        if self.decision.amount < 1:
            raise ValueError("decision: expected one day or more, nobody decides before the day of the request is over")
        if self.decider.superior.name == self.decider.name:
            raise ValueError(
                f"decider: {self.decider.name} is named as the own superior, so nobody would hear of the silence"
            )
        return self


class ExtensionTerms(Kept):
    """The same for a site's case: the offices by their names."""

    before: Clause
    decision: Clause
    at_most: int
    decider: str
    superior: str
