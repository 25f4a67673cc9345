"""A programme's commands, its events, and what its activities report."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.base import Identifier, Instant, StoredModel
from schemas.clock import Clock
from schemas.command import Command
from schemas.documents.events import DocumentIssued
from schemas.event import CommandRefused, Event
from schemas.programme import Amount
from schemas.quantity import Sum

Digest = Annotated[str, Field(min_length=64, max_length=64)]


class PlaceAmounts(StoredModel):
    """A county's part of a year: the hectares that are asked of it, the sites chosen there, and those closed."""

    city: str
    county: str
    target: Sum = Decimal()
    chosen: Amount = Amount()
    closed: Amount = Amount()


class YearOrder(StoredModel):
    """Start, or count, the campaign of a year (0 is the first); `at` is campaign time."""

    programme_id: str
    year: int
    at: Instant
    clock: Clock
    task_queue: str


class SurveyOrder(StoredModel):
    """Bring the survey that a city handed in for a year into the stock; `at` is campaign time."""

    programme_id: str
    year: int
    city: str
    digest: str
    at: Instant


class SurveyTakenReport(StoredModel):
    """What a city's survey changed in the stock: sites that joined it, and measured sites before and after.

    `stock` is all that is untreated then.
    """

    year: int
    city: str
    at: Instant
    added: Amount = Amount()
    before: Amount = Amount()
    after: Amount = Amount()
    stock: Amount


class YearStartedReport(StoredModel):
    """The start of a year's campaign: the year's stock (all that is untreated), its target, and the chosen sites.

    `target` is in the programme's measure. `places` are the counties with hectares or chosen sites.
    """

    year: int
    at: Instant
    stock: Amount
    target: Sum
    chosen: Amount
    carried_over: Amount
    places: tuple[PlaceAmounts, ...] = ()


class YearCountedReport(StoredModel):
    """The state of a year's campaign; it is over when its state is `closed` or `stopped`.

    `found` was discovered during the campaign and added to the stock; `places` have only what is closed.
    """

    year: int
    at: Instant
    over: bool
    closed: Amount = Amount()
    carried_over: Amount = Amount()
    found: Amount = Amount()
    places: tuple[PlaceAmounts, ...] = ()


class HandInSurvey(Command):
    """A city's survey of its stock for a year's campaign: `sites` rows that are stored, or none for a `reason`."""

    kind: Literal["hand_in_survey"] = "hand_in_survey"
    campaign: Identifier
    city: Identifier
    sites: int = Field(default=0, ge=0)
    digest: Digest | None = None
    reason: Annotated[str, Field(min_length=1, max_length=500)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.sites and self.digest is None:
            raise ValueError("digest: is missing, expected that of the survey's rows")
        if not self.sites and self.reason is None:
            raise ValueError("reason: is missing, expected why the survey has no row")
        return self


class ProgrammeBegan(Event):
    """The programme was started with this content; `years` are its campaigns' ids."""

    kind: Literal["programme_began"] = "programme_began"
    digest: str
    years: tuple[str, ...]


class SurveyHandedIn(Event):
    """A city handed in its survey of the year; `late` is after its last day, or after the year began."""

    kind: Literal["survey_handed_in"] = "survey_handed_in"
    year: int
    campaign: str
    city: str
    sites: int
    digest: str | None = None
    reason: str | None = None
    late: bool


class SurveyTaken(Event):
    """The stock is as the city's survey says: `added` joined it, measured sites changed from `before` to `after`.

    `stock` is all that is untreated now.
    """

    kind: Literal["survey_taken"] = "survey_taken"
    year: int
    city: str
    added: Amount
    before: Amount
    after: Amount
    stock: Amount


class SurveyOverdue(Event):
    """These cities did not hand in their survey of the year; the `step`th office above them is told.

    The next one is told at `next_due`; None: this is the province, there is no higher one.
    """

    kind: Literal["survey_overdue"] = "survey_overdue"
    year: int
    step: int
    cities: tuple[str, ...]
    due: Instant
    next_due: Instant | None = None


class YearStarted(Event):
    """The campaign of a year was started with the chosen sites; stock and target are the year's own.

    The survey of the cities in `silent` was missing: the stock is there as it was known last.
    """

    kind: Literal["year_started"] = "year_started"
    year: int
    campaign: str
    stock: Amount
    target: Sum
    chosen: Amount
    carried_over: Amount
    places: tuple[PlaceAmounts, ...] = ()
    silent: tuple[str, ...] = ()


class YearClosed(Event):
    """The campaign of a year is over; `treated` is of all years so far, `share` is the year's part of its stock."""

    kind: Literal["year_closed"] = "year_closed"
    year: int
    campaign: str
    closed: Amount
    carried_over: Amount
    found: Amount
    treated: Amount
    left: Amount
    """The stock that is untreated now."""
    share: Sum
    met: bool
    """Whether the year's target was reached."""
    places: tuple[PlaceAmounts, ...] = ()
    """With the year's targets, chosen and closed sites."""


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
    SurveyHandedIn,
    SurveyTaken,
    SurveyOverdue,
    YearStarted,
    YearClosed,
    DocumentIssued,
    ProgrammeStopped,
    ProgrammeEnded,
    CommandRefused,
)
