"""A programme over years (多年度治理): a stock of sites, surveyed each year, a share of it each year, carry-over."""

from collections import Counter
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.actor import Units
from schemas.base import Identifier, InputModel, Instant, StoredModel
from schemas.calendar import Calendar, CampaignDay, Clause, DayUnit
from schemas.city import CityName
from schemas.clock import Clock
from schemas.identity import same_number
from schemas.offices import Text, is_unset
from schemas.plan import FrozenPlan
from schemas.quantity import Quantity, Sum
from schemas.register import Hazard
from schemas.targets import Targets


class Measure(StrEnum):
    """The measure of the stock."""

    AREA = "area"
    """Hectares of the register (`area_ha`)."""
    SITES = "sites"


class StockSurvey(InputModel):
    """The programme's option `survey`: each year every city surveys its stock and hands the result in.

    `grace` is what each office that is told of an overdue survey gets, before the next higher one is told.
    """

    grace: Clause = Clause(amount=5, unit=DayUnit.WORKING_DAYS)


class YearSurvey(InputModel):
    """The survey of one year: its last day. If its `file` (a register beside the programme's file) exists, `check`
    reads it, and forecasts play it; a started programme gets its surveys by `programme survey`.
    """

    until: CampaignDay
    file: Annotated[str, Field(min_length=1, max_length=300)] | None = Field(default=None, exclude_if=is_unset)


class ProgrammeYear(InputModel):
    """One year of the programme: a campaign by the programme's plan, with its own id, number and dates."""

    id: Identifier
    document_number: Text
    starts_on: CampaignDay
    ends_on: CampaignDay | None = None
    """By default as many days after the start as in the plan."""
    survey: YearSurvey | None = Field(default=None, exclude_if=is_unset)
    targets: Targets | None = Field(default=None, exclude_if=is_unset)
    """The year's hectares by city and county; by default those of the chosen sites."""


class Programme(InputModel):
    """A programme: each year at least `share` of that year's stock is treated, and the whole stock by `ends_on`.

    In the file `plan` is the path of the plan of every year's campaign.
    """

    id: Identifier
    title: Text
    document_number: Text
    share: Quantity = Field(default=Decimal("0.3"), gt=0, le=1)
    measure: Measure = Measure.AREA
    ends_on: CampaignDay
    plan: Text
    survey: StockSurvey | None = Field(default=None, exclude_if=is_unset)
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
        faults += [f"years: {year.id} is the id of the programme, expected another" for year in self._namesakes()]
        faults += self._survey_faults()
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _namesakes(self) -> list[ProgrammeYear]:
        return [year for year in self.years if year.id == self.id]

    def _survey_faults(self) -> list[str]:
        """Either every year has a survey, or none has."""
        if self.survey is None:
            said = "is a survey, expected none: the programme has no `survey`"
            return [f"years[{n}].survey: {said}" for n, year in enumerate(self.years) if year.survey is not None]
        return [
            f"years[{n}].survey: is missing, expected its last day (until): the stock is surveyed every year"
            for n, year in enumerate(self.years)
            if year.survey is None
        ]


class FrozenProgramme(StoredModel):
    """A programme as started: every year's plan with its calendar resolved.

    `digest` is the SHA-256 of the canonical JSON of the programme and of the digests of its years' plans.
    """

    programme: Programme
    years: tuple[FrozenPlan, ...]
    digest: str

    @property
    def letterhead(self) -> FrozenPlan:
        """The plan by which the programme's own documents are composed: its offices, words and calendar are those of
        the years' plan; name, number and dates are the programme's.
        """
        first, one = self.years[0], self.programme
        own = {
            "id": one.id,
            "title": one.title,
            "document_number": one.document_number,
            "ends_on": one.ends_on,
            "phases": (),
        }
        return first.model_copy(update={"plan": first.plan.model_copy(update=own), "digest": self.digest})


class YearTerms(StoredModel):
    """A year's campaign: its start, the midnight that ends its last day, and the one by which its survey is due."""

    campaign_id: str
    starts_at: Instant
    ends_at: Instant
    survey_due: Instant | None = None


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
    cities: tuple[CityName, ...] = ()
    counties: dict[str, str] = {}
    """County as the register has it to its name in the plan's targets."""
    survey_grace: Clause | None = None
    language: str
    series: str
    """The series in which the programme's documents are numbered."""


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
