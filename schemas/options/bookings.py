"""Bookings: the money, land and minerals of a site, under a funding mode (plan option `modes`) or a problem (`costs`).

Amounts are decimal texts on the wire; sums are never rounded. Only the proceeds of a sale are, once, to the fen.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.base import Identifier, StoredModel
from schemas.command import Command
from schemas.event import Event, new_field
from schemas.modes import FundingMode, Measure, Yuan, in_mu, plain
from schemas.option import Option
from schemas.permit import BY_CITY, BY_COUNTY, at
from schemas.stages import OPEN_SITE

_PLACES = {Measure.CNY: 2, Measure.HA: 4, Measure.MU: 4, Measure.TONNES: 4}
_FEN = Decimal("0.01")

Party = Annotated[str, Field(min_length=1, max_length=128, pattern=r"\S")]
"""An enterprise or office, by its name."""


class Book(Command):
    """Money, land or minerals that a site's restoration has realised or cost, with the voucher.

    A correction is a negative booking with its own reference: bookings are never edited. It counts as the cost of its
    `problem`, or under its `funding_mode`, by default the site's own. `counterpart` is the buyer, or the other side of
    a trade; `price` is in yuan a tonne.
    """

    kind: Literal["book"] = "book"
    amount: Annotated[Decimal, Field(max_digits=18, decimal_places=4), AfterValidator(plain)]
    unit: Measure
    reference: str = Field(min_length=1, max_length=200, pattern=r"\S")
    funding_mode: FundingMode | None = None
    problem: Identifier | None = None
    counterpart: Party | None = None
    certificate: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"\S")
    price: Yuan | None = None
    note: str | None = Field(default=None, max_length=4000)

    @model_validator(mode="after")
    def _countable(self) -> Self:
        if self.amount == 0:
            raise ValueError("expected an amount other than 0")
        places = -int(self.amount.as_tuple().exponent)
        if places > _PLACES[self.unit]:
            raise ValueError(f"expected at most {_PLACES[self.unit]} decimals of {self.unit}, not {self.amount}")
        if (self.price is not None) != (self.unit is Measure.TONNES):
            raise ValueError("a price is that of a tonne, and tonnes have one: expected both or neither")
        if self.problem is not None and self.unit is not Measure.CNY:
            raise ValueError(f"a problem costs money: expected cny, not {self.unit}")
        if self.problem is not None and self.funding_mode is not None:
            raise ValueError("expected a problem that it was spent on, or a funding mode that realised it, not both")
        return self


class Booked(Event):
    """Money, land or minerals were realised under a funding mode, or spent on a problem; negative is a correction.

    `proceeds` are the yuan of a sale: tonnes by their price, rounded half up to the fen.
    """

    kind: Literal["booked"] = "booked"
    amount: Decimal
    unit: str
    reference: str
    funding_mode: str | None = None
    note: str | None = None
    problem: str | None = new_field(None)
    counterpart: str | None = new_field(None)
    certificate: str | None = new_field(None)
    price: Decimal | None = new_field(None)
    proceeds: Decimal | None = new_field(None)


class Bookings(StoredModel):
    """`realised` has sums by `account`: money in yuan, land in mu, minerals in tonnes. `costs`: yuan by problem."""

    realised: dict[str, Decimal] = {}
    costs: dict[str, Decimal] = {}


def account(funding_mode: str, measure: str) -> str:
    """The name of a sum: `index_trading:cny`, `surplus_minerals:t`, or `index_trading:mu` for land in either unit."""
    return f"{funding_mode}:{Measure.MU if measure == Measure.HA else measure}"


def counted(amount: Decimal, measure: str) -> Decimal:
    """An amount in the unit of its sum: money in yuan, land in mu, minerals in tonnes."""
    return in_mu(amount, Measure(measure))


def proceeds_of(tonnes: Decimal, price: Decimal) -> Decimal:
    """The yuan of a sale, rounded half up to the fen."""
    return plain((tonnes * price).quantize(_FEN, ROUND_HALF_UP))


BOOKINGS = Option(
    name="bookings",
    subject="site",
    commands={"book": Book},
    events=(Booked,),
    permits={"book": at(OPEN_SITE, BY_CITY, BY_COUNTY)},
    rows_after="carry_over",
    transitions={(stage, "booked"): stage for stage in OPEN_SITE.site},
    command_events={"book": ("booked",)},
)
