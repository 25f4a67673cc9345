"""A programme over years (多年度治理): a stock of sites, a share of it each year, carry-over; and its events."""

from collections import Counter
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.actor import Units
from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.calendar import Calendar, CampaignDay
from schemas.clock import Clock
from schemas.event import CommandRefused, Event
from schemas.identity import same_number
from schemas.offices import Text
from schemas.plan import FrozenPlan
from schemas.quantity import Quantity, Sum
from schemas.register import Hazard


class Measure(StrEnum):
    """The measure of the stock."""

    AREA = "area"
    """Hectares of the register (`area_ha`)."""
    SITES = "sites"


class ProgrammeYear(InputModel):
    """One year of the programme: a campaign by the programme's plan, with its own id, number and dates."""

    id: Identifier
    document_number: Text
    starts_on: CampaignDay
    ends_on: CampaignDay | None = None
    """By default as many days after the start as in the plan."""


class Programme(InputModel):
    """A programme: each year at least `share` of the stock is treated, and the whole stock by `ends_on`.

    In the file `plan` is the path of the plan of every year's campaign.
    """

    id: Identifier
    title: Text
    document_number: Text
    share: Quantity = Field(default=Decimal("0.3"), gt=0, le=1)
    measure: Measure = Measure.AREA
    ends_on: CampaignDay
    plan: Text
    years: tuple[ProgrammeYear, ...] = Field(min_length=1, max_length=30)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        numbers = [year.document_number for year in self.years]
        faults = [
            f"years: {what} {one} stands twice, expected once"
            for what, named in (
                ("id", [year.id for year in self.years]),
                ("document_number", [next(n for n in numbers if same_number(n, number)) for number in numbers]),
            )
            for one, times in Counter(named).items()
            if times > 1
        ]
        if faults:
            raise ValueError("; ".join(faults))
        return self


class FrozenProgramme(StoredModel):
    """A programme as started: every year's plan with its calendar resolved.

    `digest` is the SHA-256 of the canonical JSON of the programme and of the digests of its years' plans.
    """

    programme: Programme
    years: tuple[FrozenPlan, ...]
    digest: str


class YearTerms(StoredModel):
    """A year's campaign: its start, and the midnight that ends its last day."""

    campaign_id: str
    starts_at: Instant
    ends_at: Instant


class ProgrammeTerms(StoredModel):
    """Everything the programme's aggregate needs; the plans stay in Postgres."""

    programme_id: str
    digest: str
    share: Sum
    measure: Measure
    ends_at: Instant
    years: tuple[YearTerms, ...]
    calendar: Calendar
    clock: Clock
    units: Units


class Stocked(StoredModel):
    """An untreated site of the stock; `carried_over` by the campaign of the year before or not."""

    site_id: str
    hazard: Hazard
    area_ha: Sum = Decimal()
    carried_over: bool = False


class Amount(StoredModel):
    """A part of the stock: sites and hectares."""

    sites: int = 0
    area_ha: Sum = Decimal()


class YearOrder(StoredModel):
    """Start, or count, the campaign of a year (0 is the first); `at` is campaign time."""

    programme_id: str
    year: int
    at: Instant
    clock: Clock
    task_queue: str


class YearStartedReport(StoredModel):
    """The start of a year's campaign: the known stock, the target, and the chosen sites.

    `target` is in the programme's measure: the amount to be treated by the end of this year, all years together.
    """

    year: int
    at: Instant
    stock: Amount
    target: Sum
    chosen: Amount
    carried_over: Amount


class YearCountedReport(StoredModel):
    """The state of a year's campaign; it is over when its state is `closed` or `stopped`.

    `found` was discovered during the campaign and added to the stock.
    """

    year: int
    at: Instant
    over: bool
    closed: Amount = Amount()
    carried_over: Amount = Amount()
    found: Amount = Amount()


class ProgrammeBegan(Event):
    """The programme was started with this content; `years` are its campaigns' ids."""

    kind: Literal["programme_began"] = "programme_began"
    digest: str
    years: tuple[str, ...]


class YearStarted(Event):
    """The campaign of a year was started with the chosen sites; `target` is of all years so far."""

    kind: Literal["year_started"] = "year_started"
    year: int
    campaign: str
    stock: Amount
    target: Sum
    chosen: Amount
    carried_over: Amount


class YearClosed(Event):
    """The campaign of a year is over; `treated` is of all years so far, `share` is its part of the stock."""

    kind: Literal["year_closed"] = "year_closed"
    year: int
    campaign: str
    closed: Amount
    carried_over: Amount
    found: Amount
    treated: Amount
    share: Sum
    met: bool
    """Whether the year's target was reached."""


class ProgrammeStopped(Event):
    """No further year begins; the running campaign continues to its end."""

    kind: Literal["programme_stopped"] = "programme_stopped"
    reason: str


class ProgrammeEnded(Event):
    """The last year is over; `treated` and the remaining stock."""

    kind: Literal["programme_ended"] = "programme_ended"
    treated: Amount
    left: Amount
    in_time: bool
    """Whether the whole stock was treated by the programme's end date."""


PROGRAMME_EVENTS: tuple[type[Event], ...] = (
    ProgrammeBegan,
    YearStarted,
    YearClosed,
    ProgrammeStopped,
    ProgrammeEnded,
    CommandRefused,
)
