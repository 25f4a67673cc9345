"""Days and clauses as data; `rules.calendar` computes with them."""

from datetime import date, time
from enum import StrEnum

from pydantic import Field

from schemas.base import InputModel, StoredModel


class DayUnit(StrEnum):
    """Every clause has its own unit: one document mixes both."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class Clause(InputModel):
    """A deadline clause of a plan: a number of days of one unit, counted from the day after its occasion."""

    amount: int = Field(ge=0, le=1000)
    unit: DayUnit


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
