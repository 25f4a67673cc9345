"""Days and clauses as data; `rules.calendar` computes with them."""

import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from operator import not_
from typing import Annotated, Any, Protocol

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from schemas.base import InputModel, StoredModel


class DayUnit(StrEnum):
    """Every clause has its own unit: one document mixes both."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class Clause(InputModel):
    """A deadline clause of a plan: a number of days of one unit, counted from the day after its occasion.

    `name` is its path in the plan. People do not write it: terms are made of the plan with its clauses named
    (`rules.terms.clause_names`), so that every deadline can say which clause it follows from.
    """

    amount: int = Field(ge=0, le=1000)
    unit: DayUnit
    name: str = Field(default="", exclude_if=not_)

    def named_clause(self) -> "NamedClause":
        """What a deadline says of it."""
        return NamedClause(name=self.name, amount=self.amount, unit=self.unit)


class NamedClause(StoredModel):
    """The clause that a deadline follows from: its path in the plan, and its days.

    A deadline that a person set to a day (`extension`) has no number of days. With a `phase` (its id) the days count
    from the beginning of that phase; without days the deadline is the end of the phase.
    """

    name: str
    amount: int | None = Field(default=None, exclude_if=lambda value: value is None)
    unit: DayUnit | None = Field(default=None, exclude_if=lambda value: value is None)
    phase: str | None = Field(default=None, exclude_if=lambda value: value is None)

    def named_clause(self) -> "NamedClause":
        """Itself."""
        return self


class Nameable(Protocol):
    """What a deadline may follow from."""

    def named_clause(self) -> NamedClause:
        """What a deadline says of it."""


ClauseNames = dict[str, NamedClause]
"""Field of a deadline to its clause; it stands as `clauses` beside the deadlines of an event or a state."""

EXTENSION = NamedClause(name="extension")
"""The deadline is a day that an extension granted."""

BY_DAY = NamedClause(name="day")
"""The deadline is a day that a person named: in a call to a department, or in the resolution of a meeting."""


def named(**clauses: Nameable | None) -> ClauseNames:
    """The clauses of these deadlines; one that is None is left out, for a deadline that is not set."""
    return {field: one.named_clause() for field, one in clauses.items() if one is not None}


def clause_data(clauses: Mapping[str, NamedClause], field: str = "due") -> dict[str, Any]:
    """The clause of the deadline `due` as data of a notice; `field` is its name in `clauses`."""
    one = clauses.get(field)
    return {} if one is None else {"clauses": {"due": one.model_dump(mode="json")}}


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
"""The first and last day that a plan or a command may name: every clause from there stays within Python's dates."""


def _written_day(value: Any) -> Any:
    """Pydantic would read a bare number as seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise PydanticCustomError("date_parsing", "expected a date such as 2021-07-17")
    return value


def _within_calendars(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"expected a day from {FIRST_DAY} to {LAST_DAY}")
    return day


CampaignDay = Annotated[date, BeforeValidator(_written_day), AfterValidator(_within_calendars)]
"""A day that people write in a plan, an amendment, a programme or a command."""


class Office(InputModel):
    """When documents may leave: on working days, from `opens` until `closes`, in the campaign's time zone."""

    opens: time = time(9)
    closes: time = time(18)


class Calendar(StoredModel):
    """Working days, resolved once at `check` and frozen into the started plan.

    Saturdays and Sundays are off except `work_days` (make-up working days); other days are on except `off_days`.
    Days after `published_until` are off on weekends only, and provisional (None: no day is provisional).
    """

    time_zone: str
    off_days: frozenset[date] = frozenset()
    work_days: frozenset[date] = frozenset()
    published_until: date | None = None
    office: Office = Office()
