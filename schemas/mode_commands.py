"""What people say about a site's modes and about its money and land."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.amounts import Measure, plain
from schemas.command import Command, Reason
from schemas.modes import FundingMode, RestorationMode

_PLACES = {Measure.CNY: 2, Measure.HA: 4, Measure.MU: 4}


class SetMode(Command):
    """The city or county sets or switches a site's modes; a mode that is left out stays as it is."""

    kind: Literal["set_mode"] = "set_mode"
    restoration_mode: RestorationMode | None = None
    funding_mode: FundingMode | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.restoration_mode is None and self.funding_mode is None:
            raise ValueError("expected a restoration mode, a funding mode, or both")
        return self


class DecideMode(Command):
    """The province confirms the modes that were proposed, or refuses them with its reason.

    Where modes are named they must be those of the proposal: nobody confirms what was changed meanwhile.
    """

    kind: Literal["decide_mode"] = "decide_mode"
    confirmed: bool
    reason: Reason | None = None
    restoration_mode: RestorationMode | None = None
    funding_mode: FundingMode | None = None

    @model_validator(mode="after")
    def _refusal_has_its_reason(self) -> Self:
        if not self.confirmed and self.reason is None:
            raise ValueError("expected the reason of a refusal")
        return self


class Book(Command):
    """Money or land that a site's restoration has realised, with its voucher.

    A correction is a negative booking with its own reference: what was booked is never edited. Without `funding_mode`
    it counts under the site's own.
    """

    kind: Literal["book"] = "book"
    amount: Annotated[Decimal, Field(max_digits=18, decimal_places=4), AfterValidator(plain)]
    unit: Measure
    reference: str = Field(min_length=1, max_length=200, pattern=r"\S")
    funding_mode: FundingMode | None = None
    note: str | None = Field(default=None, max_length=4000)

    @model_validator(mode="after")
    def _countable(self) -> Self:
        if self.amount == 0:
            raise ValueError("expected an amount other than 0")
        places = -int(self.amount.as_tuple().exponent)
        if places > _PLACES[self.unit]:
            raise ValueError(f"expected at most {_PLACES[self.unit]} decimals of {self.unit}, not {self.amount}")
        return self
